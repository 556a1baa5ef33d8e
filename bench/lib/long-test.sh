# What scripts share that run one long test of the suite: the build, progress while it runs, the report at its end.

# Prints the report that the test wrote, or all it said where it wrote none. Progress goes to standard error.
# Its exit code is the test's: 0 only where it passed.
long_test() { # class name=value...
  local class=$1 work code=0
  shift
  work=$(mktemp -d)
  trap 'rm -rf "$work"' RETURN
  : >"$work/progress"
  dotnet build src/Gateway.Tests --configuration Release --nologo -v quiet -clp:ErrorsOnly
  env "$@" TEST_REPORT="$work/report" TEST_PROGRESS="$work/progress" \
    dotnet src/Gateway.Tests/bin/Release/net10.0/Gateway.Tests.dll -class "FathomGateway.Tests.$class" >"$work/log" 2>&1 &
  tail --silent --follow --lines=+1 --sleep-interval=0.5 --pid=$! "$work/progress" >&2
  wait $! || code=$?
  if [[ -s $work/report ]]; then cat "$work/report"; else cat "$work/log"; fi
  return "$code"
}
