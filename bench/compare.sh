#!/usr/bin/env bash
# Which of two builds, or of two settings of one build, is the better proxy?
set -euo pipefail

usage() {
  cat <<'USAGE'
bench/compare.sh [options] [VAR=value ...] BUILD [VAR=value ...] BUILD ...

Runs builds of the gateway, and nginx as the yardstick, in turns under the same load. Prints CPU time a request of every
round, then medians over the rounds: CPU time, requests a second and latency under wrk; latency at a constant rate; bytes
allocated a request, connections to the backend, resident memory. Each stands beside its ratio to nginx and to the first
build, taken within a round. Two builds take a few minutes, and more where one is to be published.

A BUILD is a published folder, a working copy (published anew), or a commit (published once, to bench/artifacts).
The first is A, the next B. VAR=value settings belong to the build that follows them.

  bench/compare.sh main .                                what this working copy changes
  bench/compare.sh HEAD~3 HEAD
  bench/compare.sh /tmp/one-copy /tmp/other-copy
  bench/compare.sh . DOTNET_TieredPGO=0 .
  bench/compare.sh . .                                   how far two of the same lie apart on this machine

  --rounds N         rounds (7)
  --seconds N        load by wrk on each contender in each round (3)
  --rate-seconds N   load at a constant rate on each in each round (2); 0 leaves it out, and all that is counted with it
  --warmup N         turns of 3 s of load on each before the first round, at most (8); ends earlier when the cost no longer falls
  --connections N    of wrk (64)
  --path PATH        /1k (default) or /64k
  --publish          publishes this working copy to bench/artifacts/gateway and does nothing else, unless builds are named
USAGE
}

rounds=7 seconds=3 rate_seconds=2 warmup=8 connections=64 path=/1k publishing=
names=()
declare -A build=() settings=()
pending=""
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --rounds | --seconds | --rate-seconds | --warmup | --connections)
      [[ ${2:-} =~ ^[0-9]{1,4}$ ]] || { echo "$1 needs a whole number" >&2; exit 2; }
      option=${1#--}
      printf -v "${option//-/_}" %s "$2"
      shift ;;
    --path)
      [[ ${2:-} == /1k || ${2:-} == /64k ]] || { echo "--path needs /1k or /64k" >&2; exit 2; }
      path=$2
      shift ;;
    --publish) publishing=yes ;;
    -*) usage >&2; exit 2 ;;
    [A-Za-z_]*=*) pending+="$1"$'\n' ;;
    *)
      letter=$(printf "\\x$(printf %x $((65 + ${#names[@]})))")
      names+=("$letter")
      build[$letter]=$1
      settings[$letter]=$pending
      pending="" ;;
  esac
  shift
done
((${#names[@]})) || [[ -n $publishing ]] || { usage >&2; exit 2; }
((rounds > 0 && seconds > 0)) || { echo "there must be a round, and a second of load" >&2; exit 2; }

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for part in common needs publish proxies measure constant-rate; do . "$here/lib/$part.sh"; done

need nginx=nginx wrk=wrk curl=curl pgrep=procps
[[ -z $publishing ]] || published_gateway "$ROOT" >/dev/null
((${#names[@]})) || exit 0
publish_tools
declare -A folder=()
for name in "${names[@]}"; do folder[$name]=$(published_gateway "${build[$name]}"); done

record() { echo "$1 $2 $3 $4" >>"$WORK/measured"; } # contender metric round value

declare -A ERRORS=()
count_errors() { ERRORS[$1]=$((${ERRORS[$1]:-0} + $2)); } # contender errors

record_load() { # name round cpu rps p50 p99 p99.9 errors
  record "$1" cpu "$2" "$3"
  record "$1" rps "$2" "$4"
  record "$1" p50 "$2" "$5"
  record "$1" p99 "$2" "$6"
  record "$1" p999 "$2" "$7"
  count_errors "$1" "$8"
}

start_static_backend
declare -A address=()
contenders=(nginx "${names[@]}")
for name in "${contenders[@]}"; do
  free_port port
  address[$name]="http://127.0.0.1:$port$path"
  if [[ $name == nginx ]]; then
    start_nginx "$port" "$BACKEND_PORT"
  else
    mapfile -t variables < <(printf %s "${settings[$name]}")
    start_published "$name" "${folder[$name]}" "$port" "$BACKEND_PORT" "${variables[@]}"
    say "$name is ${folder[$name]}"
  fi
  await_answer "$name" "${address[$name]}"
done
for name in "${contenders[@]}"; do
  say "warming up $name"
  warm_up "$name" "${GROUP[$name]}" "${address[$name]}" "$connections" "$warmup"
done
what="$path, wrk with $connections connections, $seconds s a turn"
if ((rate_seconds)); then
  rate=$(constant_rate "${address[nginx]}")
  what+="; constant rate of $rate a second, $rate_seconds s a turn"
fi

for ((round = 0; round < rounds; round++)); do
  for name in $(rotated "$round" "${contenders[@]}"); do
    figures=$(load "${GROUP[$name]}" "${address[$name]}" "$connections" "$seconds")
    record_load "$name" "$round" $figures
    ((rate_seconds == 0)) || measure_at_rate "$name" "$round" "${address[$name]}" "$rate" "$rate_seconds"
  done
  say "round $((round + 1)) of $rounds"
done
for name in "${contenders[@]}"; do
  record "$name" memory 0 "$(memory_kb "${GROUP[$name]}" VmRSS)"
  record "$name" errors 0 "${ERRORS[$name]}"
done

for name in "${names[@]}"; do echo "$name = ${settings[$name]//$'\n'/ }${build[$name]}"; done
echo "$what"
"$ARTIFACTS/tools/bench-tools" compare "$WORK/measured" "${contenders[@]}"
