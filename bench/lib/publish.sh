# Published folders, made once and then only brought up to date. They stand in bench/artifacts, which git ignores.

ARTIFACTS="$BENCH/artifacts"

# The line of the Dockerfile. Change both or neither: what is measured is what is shipped.
publish() { # project output
  dotnet publish "$1" -c Release -a x64 --self-contained false -p:PublishReadyToRun=true -o "$2"
}

# Publishes quietly; on failure what the build said is shown.
publish_quietly() { # project output
  local log="$ARTIFACTS/publish-$(basename "$1").log"
  mkdir -p "$ARTIFACTS"
  say "publishing $(basename "$1")"
  (cd "$ROOT" && publish "$1" "$2") >"$log" 2>&1 || { tail -n 30 "$log" >&2; fail "publishing $1 failed; all that was said is in $log"; }
}

# The Node contender with its packages, beside the published ones.
install_express() {
  [[ -d $ARTIFACTS/express/node_modules/http-proxy-middleware ]] && cmp -s "$BENCH/Express/package.json" "$ARTIFACTS/express/package.json" &&
    cp "$BENCH/Express/server.js" "$ARTIFACTS/express/" && return 0
  say "installing the packages of Express"
  mkdir -p "$ARTIFACTS/express"
  cp "$BENCH/Express/"* "$ARTIFACTS/express/"
  (cd "$ARTIFACTS/express" && npm install --no-audit --no-fund --no-package-lock) >"$ARTIFACTS/npm.log" 2>&1 || { tail -n 20 "$ARTIFACTS/npm.log" >&2; fail "npm install failed"; }
}
