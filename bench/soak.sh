#!/usr/bin/env bash
# Random faults under load, while a model checks what the gateway promises.
set -euo pipefail

usage() {
  cat <<'END'
bench/soak.sh MINUTES [--seed N]

Runs three gateways, Redis, PostgreSQL, a strict provider and an echoing backend under load (connect flows, token reads
with forced refreshes, disconnects, proxied bodies, WebSockets), injects a random fault every 20 seconds, and checks P1 to P5 of
docs/reliability.md against what each user was told. Prints a verdict with its seed; the exit code is 0 only without violations.

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
verdict=$(mktemp)
trap 'rm -f "$verdict"' EXIT
dotnet build src/Gateway.Tests --configuration Release --nologo -v quiet -clp:ErrorsOnly
code=0
log=$(SOAK_MINUTES=$minutes SOAK_SEED=$seed SOAK_VERDICT=$verdict dotnet src/Gateway.Tests/bin/Release/net10.0/Gateway.Tests.dll -class FathomGateway.Tests.Soak.SoakTests 2>&1) || code=$?
if [[ -s $verdict ]]; then cat "$verdict"; else printf '%s\n' "$log"; fi
exit "$code"
