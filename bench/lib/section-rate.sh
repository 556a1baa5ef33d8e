# 1 KB at a constant rate: tail latency that includes each request that came due during a stall. Also what a request allocates, and
# whether connections to the backend are kept. Express takes no part: it cannot hold the rate.

measure_rate() {
  local name round contenders=()
  for name in "${CONTENDERS[@]}"; do
    [[ $name == express ]] || contenders+=("$name")
  done
  start_static_backend
  for name in "${contenders[@]}"; do
    free_port "PORTS[$name]"
    start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
    await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/1k"
    say "rate: warming up $name"
    warm_up "$name" "${GROUP[$name]}" "http://127.0.0.1:${PORTS[$name]}/1k" 64 "$RATE_WARMUP_TURNS"
  done
  RATE=$(constant_rate "http://127.0.0.1:${PORTS[nginx]}/1k")
  say "rate: $RATE a second"
  for ((round = 0; round < RATE_ROUNDS; round++)); do
    time_left rate "$RATE_ENDS" "$round" || break
    for name in $(rotated "$round" "${contenders[@]}"); do
      measure_at_rate "$name" "$round" "http://127.0.0.1:${PORTS[$name]}/1k" "$RATE" "$RATE_SECONDS"
    done
    say "rate: round $((round + 1)) of $RATE_ROUNDS"
  done
  stop_all
}
