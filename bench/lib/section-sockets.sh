# What an idle WebSocket costs in memory: each contender started anew, alone, and filled in two steps. The first fifth pays for code
# and buffers that come into being once; only the growth from there on is counted.

measure_sockets() {
  local name count=$SOCKETS room=$((($(ulimit -n) - 1000) / 2)) NGINX_CONNECTIONS=$(($(ulimit -n) - 100))
  if ((count > room)); then
    say "sockets: $room instead of $count, for want of file descriptors (ulimit -n)"
    count=$room
  fi
  for name in "${CONTENDERS[@]}"; do
    start_stream_backend
    free_port "PORTS[$name]"
    start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
    await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/ready"
    fill_with_sockets "$name" "$count"
    stop_all
    say "sockets: $name"
  done
}

fill_with_sockets() { # name count
  local first all memory_first memory_all
  coproc CLIENT { exec timeout 150 "$ARTIFACTS/tools/bench-tools" sockets "${PORTS[$1]}" "$2" 2>"$WORK/sockets.log"; }
  read -r -t 60 first <&"${CLIENT[0]}" || fail "the first WebSockets through $1 were not opened in time"
  sleep 2
  memory_first=$(memory_kb "${GROUP[$1]}" VmRSS)
  echo >&"${CLIENT[1]}"
  read -r -t 80 all <&"${CLIENT[0]}" || fail "the WebSockets through $1 were not opened in time"
  sleep 2
  memory_all=$(memory_kb "${GROUP[$1]}" VmRSS)
  exec {CLIENT[1]}>&-
  wait "$CLIENT_PID" || true
  ((all > first)) || { tail -n 5 "$WORK/sockets.log" >&2; fail "the WebSockets through $1 did not open"; }
  record "$1" sockets-open 0 "$all"
  record "$1" sockets-memory 0 "$(awk -v kb=$((memory_all - memory_first)) -v count=$((all - first)) 'BEGIN { printf "%.2f", kb / count }')"
}
