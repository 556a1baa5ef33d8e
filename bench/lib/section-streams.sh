# One large body down and one up: CPU time, and how far memory grows meanwhile.

measure_streams() {
  local name round bytes=$STREAM_BYTES
  truncate -s "$bytes" "$WORK/body" # takes no room on the disk
  truncate -s 64M "$WORK/small-body"
  start_stream_backend
  for name in "${CONTENDERS[@]}"; do
    free_port "PORTS[$name]"
    start_contender "$name" "${PORTS[$name]}" "$BACKEND_PORT"
    await_answer "$name" "http://127.0.0.1:${PORTS[$name]}/ready"
    stream_down "$name" 67108864 >/dev/null
    stream_up "$name" "$WORK/small-body" 67108864 >/dev/null
  done
  for ((round = 0; round < STREAM_ROUNDS; round++)); do
    time_left streams "$STREAMS_END" "$round" || break
    for name in $(rotated "$round" "${CONTENDERS[@]}"); do
      record_stream "$name" down "$round" $(stream_down "$name" "$bytes")
      record_stream "$name" up "$round" $(stream_up "$name" "$WORK/body" "$bytes")
    done
    say "streams: round $((round + 1)) of $STREAM_ROUNDS"
  done
  stop_all
}

record_stream() { # name direction round cpu growth
  (($# == 5)) || fail "streaming $2 through $1 failed"
  record "$1" "$2-cpu" "$3" "$4"
  record "$1" "$2-growth" "$3" "$5"
}

# Both print: CPU seconds, growth of memory in kB.
stream_down() { # name bytes
  costed "$1" "$2" curl -sS -m 120 -o /dev/null -w '%{size_download}' "http://127.0.0.1:${PORTS[$1]}/down/$2"
}

stream_up() { # name file bytes
  costed "$1" "$3" curl -sS -m 120 -H 'Expect:' -T "$2" "http://127.0.0.1:${PORTS[$1]}/up"
}

# Runs a command that must print the number of bytes that arrived.
costed() { # name bytes command...
  local group=${GROUP[$1]} bytes=$2 before resident arrived after
  shift 2
  forget_peak "$group"
  resident=$(memory_kb "$group" VmRSS)
  before=$(cpu_ticks "$group")
  arrived=$("$@") || return 1
  [[ $arrived == "$bytes" ]] || { echo "${*: -1} answered ${arrived:0:80} instead of $bytes" >&2; return 1; }
  after=$(cpu_ticks "$group")
  awk -v ticks=$((after - before)) -v hz="$TICKS" -v growth=$(($(memory_kb "$group" VmHWM) - resident)) \
    'BEGIN { printf "%.2f %d\n", ticks / hz, growth < 0 ? 0 : growth }'
}
