#!/usr/bin/env bash
# The one test command: gets what is missing, builds, checks the format, tests.
# Its very last line is always "N passed, N failed".
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: ./test.sh [--fast | --all] [--native] [--filter TEXT] [--fuzz MINUTES] [--help]

Installs what is missing (redis-server, postgresql, pgbouncer, libfaketime, chromium, nodejs, npm, nginx, python3, curl,
bsdutils) where it can, and what some tests try more with (docker-compose, haproxy, kubectl, promtool, buildah,
systemd-analyze, php), then builds, runs all tests and checks the format. The last line is "N passed, N failed"; the exit code
is 0 only when something passed and nothing failed. A step that fails before the tests counts as one failure. Before that line it says which
classes took longest, how often a test had to ask again, and how long the run took, with the part before the tests. Where
CI=true is set, a skipped test fails unless .ci/skipped-tests lists it.

  --fast          leave out the tests marked [Trait("Speed", "Slow")] (browser, soak, npm, and whole processes that are started
                  many times), the analyzers of the build and the look-up of advisories
  --all           run also the tests marked [Trait("Speed", "Exhaustive")], as continuous integration does: one of them takes minutes
                  of both cores (images, crowds, every scene in a browser, the soak)
  --native        run the whole suite, then publish the native gateway and run on that file the suites that are about a
                  gateway as a whole; both are counted. Needs clang and zlib's headers, and more time
  --filter TEXT   run only the tests whose full name contains TEXT: _F1 also runs those of F10 to F19
  --fuzz MINUTES  run only the fuzzer, which is part of every whole run for one minute, for so many minutes: random and
                  mutated states, queries, JWTs, token answers and raw bytes. It tells its seed, and an input that breaks
                  a promise as base64, made as short as it can; FUZZ_SEED=N begins with that seed again
  --help          print this

TEST_REDIS, TEST_POSTGRES   connection URLs of servers to use in place of own ones for the shared stores
CHROMIUM                    the browser's executable
GATEWAY                     a published gateway, such as bench/artifacts/gateway-native/gateway: gateways under test are
                            processes of that file
UPDATE_IMAGES=1             renew the pictures in docs/images: UPDATE_IMAGES=1 ./test.sh --filter ShowInBrowser
                            (otherwise only one that is missing is put there; all go to artifacts/screenshots)
USAGE
}

# Release, because that is what ships: optimised code is the code whose timing and races matter.
configuration=Release
fast=false
all=false
native=false
filter=
fuzz=
while [ $# -gt 0 ]; do
  case $1 in
    --fast) fast=true ;;
    --all) all=true ;;
    --native) native=true ;;
    --filter) if [ $# -lt 2 ]; then echo "--filter needs a text" >&2; exit 2; fi; filter=$2; shift ;;
    --filter=*) filter=${1#--filter=} ;;
    --fuzz) if [ $# -lt 2 ]; then echo "--fuzz needs a number of minutes" >&2; exit 2; fi; fuzz=$2; shift ;;
    --fuzz=*) fuzz=${1#--fuzz=} ;;
    --help|-h) usage; exit 0 ;;
    *) echo "Unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

if $fast && $all; then echo "--fast and --all exclude each other" >&2; exit 2; fi

hang=15
verbosity=minimal
if [ -n "$fuzz" ]; then
  if ! [[ $fuzz =~ ^[1-9][0-9]{0,4}$ ]]; then echo "--fuzz needs a whole number of minutes, such as 10" >&2; exit 2; fi
  export FUZZ_MINUTES=$fuzz
  fast=false filter=Gateway.Tests.Fuzz. hang=$((fuzz + 15)) verbosity=detailed
fi

cd -- "$(dirname -- "${BASH_SOURCE[0]}")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
# Build servers would outlive this script and hold its files.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

bold= red= plain=
if [ -t 1 ]; then bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'; fi

passed=0
failed=0
step='the start'
policy_installed=
format=
analyzers=
advisories=
built=
finish() {
  local code=$?
  for job in $format $analyzers $advisories; do kill "$job" 2>/dev/null || true; done
  if [ -n "$policy_installed" ]; then $sudo rm -f /usr/sbin/policy-rc.d; fi
  if [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
    failed=1
    echo "${red}Failed: $step.${plain}"
  fi
  if [ "$failed" -gt 0 ] && [ "$code" -eq 0 ]; then code=1; fi
  if [ -n "$built" ]; then
    echo "time: $SECONDS s ($built s until the tests began)"
  fi
  echo "$passed passed, $failed failed"
  exit "$code"
}
trap finish EXIT

begin() { step=$1; echo "${bold}== $1${plain} (${SECONDS} s)"; }

# 1. The programs that the tests run ------------------------------------------------------------------------------
begin 'programs'
missing=()
has() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null 2>&1; }
has redis-server || missing+=(redis-server)
compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || has postgres || missing+=(postgresql)
has pgbouncer || missing+=(pgbouncer)
compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null || missing+=(libfaketime)
[ -x "${CHROMIUM:-}" ] || has chromium || has chromium-browser || has google-chrome || missing+=(chromium)
has node || missing+=(nodejs)
has npm || missing+=(npm)
# Backends and clients that the proxy is tried with.
has nginx || missing+=(nginx)
has python3 || missing+=(python3)
has curl || missing+=(curl)
has script || missing+=(bsdutils)

