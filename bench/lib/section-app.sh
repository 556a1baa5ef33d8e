# The 1 KB answer again, from a backend that is an application with many threads (ASP.NET) instead of nginx. CPU time a request should
# hardly differ; tails do, since the backend now competes for the cores as the real one would on a shared machine.

measure_app() {
  local name round figures
  start_stream_backend
  for name in "${CONTENDERS[@]}"; do
    free_port "PORTS[$name]"
    start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
    await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/1k"
    warm_up "$name" "${GROUP[$name]}" "http://127.0.0.1:${PORTS[$name]}/1k" 64 "$APP_WARMUP_TURNS"
  done
  for ((round = 0; round < APP_ROUNDS; round++)); do
    time_left app "$APP_ENDS" "$round" || break
    for name in $(rotated "$round" "${CONTENDERS[@]}"); do
      figures=$(load "${GROUP[$name]}" "http://127.0.0.1:${PORTS[$name]}/1k" 64 "$LOAD_SECONDS")
      record_load "$name" "$round" 64-app $figures
    done
    say "app: round $((round + 1)) of $APP_ROUNDS"
  done
  stop_all
}
