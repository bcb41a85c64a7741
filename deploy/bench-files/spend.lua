-- wrk: one spend per request, each under a key of its own. SPREAD=1 goes over all tickets, else all go to ticket 50000.
local spread = os.getenv("SPREAD") == "1"
local channels = {"email", "sms", "video"}
local token = os.getenv("TOKEN")
local count, thread = 0, 0
local started = os.time()
function setup(t) thread = thread + 1; t:set("id", thread) end
function init() math.randomseed(started * 1000 + id) end
function request()
    count = count + 1
    local ticket, channel = 50000, "email"
    if spread then ticket, channel = math.random(1, 100000), channels[math.random(1, 3)] end
    local headers = {
        ["Authorization"] = "Bearer " .. token, ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = string.format("%d-%d-%d-%d", started, id, count, math.random(1, 1000000000)),
    }
    return wrk.format("POST", "/api/v1/tickets/" .. ticket .. "/usages", headers, '{"channel":"' .. channel .. '","quantity":1}')
end
