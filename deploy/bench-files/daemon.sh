# Shared by bench-pages and bench-reports: a PostgreSQL and a daemon of their own, a signed-in visitor, and times. Sourced, not run.
deploy/install run
command -v curl >/dev/null || { echo "$0: curl is missing: deploy/install test" >&2; exit 69; }
bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
if [ -n "${SUPPORTMETER:-}" ]; then meter=$SUPPORTMETER; else
    swift build -c release --product supportmeter >&2
    meter=$(swift build -c release --show-bin-path)/supportmeter
fi
work=$(mktemp -d /tmp/supportmeter-bench.XXXXXX)
serving=""
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop_serving() { [ -n "$serving" ] && { kill "$serving" 2>/dev/null || true; wait "$serving" 2>/dev/null || true; }; serving=""; }
finish() {
    stop_serving
    as_postgres "$bin/pg_ctl" -D "$work/data" -m fast stop >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
[ "$(id -u)" = 0 ] && chown postgres "$work"
as_postgres "$bin/initdb" -D "$work/data" -U postgres -E UTF8 --locale=C.UTF-8 >/dev/null 2>&1
cat >> "$work/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$work'
shared_buffers = 1GB
work_mem = 16MB
random_page_cost = 1.1
jit = off
max_wal_size = 8GB
CONF
as_postgres "$bin/pg_ctl" -D "$work/data" -l "$work/log" -w start >/dev/null
export PGHOST=$work PGUSER=postgres
printf '%s' 'a bench password' > "$work/password"

# start DATABASE: the daemon on a free port; its address is in $address.
start() {
    DATABASE_URL="postgresql://postgres@/$1?host=$work" "$meter" serve --listen 127.0.0.1:0 --log-level error > "$work/out" 2> "$work/errors" &
    serving=$!
    for _ in $(seq 300); do
        address=$(sed -n 's/^listening on //p' "$work/out")
        [ -n "$address" ] && return
        kill -0 "$serving" 2>/dev/null || { cat "$work/errors" >&2; exit 1; }
        read -r -t 0.2 < <(:) || true
    done
    echo "$0: the daemon did not start" >&2; exit 1
}

sign_in() {
    rm -f "$work/jar"
    local token
    token=$(curl -s -c "$work/jar" -H 'Accept: text/html' "$address/sign-in" | sed -n 's/.*name="csrf" content="\([^"]*\)".*/\1/p' | head -1)
    curl -s -o /dev/null -b "$work/jar" -c "$work/jar" --data-urlencode "email=bench@example.test" --data-urlencode "password@$work/password" \
        --data-urlencode "csrf=$token" "$address/sign-in"
    [ "$(curl -s -o /dev/null -w '%{http_code}' -b "$work/jar" -H 'Accept: text/html' "$address/account")" = 200 ] || { echo "could not sign in" >&2; exit 1; }
}

# cpu: milliseconds of processors that the daemon and its PostgreSQL have taken so far.
cpu() {
    local ids hertz
    hertz=$(getconf CLK_TCK)
    ids="$serving $(pgrep -P "$(head -1 "$work/data/postmaster.pid")" | tr '\n' ' ')"
    for id in $ids; do cat "/proc/$id/stat" 2>/dev/null || true; done | sed 's/.*) //' | awk -v hertz="$hertz" '{ sum += $12 + $13 } END { print int(sum * 1000 / hertz) }'
}

# page NAME PATH: #n in the path becomes another number of a ticket each time. The first three requests are not counted.
page() {
    local urls=() n before answers
    before=$(cpu)
    for n in $(seq $((times + 3))); do urls+=(-o /dev/null "$address${2//\#n/$((1 + n * 7919 % ${tickets:-1}))}"); done
    answers=$(curl -s -b "$work/jar" -H 'Accept: text/html' -w '%{http_code} %{time_total}\n' "${urls[@]}")
    tail -n +4 <<< "$answers" | sort -k2 -n | awk -v name="$1" -v before="$before" -v after="$(cpu)" -v pages="$((times + 3))" '
        { took[NR] = $2 * 1000; if ($1 != 200) wrong++ }
        END { printf "%-34s %8.1f %8.1f %8.1f %8.1f%s\n", name, took[int(NR / 2) + 1], took[int(NR * 0.95)], took[NR], (after - before) / pages, wrong ? "   " wrong " were not 200" : "" }'
}

# make_shop DATABASE: a migrated database with the shop `bench`; DATABASE_URL names it from then on.
make_shop() {
    createdb "$1"
    export DATABASE_URL="postgresql://postgres@/$1?host=$work"
    "$meter" migrate >/dev/null
    psql -q -v ON_ERROR_STOP=1 -d "$1" >/dev/null <<SQL
INSERT INTO shop (slug, name, currency, time_zone, feed_kind, url, created_at) VALUES ('bench', 'Bench', 'EUR', 'Europe/Ljubljana', 'rest', 'http://127.0.0.1:9', now());
INSERT INTO channel SELECT shop_id, c, now() FROM shop, unnest(ARRAY['email', 'sms', 'video']) c;
INSERT INTO actor (shop_id, kind, label) SELECT shop_id, 'system', 'supportmeter' FROM shop;
SQL
}

# memory FIELD: of the daemon, in kB (proc(5): VmRSS, VmHWM).
memory() { sed -n "s/^$1:[^0-9]*\([0-9]*\).*/\1/p" "/proc/$serving/status"; }

# seconds COMMAND...: how long it takes.
seconds() { local TIMEFORMAT=%R; { time "$@" >/dev/null; } 2>&1 | tail -1; }
