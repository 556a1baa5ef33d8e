# Milliseconds from starting the program to the first answer that came through it from the backend.

measure_start() {
  local name round port milliseconds
  start_static_backend
  for ((round = 0; round < START_ROUNDS; round++)); do
    time_left start "$START_ENDS" "$round" || break
    for name in $(rotated "$round" "${CONTENDERS[@]}"); do
      free_port port
      milliseconds=$(
        # The clock runs where the program is started, not here.
        start() { shift; exec "$ARTIFACTS/tools/bench-tools" start "$port" "$@"; }
        start_contender "$name" "$port" "$BACKEND_PORT"
      ) || fail "$name did not start"
      record "$name" start "$round" "$milliseconds"
    done
    say "start: round $((round + 1)) of $START_ROUNDS"
  done
  stop_all
}
