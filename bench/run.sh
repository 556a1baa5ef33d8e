#!/usr/bin/env bash
# The gateway beside nginx, HAProxy, Caddy, bare YARP and http-proxy-middleware, in one run on one machine.
set -euo pipefail

usage() {
  cat <<'END'
bench/run.sh [--quick] [--rounds N] [--only SECTION] [--contenders NAME,NAME...] [--as-published]

Installs what is missing, publishes the gateway, runs every contender under the same load in turns, and prints a table of
values and of ratios to nginx. The same goes to bench/results/latest.md and latest.svg. All on loopback; all ends with it.

  --quick            a few minutes, at 64 connections only, to see that it works; its figures mean little
  --rounds N         rounds of load (5; quick: 1)
  --only SECTION     load, rate, app, streams, sockets, start, connect, access-token or events; may be given several times
  --as-published     takes what bench/artifacts holds already
  --contenders LIST  out of haproxy,caddy,gateway,bare-yarp,express; nginx always runs, being the yardstick. Beside the shipped
                     build: gateway-jit, gateway-native, gateway-native-v3 (for x86-64-v3)
END
}

sections=() contenders=haproxy,caddy,gateway,bare-yarp,express quick= rounds= as_published=
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --quick) quick=yes ;;
    --as-published) as_published=yes ;;
    --rounds) rounds=${2:?--rounds wants a number}; shift ;;
    --only)
      case ${2:-} in
        load | rate | app | streams | sockets | start | connect | access-token | events) sections+=("$2"); shift ;;
        *) usage >&2; exit 2 ;;
      esac ;;
    --contenders) contenders=${2?--contenders wants a list}; shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
((${#sections[@]})) || sections=(load rate app streams sockets start connect access-token events)

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
for part in common needs publish proxies measure constant-rate facts \
  section-{load,rate,app,streams,sockets,start,connect,access-token,events}; do
  . "$here/lib/$part.sh"
done

# On commit 7e17247, before the section events, all of this took 981 s on two cores. On a slower or busier machine no round but the first
# begins after the second given.
CONNECTIONS=(1 64 256)
ROUNDS=${rounds:-5} LOAD_SECONDS=2 WARMUP_TURNS=8 LOAD_ENDS=480
RATE_ROUNDS=5 RATE_SECONDS=2.5 RATE_WARMUP_TURNS=5 RATE_ENDS=650 RATE=
APP_ROUNDS=3 APP_WARMUP_TURNS=5 APP_ENDS=750
STREAM_ROUNDS=3 STREAM_BYTES=1073741824 STREAMS_END=830
SOCKETS=5000
START_ROUNDS=7 TENTH_ROUNDS=3 START_ENDS=930
CONNECT_ROUNDS=5 CONNECT_WARMUP=20 CONNECT_ENDS=1040 USERS=100000
ACCESS_TOKEN_ROUNDS=5 ACCESS_TOKEN_WARMUP=20 ACCESS_TOKEN_ENDS=1150
CALLBACK_ROUNDS=5 CALLBACKS=2000 EVENT_ROUNDS=3 EVENTS=15000 EVENTS_ENDS=1260
if [[ -n $quick ]]; then
  CONNECTIONS=(64)
  ROUNDS=${rounds:-1} LOAD_SECONDS=1 WARMUP_TURNS=3
  RATE_ROUNDS=1 RATE_SECONDS=1 RATE_WARMUP_TURNS=1
  APP_ROUNDS=1 APP_WARMUP_TURNS=1
  STREAM_ROUNDS=1 STREAM_BYTES=268435456 SOCKETS=500 START_ROUNDS=1 TENTH_ROUNDS=1 CONNECT_ROUNDS=1 CONNECT_WARMUP=3
  ACCESS_TOKEN_ROUNDS=1 ACCESS_TOKEN_WARMUP=3 CALLBACK_ROUNDS=1 CALLBACKS=500 EVENT_ROUNDS=1 EVENTS=5000
fi

LOAD_AT_START=$(cut -d' ' -f1-3 /proc/loadavg)
IFS=, read -r -a CONTENDERS <<<"nginx,$contenders"
declare -A PORTS=()

time_left() { # section second rounds-done
  (($3 == 0 || SECONDS - STARTED_AT <= $2)) || { say "$1: the time is up after $3 rounds"; return 1; }
}

record() { echo "$1 $2 $3 $4" >>"$WORK/measured"; } # contender metric round value

declare -A ERRORS=()
count_errors() { ERRORS[$1]=$((${ERRORS[$1]:-0} + $2)); } # contender errors

need nginx=nginx haproxy=haproxy caddy=caddy wrk=wrk redis-server=redis-server redis-benchmark=redis-tools \
  psql=postgresql-client pgbench=postgresql curl=curl pgrep=procps node=nodejs npm=npm
if [[ -z $as_published ]]; then
  for name in ${contenders//,/ }; do
    case $name in
      gateway*) publish_quietly src/Gateway "$ARTIFACTS/$name" ;;
      bare-yarp) publish_quietly bench/BareYarp "$ARTIFACTS/bare-yarp" ;;
    esac
  done
  publish_tools
  [[ ! " ${sections[*]} " =~ " connect "|" access-token " ]] || publish_quietly bench/BareStore "$ARTIFACTS/bare-store"
  install_express
fi

for section in "${sections[@]}"; do "measure_$section"; done
for name in "${!ERRORS[@]}"; do record "$name" errors 0 "${ERRORS[$name]}"; done

machine_facts >"$WORK/facts.md"
"$ARTIFACTS/tools/bench-tools" report "$WORK/measured" "$BENCH/results" "$WORK/facts.md"
say "written to bench/results/latest.md and latest.svg"
