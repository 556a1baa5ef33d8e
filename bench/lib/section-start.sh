# Milliseconds from starting the program to the first answer that came through it from the backend, and CPU time until then: with all
# cores, and with a tenth of one, as the smallest instances of hosts have.

measure_start() {
  local name round milliseconds cpu
  start_static_backend
  for name in "${CONTENDERS[@]}"; do
    [[ ! -d $ARTIFACTS/$name ]] || record "$name" size 0 "$(published_kb "$ARTIFACTS/$name")"
  done
  for ((round = 0; round < START_ROUNDS; round++)); do
    time_left start "$START_ENDS" "$round" || break
    for name in $(rotated "$round" "${CONTENDERS[@]}"); do
      read -r milliseconds cpu < <(time_start "$name") || fail "$name did not start"
      record "$name" start "$round" "$milliseconds"
      record "$name" start-cpu "$round" "$cpu"
      ((round < TENTH_ROUNDS)) || continue
      read -r milliseconds cpu < <(within_a_tenth time_start "$name") || continue
      record "$name" start-tenth "$round" "$milliseconds"
    done
    say "start: round $((round + 1)) of $START_ROUNDS"
  done
  stop_all
}

time_start() { # name
  local port
  free_port port
  (
    # The clock runs where the program is started, not here.
    start() { shift; exec "$ARTIFACTS/tools/bench-tools" start "$port" "${IN_GROUP[@]}" "$@"; }
    start_contender "$1" "$port" "$BACKEND_PORT"
  )
}

# What a program is started by to be in a control group; nothing where it is in none.
IN_GROUP=()

# Runs a measurement with the program, and it alone, in a control group of a tenth of a core. Fails where none can be made.
within_a_tenth() { # command...
  local group
  group=$(tenth_of_a_core) || return 1
  # shellcheck disable=SC2016 # for the shell that becomes the program
  IN_GROUP=(sh -c 'echo $$ >"$0/cgroup.procs" && exec "$@"' "$group")
  "$@"
  rmdir "$group" 2>/dev/null || { sleep 1; rmdir "$group"; }
}

# Makes a control group of version 1 or 2, and prints its folder.
tenth_of_a_core() {
  local group
  if [[ -d /sys/fs/cgroup/cpu ]]; then
    group=/sys/fs/cgroup/cpu/fathom-bench.$BASHPID
    mkdir "$group" 2>/dev/null && echo 10000 >"$group/cpu.cfs_quota_us" || return 1
  else
    group=/sys/fs/cgroup/fathom-bench.$BASHPID
    mkdir "$group" 2>/dev/null && echo '10000 100000' >"$group/cpu.max" || return 1
  fi
  echo "$group"
}

# Without symbols and comments, which no image has a use for.
published_kb() { # folder
  find "$1" -type f ! -name '*.pdb' ! -name '*.dbg' ! -name '*.xml' -printf '%s\n' | awk '{ sum += $1 } END { print int(sum / 1024) }'
}
