# Load at a constant rate, which does not wait for answers before it asks again; and what each request costs besides time.

# Percent of nginx's rate under wrk: about half of what the slowest contender can sustain.
RATE_PERCENT=25

# The rate at which all are asked: the median of three turns.
constant_rate() { # url-of-nginx
  local turn
  for turn in 1 2 3; do load "${GROUP[nginx]}" "$1" 64 2; done |
    awk -v percent="$RATE_PERCENT" '{ print int($2 * percent / 100) }' | sort -n | sed -n 2p
}

# Prints what `load` prints, with the p99 of the delay of sending before the last figure, the number of requests. Latency counts from when
# a request was due.
load_at_rate() { # group url rate seconds
  cost_of "$1" timeout 60 "$ARTIFACTS/tools/bench-tools" rate "$2" "$3" "$4" 64 || fail "the load at a constant rate did not finish: $2"
}

# Connections that the static backend has accepted so far, this one among them.
backend_connections() { curl -sS -m 5 "http://127.0.0.1:$BACKEND_PORT/status" | awk 'NR == 3 { print $1 }'; }

# Bytes that a gateway has allocated so far, from its own metrics; nothing for those that have none.
allocated_bytes() { # name
  [[ -n ${MANAGEMENT_PORTS[$1]:-} ]] || return 0
  curl -s -m 5 "http://127.0.0.1:${MANAGEMENT_PORTS[$1]}/metrics" |
    awk '/^dotnet_gc_heap_total_allocated_bytes_total/ { printf "%.0f\n", $2 }' || true
}

# One turn of one contender; needs "record name metric round value".
measure_at_rate() { # name round url rate seconds
  local connections allocated figures
  # Connections that were closed while others had their turn are opened anew here.
  load_at_rate "${GROUP[$1]}" "$3" "$4" 0.3 >/dev/null
  connections=$(backend_connections)
  allocated=$(allocated_bytes "$1")
  figures=$(load_at_rate "${GROUP[$1]}" "$3" "$4" "$5")
  connections=$(($(backend_connections) - connections - 1))
  record_rate "$1" "$2" "$4" $figures
  record "$1" backend-connections "$2" "$(share "$connections" "${figures##* }" 1000)"
  [[ -z $allocated ]] || record "$1" allocated "$2" "$(share $(($(allocated_bytes "$1") - allocated)) "${figures##* }" 1)"
}

share() { # amount requests of
  awk -v amount="$1" -v requests="$2" -v of="$3" 'BEGIN { printf "%.3f\n", requests ? amount * of / requests : 0 }'
}

record_rate() { # name round rate cpu rps p50 p99 p99.9 errors late
  record "$1" cpu-rate "$2" "$4"
  record "$1" held "$2" "$(share "$5" "$3" 100)"
  record "$1" p50-rate "$2" "$6"
  record "$1" p99-rate "$2" "$7"
  record "$1" p999-rate "$2" "$8"
  record "$1" late-rate "$2" "${10}"
  count_errors "$1" "$9"
}
