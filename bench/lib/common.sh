# What every script here begins with: messages, needed programs, ports, and processes that end with the script.

BENCH="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
ROOT="$(dirname "$BENCH")"
STARTED_AT=$SECONDS

say() { printf '%4d s  %s\n' "$((SECONDS - STARTED_AT))" "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

# Sorts by number, whatever the locale writes between whole and part.
export LC_ALL=C

# Each connection takes a file descriptor on either side of a proxy.
ulimit -n "$(ulimit -Hn)"

WORK="$(mktemp -d "${TMPDIR:-/tmp}/fathom-bench.XXXXXX")"
chmod 755 "$WORK" # web servers read it as another user
declare -A GROUP=() # name -> id of its process group, which is the id of its first process

# Starts a program in a process group of its own, so that its workers can be counted and ended with it.
# Should this script be killed outright, the kernel ends the program.
start() { # name command...
  local name=$1
  shift
  setsid setpriv --pdeathsig TERM -- "$@" >"$WORK/$name.log" 2>&1 </dev/null &
  GROUP[$name]=$!
}

stop() { # name
  local group=${GROUP[$1]:-} tries
  [[ -n $group ]] || return 0
  unset "GROUP[$1]"
  kill -TERM -- "-$group" 2>/dev/null || true
  for ((tries = 0; tries < 50; tries++)); do
    kill -0 -- "-$group" 2>/dev/null || break
    sleep 0.1
  done
  kill -KILL -- "-$group" 2>/dev/null || true
  wait "$group" 2>/dev/null || true
}

stop_all() {
  local name
  for name in "${!GROUP[@]}"; do stop "$name"; done
}

finish() {
  trap '' INT TERM
  stop_all
  rm -rf "$WORK"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# A port that nobody listens on, below the range that the kernel hands out to clients.
NEXT_PORT=$((20000 + RANDOM % 8000))
free_port() { # variable
  while (exec 3<>"/dev/tcp/127.0.0.1/$NEXT_PORT") 2>/dev/null; do ((NEXT_PORT += 1)); done
  printf -v "$1" %d "$NEXT_PORT"
  ((NEXT_PORT += 1))
}

# Waits until an address answers 200.
await_answer() { # name url
  local tries
  for ((tries = 0; tries < 300; tries++)); do
    [[ $(curl -s -m 5 -o "$WORK/answer" -w '%{http_code}' "$2") == 200 ]] && return 0
    kill -0 "${GROUP[$1]}" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$WORK/$1.log" >&2
  fail "$1 does not answer at $2"
}
