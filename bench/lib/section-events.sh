# What events cost: /fathom/callback of a gateway that writes them beside one that does not, on the same PostgreSQL, Redis and provider;
# and how many one replica delivers in a second.

EVENTS_SECRET="whsec_$(head -c 32 /dev/urandom | base64 -w 0)"

# Users who come back at a time, pause before each in milliseconds, and share of CALLBACKS: in the first load, where cores are to spare,
# in the second, and in the third, which is all that the gateway can do.
SINGLE=(1 20 5) PACED=(4 0 1) BUSY=(64 0 1)

measure_events() {
  local round name postgres_port redis_port partner_port url
  say "events: starting"
  free_port postgres_port
  free_port redis_port
  free_port partner_port
  start_postgres "$postgres_port"
  start redis redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$WORK" --save '' --appendonly no
  start partners "$ARTIFACTS/tools/bench-tools" partners "$partner_port"
  await_answer partners "http://127.0.0.1:$partner_port/ready"
  "$ARTIFACTS/tools/bench-tools" jwts "$JWT_SECRET" "$USERS" >"$WORK/jwts"
  start_static_backend
  url="postgresql://postgres@127.0.0.1:$postgres_port"
  start_gateway_of_callbacks without-events "$url" "$redis_port" "$partner_port"
  start_gateway_of_callbacks with-events "$url" "$redis_port" "$partner_port" \
    EVENTS_URL="http://127.0.0.1:$partner_port/events" EVENTS_SECRET="$EVENTS_SECRET"

  # Round 0 is not recorded: what runs for the first time is compiled.
  for ((round = 0; round <= CALLBACK_ROUNDS; round++)); do
    time_left events "$EVENTS_ENDS" "$((round - 1))" || break
    for name in $(rotated "$round" without-events with-events); do measure_callbacks "$name" "$round" "$partner_port"; done
    say "events: callbacks, round $round of $CALLBACK_ROUNDS"
  done
  for ((round = 0; round < EVENT_ROUNDS; round++)); do measure_deliveries "$round" "$url/with_events" "$partner_port"; done
  stop_all
}

start_gateway_of_callbacks() { # name postgres-url redis-port partner-port [VARIABLE=value...]
  local name=$1 database="$2/${1//-/_}" port
  psql -q "$2/postgres" -c "CREATE DATABASE ${1//-/_}"
  free_port port
  start_published "$name" "$ARTIFACTS/gateway" "$port" "$BACKEND_PORT" REDIS_URL="redis://127.0.0.1:$3" DATABASE_URL="$database" \
    TOKEN_ENCRYPTION_KEYS="bench:$(head -c 32 /dev/urandom | base64 -w 0)" FATHOM_AUTHORIZE_URL="http://127.0.0.1:$4/authorize" \
    FATHOM_TOKEN_URL="http://127.0.0.1:$4/token" FATHOM_TOKEN_BUDGET=0 "${@:5}"
  await_answer "$name" "http://127.0.0.1:$port/1k"
  await_schema "$database"
  PORTS[$name]=$port
}

# New users each time, so that every callback inserts a row. The states are asked for before the clock runs.
measure_callbacks() { # name round partner-port
  local name=$1 round=$2 address="http://127.0.0.1:${PORTS[$1]}" load count skipped=$((3 * $2 * CALLBACKS)) figures
  for load in single paced busy; do
    local -n shape=${load^^}
    count=$((CALLBACKS / shape[2]))
    "$ARTIFACTS/tools/bench-tools" states "$address" "$WORK/jwts" "$skipped" "$count" >"$WORK/states"
    curl -sf -X DELETE "http://127.0.0.1:$3/events"
    figures=$(cost_of "${GROUP[$name]}" timeout 60 "$ARTIFACTS/tools/bench-tools" callbacks "$address" "$WORK/states" \
      "${shape[0]}" "${shape[1]}") || fail "the callbacks of $name did not finish"
    [[ $name == without-events ]] || await_events "$3" "$count"
    ((round == 0)) || record_callbacks "$name" "$load" "$round" $figures
    ((skipped += CALLBACKS))
  done
}

record_callbacks() { # name load round cpu per-second p50 p99 p99.9 errors
  record "$1" "callback-cpu-$2" "$3" "$4"
  record "$1" "callback-rps-$2" "$3" "$5"
  record "$1" "callback-p50-$2" "$3" "$6"
  record "$1" "callback-p99-$2" "$3" "$7"
  (($9 == 0)) || fail "$9 callbacks of $1 did not connect"
}

# Events of a fifth as many users, as changes write them; the gateway finds them by looking.
measure_deliveries() { # round database-url partner-port
  curl -sf -X DELETE "http://127.0.0.1:$3/events"
  psql -q "$2" -c "BEGIN; TRUNCATE fathom_events, fathom_event_queues;
    INSERT INTO fathom_events (suffix, user_id, type, version, created_at)
      SELECT lpad(to_hex(i), 8, '0'), 'user-' || (i % ($EVENTS / 5)), 'connection.reconnected', i, now() FROM generate_series(1, $EVENTS) AS i;
    INSERT INTO fathom_event_queues (user_id, due_at) SELECT DISTINCT user_id, now() FROM fathom_events; COMMIT; ANALYZE fathom_events"
  await_events "$3" "$EVENTS"
  record gateway events "$1" "$(curl -sf "http://127.0.0.1:$3/events" | awk '{ print ($1 - 1) / ($2 / 1e6) }')"
  say "events: deliveries, round $(($1 + 1)) of $EVENT_ROUNDS"
}

# Until the receiver has had so many since it was told to forget.
await_events() { # partner-port count
  local tries seen
  for ((tries = 0; tries < 1200; tries++)); do
    seen=$(curl -sf "http://127.0.0.1:$1/events")
    ((${seen% *} >= $2)) && return 0
    sleep 0.1
  done
  fail "only ${seen% *} of $2 events were delivered"
}
