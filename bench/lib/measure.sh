# What a process group costs, read from /proc, and what a load generator saw.

TICKS=$(getconf CLK_TCK)

group_files() { # group file
  local pid
  for pid in $(pgrep -g "$1"); do printf '/proc/%s/%s\n' "$pid" "$2"; done
}

# CPU time of all processes of a group, user and system, in clock ticks. The kernel splits the two by sampling; their sum it knows exactly.
cpu_ticks() { # group
  # shellcheck disable=SC2046 # one file a word
  awk '{ sub(/^.*\) /, ""); sum += $12 + $13 } END { print sum + 0 }' $(group_files "$1" stat)
}

# Resident memory now (VmRSS) or at its highest (VmHWM), in kB, added up over the group.
memory_kb() { # group field
  # shellcheck disable=SC2046 # one file a word
  awk -v field="$2:" '$1 == field { sum += $2 } END { print sum + 0 }' $(group_files "$1" status)
}

# Makes the highest resident memory start again from what is resident now.
forget_peak() { # group
  local file
  for file in $(group_files "$1" clear_refs); do echo 5 >"$file"; done
}

# Loads an address and prints: CPU time a request in µs, requests/s, p50, p99, p99.9 in µs, errors, requests.
# One thread makes the load, so that at least one core is left to what is measured.
load() { # group url connections seconds [script argument...]
  local group=$1 url=$2 connections=$3 seconds=$4
  shift 4
  local script=${1:-$BENCH/lib/wrk-result.lua}
  cost_of "$group" timeout $((seconds + 20)) \
    wrk -t1 -c"$connections" -d"${seconds}s" --timeout 10s -s "$script" "$url" -- "${@:2}" || fail "wrk did not finish: $url"
}

# Runs a load generator that prints RESULT, requests, microseconds and more figures; the first two are set against CPU time.
cost_of() { # group command...
  local group=$1 before after line
  shift
  before=$(cpu_ticks "$group")
  line=$("$@" | grep '^RESULT ') || return 1
  after=$(cpu_ticks "$group")
  awk -v ticks=$((after - before)) -v hz="$TICKS" '{
    printf "%.2f %.0f", $2 ? ticks / hz * 1e6 / $2 : 0, $3 ? $2 / ($3 / 1e6) : 0
    for (i = 4; i <= NF; i++) printf " %d", $i
    printf " %d\n", $2
  }' <<<"$line"
}

# Loads in turns of three seconds until a request costs no less than in the turn before. A runtime that compiles its hot code anew
# while it runs needs some turns, and its second is often dearer than its first; a compiled program needs only its connections made.
warm_up() { # name group url connections most-turns
  local turn cost before=0 least=4
  [[ $1 == nginx || $1 == haproxy || $1 == caddy ]] && least=1
  for ((turn = 1; turn <= $5; turn++)); do
    cost=$(load "$2" "$3" "$4" 3)
    cost=${cost%% *}
    ((turn >= least)) && { ((least == 1)) || settled "$before" "$cost"; } && return
    before=$cost
  done
}

settled() { # before now
  awk -v before="$1" -v now="$2" 'BEGIN { exit !(now > 0.95 * before && now < 1.05 * before) }'
}

# An order for a round: each comes first in turn, and follows each of the others as often as it precedes it, for every other round
# goes backwards. What one leaves behind, in caches or in the kernel, so burdens all alike.
rotated() { # round item...
  local by=$1 order
  shift
  order=("${@:by % $# + 1}" "${@:1:by % $#}")
  if ((by % 2)); then printf '%s\n' "${order[@]}" | tac; else printf '%s\n' "${order[@]}"; fi
}
