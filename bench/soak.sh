#!/usr/bin/env bash
# Random faults under load, while a model checks what the gateway promises.
set -euo pipefail

usage() {
  cat <<'END'
bench/soak.sh MINUTES [--seed N]

Runs three gateways, Redis, PostgreSQL, a strict provider and a backend under load (connect flows, token reads with forced refreshes,
disconnects by users and backend; proxied over HTTP/1.1 and HTTP/2: whole bodies, upgrades, early answers, cut connections, stray bytes),
injects a random fault every 20 seconds, and checks P1 to P5 of docs/reliability.md against what each user was told, and each proxied answer
against its request. Says what it does meanwhile, and prints a verdict with its seed; the exit code is 0 only without violations. From 15
minutes on, growth of memory and file descriptors is judged too.

  --seed N   the same faults in the same order (default: a random one, printed)
  --help     print this
END
}

minutes="" seed=$((RANDOM * 32768 + RANDOM))
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --seed) [[ ${2:-} =~ ^[0-9]{1,9}$ ]] || { echo "--seed needs a whole number" >&2; exit 2; }; seed=$2; shift ;;
    *) [[ -z $minutes && $1 =~ ^[0-9]+(\.[0-9]+)?$ ]] || { usage >&2; exit 2; }; minutes=$1 ;;
  esac
  shift
done
[[ -n $minutes ]] || { usage >&2; exit 2; }

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. bench/lib/long-test.sh
long_test Soak.SoakTests SOAK_MINUTES="$minutes" SOAK_SEED="$seed"
