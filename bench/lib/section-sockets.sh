# What an idle WebSocket costs in memory: each contender started anew, alone, warmed up, then filled.

measure_sockets() {
  local name round count=$SOCKETS room=$((($(ulimit -n) - 1000) / 2))
  if ((count > room)); then
    say "sockets: $room instead of $count, for want of file descriptors (ulimit -n)"
    count=$room
  fi
  for ((round = 0; round < SOCKET_ROUNDS; round++)); do
    for name in $(rotated "$round" "${CONTENDERS[@]}"); do
      start_stream_backend
      free_port "PORTS[$name]"
      start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
      await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/ready"
      load "${GROUP[$name]}" "http://127.0.0.1:${PORTS[$name]}/ready" 64 2 >/dev/null
      fill_with_sockets "$name" "$round" "$count"
      stop_all
    done
    say "sockets: round $((round + 1)) of $SOCKET_ROUNDS"
  done
}

fill_with_sockets() { # name round count
  local before after said opened
  before=$(memory_kb "${GROUP[$1]}" VmRSS)
  coproc CLIENT { exec timeout 120 "$ARTIFACTS/tools/bench-tools" sockets "${PORTS[$1]}" "$3" 2>"$WORK/sockets.log"; }
  read -r -t 110 said opened <&"${CLIENT[0]}" || fail "the WebSockets through $1 were not opened in time"
  sleep 3
  after=$(memory_kb "${GROUP[$1]}" VmRSS)
  exec {CLIENT[1]}>&-
  wait "$CLIENT_PID" || true
  ((opened > 0)) || { tail -n 5 "$WORK/sockets.log" >&2; fail "no WebSocket through $1 was $said"; }
  record "$1" sockets-open "$2" "$opened"
  record "$1" sockets-memory "$2" "$(awk -v kb=$((after - before)) -v count="$opened" 'BEGIN { printf "%.2f", kb / count }')"
}
