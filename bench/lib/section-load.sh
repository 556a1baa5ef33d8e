# Small and middling answers at one, some and many connections; memory before and after. The cells with 64 connections, which decide
# most, have a turn in every round, the others in every second.

# After load: the gateway returns memory in the second ten seconds without work.
QUIET_SECONDS=25

measure_load() {
  local name round connections size cell figures url
  start_static_backend
  for name in "${CONTENDERS[@]}"; do
    free_port "PORTS[$name]"
    start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
    await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/1k"
  done
  sleep 5
  for name in "${CONTENDERS[@]}"; do record "$name" memory-idle 0 "$(memory_kb "${GROUP[$name]}" VmRSS)"; done

  for name in "${CONTENDERS[@]}"; do
    say "load: warming up $name"
    url="http://127.0.0.1:${PORTS[$name]}"
    warm_up "$name" "${GROUP[$name]}" "$url/1k" 64 "$WARMUP_TURNS"
    load "${GROUP[$name]}" "$url/64k" 64 2 >/dev/null
  done

  for ((round = 0; round < ROUNDS; round++)); do
    time_left load "$LOAD_ENDS" "$round" || break
    for size in 1k 64k; do
      for connections in "${CONNECTIONS[@]}"; do
        ((connections == 64 || round % 2 == 0)) || continue
        cell="$connections-$size"
        for name in $(rotated "$round" "${CONTENDERS[@]}"); do
          figures=$(load "${GROUP[$name]}" "http://127.0.0.1:${PORTS[$name]}/$size" "$connections" "$LOAD_SECONDS")
          record_load "$name" "$round" "$cell" $figures
        done
      done
    done
    say "load: round $((round + 1)) of $ROUNDS"
  done
  for name in "${CONTENDERS[@]}"; do
    record "$name" memory-loaded 0 "$(memory_kb "${GROUP[$name]}" VmRSS)"
  done
  sleep "$QUIET_SECONDS"
  for name in "${CONTENDERS[@]}"; do
    record "$name" memory-quiet 0 "$(memory_kb "${GROUP[$name]}" VmRSS)"
  done
  stop_all
}

record_load() { # name round cell cpu rps p50 p99 p99.9 errors
  record "$1" "cpu-$3" "$2" "$4"
  record "$1" "rps-$3" "$2" "$5"
  record "$1" "p50-$3" "$2" "$6"
  record "$1" "p99-$3" "$2" "$7"
  record "$1" "p999-$3" "$2" "$8"
  count_errors "$1" "$9"
}
