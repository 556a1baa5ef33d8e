#!/usr/bin/env bash
# Which of two builds, or of two settings of one build, costs less CPU time a request?
set -euo pipefail

usage() {
  cat <<'END'
bench/compare.sh [options] [VAR=value ...] FOLDER [VAR=value ...] FOLDER ...

Runs published gateways (and nginx as the yardstick) in turns under the same load and prints CPU time of each process
per request: every round, and the median over the rounds of the ratios within a round. The first folder is A, the next B.
VAR=value settings belong to the folder that follows them, so one folder with two sets of settings can be compared:

  bench/compare.sh --publish                             publishes the gateway of this working copy to bench/artifacts/gateway
  bench/compare.sh bench/artifacts/gateway /tmp/other
  bench/compare.sh bench/artifacts/gateway DOTNET_TieredPGO=0 bench/artifacts/gateway

  --rounds N         rounds (7)
  --seconds N        load on each contender in each round (4)
  --warmup N         turns of 3 s of load on each before the first round, at most (8); ends earlier when the cost no longer falls
  --connections N    (64)
  --path PATH        /1k (default) or /64k
  --publish          publishes first; with no folder, does only that
END
}

rounds=7 seconds=4 warmup=8 connections=64 path=/1k publishing=
names=()
declare -A folder=() settings=()
pending=""
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --rounds | --seconds | --warmup | --connections | --path)
      (($# > 1)) || { usage >&2; exit 2; }
      printf -v "${1#--}" %s "$2"
      shift ;;
    --publish) publishing=yes ;;
    -*) usage >&2; exit 2 ;;
    [A-Za-z_]*=*) pending+="$1"$'\n' ;;
    *)
      [[ -d $1 ]] || { echo "no such folder: $1" >&2; exit 2; }
      letter=$(printf "\\x$(printf %x $((65 + ${#names[@]})))")
      names+=("$letter")
      folder[$letter]=$(cd "$1" && pwd)
      settings[$letter]=$pending
      pending="" ;;
  esac
  shift
done

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$here/lib/common.sh"
. "$here/lib/needs.sh"
. "$here/lib/publish.sh"
. "$here/lib/proxies.sh"
. "$here/lib/measure.sh"

if [[ -n $publishing ]]; then
  publish_quietly src/Gateway "$ARTIFACTS/gateway"
  say "published to $ARTIFACTS/gateway"
  ((${#names[@]})) || exit 0
fi
((${#names[@]})) || { usage >&2; exit 2; }
need nginx=nginx wrk=wrk curl=curl pgrep=procps

start_static_backend
declare -A port=()
contenders=(nginx "${names[@]}")
for name in "${contenders[@]}"; do
  free_port "port[$name]"
  if [[ $name == nginx ]]; then
    start_nginx "${port[nginx]}" "$BACKEND_PORT"
  else
    mapfile -t variables < <(printf %s "${settings[$name]}")
    start_published "$name" "${folder[$name]}" "${port[$name]}" "$BACKEND_PORT" "${variables[@]}"
    say "$name = ${variables[*]:+${variables[*]} }${folder[$name]}"
  fi
  await_answer "$name" "http://127.0.0.1:${port[$name]}$path"
done
for name in "${contenders[@]}"; do
  say "warming up $name"
  warm_up "$name" "${GROUP[$name]}" "http://127.0.0.1:${port[$name]}$path" "$connections" "$warmup"
done

# One line a measurement: round name cpu requests/s p50 p99 p99.9 errors.
for ((round = 0; round < rounds; round++)); do
  for name in $(rotated "$round" "${contenders[@]}"); do
    figures=$(load "${GROUP[$name]}" "http://127.0.0.1:${port[$name]}$path" "$connections" "$seconds")
    echo "$round $name $figures"
  done
  say "round $((round + 1)) of $rounds"
done >"$WORK/measured"

awk -v names="${contenders[*]}" -v rounds="$rounds" -v what="$path, $connections connections, $seconds s a turn" -f "$here/lib/compare.awk" "$WORK/measured"