sudo=
if [ "$(id -u)" -ne 0 ]; then sudo='sudo -n'; fi
# Those that a few tests need, with the packages that have them. Where one cannot be had, its tests are skipped.
# docker-compose is written for a Python that came with distutils; newer ones have it from setuptools.
wished=()
has docker-compose || wished+=(docker-compose python3-setuptools)
has haproxy || wished+=(haproxy)
has kubectl || wished+=(kubernetes-client)
has promtool || wished+=(prometheus)
has buildah || wished+=(buildah)
has systemd-analyze || wished+=(systemd)
has php || wished+=(php-cli)
if $native; then
  has clang || missing+=(clang)
  [ -e /usr/include/zlib.h ] || missing+=(zlib1g-dev)
fi

can_install() { has apt-get && $sudo true 2>/dev/null; }
apt_install() { $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"; }
if [ ${#missing[@]} -gt 0 ] && ! can_install; then
  echo "Missing: ${missing[*]}. Install them (on Debian: apt-get install ${missing[*]}) and run this again."
  exit 1
fi
if [ $((${#missing[@]} + ${#wished[@]})) -gt 0 ] && can_install; then
  # Debian starts the services that it installs; the tests start servers of their own. A policy that is there already is the
  # machine's own choice.
  if [ ! -e /usr/sbin/policy-rc.d ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee /usr/sbin/policy-rc.d >/dev/null
    policy_installed=yes
    $sudo chmod 755 /usr/sbin/policy-rc.d
  fi
  echo "Installing ${missing[*]} ${wished[*]}"
  $sudo apt-get update -q || [ ${#missing[@]} -eq 0 ]
  # All at once is quickest; one that is unavailable must not prevent the others.
  if ! apt_install "${missing[@]}" "${wished[@]}"; then
    if [ ${#missing[@]} -gt 0 ]; then apt_install "${missing[@]}"; fi
    for package in "${wished[@]}"; do apt_install "$package" || echo "Without $package: what needs it is skipped"; done
  fi
fi

if ! has dotnet; then
  echo "Missing: the .NET SDK. global.json names the version: $(tr -d '\n' < global.json)"
  exit 1
fi
# In this folder dotnet obeys global.json, and says itself which version it lacks.
sdk=$(dotnet --version)
echo ".NET SDK $sdk"

# 2. Packages -----------------------------------------------------------------------------------------------------
begin 'restore'
rm -rf TestResults
mkdir TestResults
# A registry that is filled on demand can lack a package at first and have it up to half an hour later.
for pause in 5 15 30 60 120 240 480 900 ''; do
  if dotnet restore -v quiet >TestResults/restore.log 2>&1; then break; fi
  grep -E 'error' TestResults/restore.log | sort -u | head -n 5 || tail -n 5 TestResults/restore.log
  if [ -z "$pause" ]; then exit 1; fi
  echo "Trying again in $pause s"
  sleep "$pause"
  dotnet nuget locals http-cache --clear >/dev/null
done
# Advisories about packages are shown, and do not stop the tests: they come out on days on which nothing has changed here.
grep -oE 'warning NU190[0-9]: [^[]*' TestResults/restore.log | sort -u || true

# 3. Build ------------------------------------------------------------------------------------------------------
begin 'build'
dotnet build --no-restore --configuration "$configuration" --nologo -v quiet -clp:ErrorsOnly -p:RunAnalyzers=false

# 4. Tests --------------------------------------------------------------------------------------------------------
begin 'tests'
built=$SECONDS
wanted=()
if $fast; then wanted+=('Speed!=Slow'); fi
# A test that is named is meant, however long it takes.
if ! $all && [ -z "$filter" ]; then wanted+=('Speed!=Exhaustive'); fi
# The filter has a language of its own; a text is meant as it stands.
if [ -n "$filter" ]; then wanted+=("FullyQualifiedName~$(sed 's/[\\()&|=!~]/\\&/g' <<<"$filter")"); fi
arguments=()
if [ ${#wanted[@]} -gt 0 ]; then arguments=(--filter "$(IFS='&'; echo "${wanted[*]}")"); fi

code=0
# A test that hangs is named and ended, in place of the run being ended by someone's patience.
run_tests() { # name of the results, argument...
  TEST_RETRIES=$PWD/TestResults/$1-retries.txt \
    dotnet test --no-build --configuration "$configuration" --nologo --results-directory TestResults \
    --logger "trx;LogFileName=$1.trx" --logger "console;verbosity=$verbosity" \
    --blame-hang-timeout ${hang}m --blame-hang-dump-type none "${@:2}" || code=$?
  if [ -f "TestResults/$1.trx" ]; then
    count "TestResults/$1.trx"
    report "$1"
  fi
}

# A skipped test proves nothing: where CI=true is set, it fails, unless it is listed.
report() { # name of the results
  if ! .ci/report TestResults "$1" && [ "${CI:-}" = true ]; then
    echo "${red}Failed: a test was skipped for a reason that is not expected where CI=true.${plain}"
    failed=$((failed + 1))
  fi
}

count() { # results
  local failing skipped
  counter() { grep -o '<Counters [^>]*' "$results" | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9'; }
  local results=$1
  failing=$(($(counter failed) + $(counter error) + $(counter timeout) + $(counter aborted)))
  skipped=$(($(counter total) - $(counter executed)))
  passed=$((passed + $(counter passed)))
  failed=$((failed + failing))
  if [ "$skipped" -gt 0 ]; then echo "$skipped skipped"; fi
  if [ "$failing" -gt 0 ]; then
    echo "${bold}== failed tests${plain}"
    awk -v red="$red" -v plain="$plain" '
      function decoded(text) {
        gsub(/&lt;/, "<", text); gsub(/&gt;/, ">", text); gsub(/&quot;/, "\"", text); gsub(/&#x[DA];/, "", text); gsub(/&amp;/, "\\&", text)
        return text
      }
      /<UnitTestResult / { failing = /outcome="Failed"/ }
      /<UnitTestResult / && failing { name = $0; sub(/.* testName="/, "", name); sub(/".*/, "", name); print red decoded(name) plain }
      failing && /<Message>/ { inside = 1; sub(/.*<Message>/, "") }
      inside { last = sub(/<\/Message>.*/, ""); print "    " decoded($0); if (last) inside = 0 }
    ' "$results"
  fi
}

run_tests tests ${arguments[@]+"${arguments[@]}"}
# What else looks at the code, after the tests, whose timing it would disturb. The analyzers, which also hold the style, take most of a
# build: they have one of their own, in a configuration of its own because the tests use the files of the other.
begin 'format, analyzers, advisories'
dotnet format whitespace --verify-no-changes --no-restore >TestResults/format.log 2>&1 &
format=$!
if ! $fast; then
  .ci/advisories >TestResults/advisories.log 2>&1 &
  advisories=$!
  dotnet build --no-restore --configuration Debug --nologo -v quiet -clp:ErrorsOnly >TestResults/analyzers.log 2>&1 &
  analyzers=$!
fi
# Waits for one of them; a failure counts as one.
also() {
  local what=$1 job=$2 remedy=$3
  if [ -z "$job" ]; then return; fi
  if wait "$job"; then
    if [ "$what" = advisories ]; then cat TestResults/advisories.log; fi
    return
  fi
  cat "TestResults/$what.log"
  echo "${red}Failed: $what.${plain} $remedy"
  failed=$((failed + 1))
}
also format "$format" 'dotnet format fixes it.'
also analyzers "$analyzers" 'dotnet build --configuration Debug shows it again.'
also advisories "$advisories" 'Raise the version of the package.'
format='' analyzers='' advisories=''

# 5. The same on the native file ------------------------------------------------------------------------------------
if $native; then
  begin 'native build'
  # In a folder of its own: what a build for the runtime needs is not the same.
  dotnet publish src/Gateway --configuration "$configuration" --use-current-runtime -p:PublishAot=true \
    --artifacts-path artifacts/native-build --output artifacts/native >TestResults/native.log 2>&1 ||
    { tail -n 20 TestResults/native.log; exit 1; }
  begin 'tests on the native file'
  suites=$(grep -v '^#' .ci/native-suites | sed 's/.*/FullyQualifiedName~Gateway.Tests.&./' | paste -sd'|')
  # Some look into the gateway's own process: its services, or the exceptions of its start.
  GATEWAY=$PWD/artifacts/native/gateway run_tests native --filter "($suites)&Gateway!=InProcess${wanted[*]:+&$(IFS='&'; echo "${wanted[*]}")}"
fi
if [ -f TestResults/transparency.txt ]; then grep -m 1 '^transparency:' TestResults/transparency.txt || true; fi
if [ "$((passed + failed))" -eq 0 ]; then
  step='the tests: none was run'
  exit 1
fi
exit "$code"
