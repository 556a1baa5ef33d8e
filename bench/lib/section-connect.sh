# /fathom/connect, which writes one record to Redis, beside what Redis does of the same writes by itself over as many connections, and
# beside a bare route of ASP.NET that does the same write.

# The record and its key as the gateway writes them; the benchmark puts 12 random digits where it says so.
RECORD_KEY='fathom:{0123456789__rand_int__}:state:0123456789012345678901234567890__rand_int__'
RECORD='{"user_id":"000000000000000000000000","code_verifier":null}'

measure_connect() {
  local round port bare_port redis_port figures sets ticks
  say "connect: starting"
  free_port redis_port
  free_port port
  "$ARTIFACTS/tools/bench-tools" jwts "$JWT_SECRET" "$USERS" >"$WORK/jwts"
  start redis redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$WORK" --save '' --appendonly no
  start_static_backend
  start_published gateway "$ARTIFACTS/gateway" "$port" "$BACKEND_PORT" REDIS_URL="redis://127.0.0.1:$redis_port"
  await_answer gateway "http://127.0.0.1:$port/1k"
  local address="http://127.0.0.1:$port/fathom/connect" script="$BENCH/lib/wrk-connect.lua"
  start_bare_store bare_port /fathom/connect REDIS="127.0.0.1:$redis_port"
  load "${GROUP[gateway]}" "$address" 64 "$CONNECT_WARMUP" "$script" "$WORK/jwts" 0 >/dev/null
  load "${GROUP[bare-store]}" "http://127.0.0.1:$bare_port/fathom/connect" 64 "$CONNECT_WARMUP" >/dev/null
  for ((round = 0; round < CONNECT_ROUNDS; round++)); do
    time_left connect "$CONNECT_ENDS" "$round" || break
    ticks=$(cpu_ticks "${GROUP[redis]}")
    figures=$(load "${GROUP[gateway]}" "$address" 64 3 "$script" "$WORK/jwts" "$((USERS * (round + 1) / (CONNECT_ROUNDS + 1)))")
    ticks=$(($(cpu_ticks "${GROUP[redis]}") - ticks))
    record_connect "$round" $figures
    record redis connect-cpu "$round" "$(awk -v ticks="$ticks" -v hz="$TICKS" -v requests="${figures##* }" 'BEGIN { print ticks / hz * 1e6 / requests }')"
    redis-cli -p "$redis_port" flushall >/dev/null
    figures=$(load "${GROUP[bare-store]}" "http://127.0.0.1:$bare_port/fathom/connect" 64 3)
    record_bare_store connect "$round" $figures
    redis-cli -p "$redis_port" flushall >/dev/null
    sets=$(timeout 60 redis-benchmark -h 127.0.0.1 -p "$redis_port" -c 64 -n 100000 -r 1000000000 -q SET "$RECORD_KEY" "$RECORD" NX EX 600 |
      tr '\r' '\n' | awk '/requests per second/ { for (i = 2; i <= NF; i++) if ($i == "requests") value = $(i - 1) } END { print value }')
    record redis set "$round" "$sets"
    redis-cli -p "$redis_port" flushall >/dev/null
    say "connect: round $((round + 1)) of $CONNECT_ROUNDS"
  done
  stop_all
}

record_connect() { # round cpu rps p50 p99 p99.9 errors
  record gateway connect "$1" "$3"
  record gateway connect-cpu "$1" "$2"
  record gateway connect-p99 "$1" "$5"
  record gateway connect-errors "$1" "$7"
}

# The baseline of own routes: one call of a store in one route, and nothing else.
start_bare_store() { # name-of-variable path VARIABLE=value...
  free_port "$1"
  start bare-store env PORT="${!1}" "${@:3}" "$ARTIFACTS/bare-store/BareStore"
  await_answer bare-store "http://127.0.0.1:${!1}$2"
}

record_bare_store() { # metric round cpu rps p50 p99 p99.9 errors
  record bare-store "$1" "$2" "$4"
  record bare-store "$1-cpu" "$2" "$3"
  (($8 == 0)) || fail "$8 requests of bare-store failed"
}
