-- wrk: POST /usages/batch with 1,000 spends over all tickets.
local channels = {"email", "sms", "video"}
local token = os.getenv("TOKEN")
local count, thread = 0, 0
local started = os.time()
function setup(t) thread = thread + 1; t:set("id", thread) end
function init() math.randomseed(started * 1000 + id) end
function request()
    count = count + 1
    local items = {}
    for i = 1, 1000 do
        items[i] = string.format('{"ticket":%d,"channel":"%s","quantity":1,"key":"%d-%d-%d-%d"}', math.random(1, 100000), channels[math.random(1, 3)],
            started, id, count, i)
    end
    local headers = {["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json"}
    return wrk.format("POST", "/api/v1/usages/batch", headers, '{"usages":[' .. table.concat(items, ",") .. "]}")
end
