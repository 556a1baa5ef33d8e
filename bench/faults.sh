#!/usr/bin/env bash
# Proxied requests while each partner is away or slow, beside quiet turns of the same run.
set -euo pipefail

usage() {
  cat <<'END'
bench/faults.sh [--rounds N] [--seconds N]

Runs a gateway between real stores and a provider while 20 users a second try to connect, and sends 800 proxied requests a second through
it at a steady pace. Turns with a fault (Redis, PostgreSQL, the provider: killed, silent, slow, behind a black hole, answering 503; 100,000
events that nobody takes) and without alternate. Prints a table with the 99th percentile under each fault and in quiet, first quartiles of
the turns, and how the largest ratio compares with what docs/reliability.md promises.

  --rounds N    how often each fault comes (default 8)
  --seconds N   how long each turn lasts (default 3)
  --help        print this
END
}

rounds=8 seconds=3
while (($#)); do
  case $1 in
    --help | -h) usage; exit 0 ;;
    --rounds | --seconds)
      [[ ${2:-} =~ ^[1-9][0-9]?$ ]] || { echo "$1 needs a number from 1 to 99" >&2; exit 2; }
      declare "${1#--}=$2"; shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

cd "$(dirname "${BASH_SOURCE[0]}")/.."
. bench/lib/long-test.sh
long_test Faults.ProxiedRequests.ProxiedDuringFaultsTests FAULTS_ROUNDS="$rounds" FAULTS_SECONDS="$seconds"
