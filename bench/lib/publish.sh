# Published folders, made once and then only brought up to date. They stand in bench/artifacts, which git ignores.

ARTIFACTS="$BENCH/artifacts"

# Build servers would outlive the script.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The lines of the Dockerfile. Change both or neither: what is measured is what is shipped.
publish() { # project output
  dotnet publish "$1" -c Release -a x64 --self-contained false -p:PublishReadyToRun=true -o "$2"
}

# Compiled in a folder of its own: what a build for the runtime needs is not the same.
publish_native() { # project output [option...]
  dotnet publish "$1" -c Release -a x64 -p:PublishAot=true --artifacts-path "$ARTIFACTS/native" -o "$2" "${@:3}"
}

# By the name of the folder.
publish_as_named() { # project output
  case $2 in
    *-native) publish_native "$1" "$2" ;;
    *-native-v3) publish_native "$1" "$2" -p:IlcInstructionSet=x86-64-v3 ;;
    *) publish "$1" "$2" ;;
  esac
}

# Publishes quietly; on failure what the build said is shown.
publish_quietly() { # project output [root]
  local log="$ARTIFACTS/publish-$(basename "$2").log"
  mkdir -p "$ARTIFACTS"
  say "publishing $(basename "$2")"
  (cd "${3:-$ROOT}" && publish_as_named "$1" "$2") >"$log" 2>&1 ||
    { tail -n 30 "$log" >&2; fail "publishing $1 failed; all that was said is in $log"; }
}

# Only where a source is younger than what was published.
publish_tools() {
  local program="$ARTIFACTS/tools/bench-tools"
  [[ -x $program && -z $(find "$BENCH/Tools" -maxdepth 1 -type f -newer "$program.dll") ]] || publish_quietly bench/Tools "$ARTIFACTS/tools"
}

# The program of a published folder: one for the runtime has its configuration beside it, a native one is called gateway.
published_program() { # folder
  local config
  if config=$(compgen -G "$1/*.runtimeconfig.json" | head -n 1); then
    echo "${config%.runtimeconfig.json}"
  else
    [[ -x $1/gateway ]] && echo "$1/gateway"
  fi
}

# Finds or makes the published gateway that a word names: a published folder, a working copy (published anew each time), or a commit
# (published once). Prints the folder.
published_gateway() { # word
  local commit folder
  if published_program "$1" >/dev/null; then
    (cd "$1" && pwd)
  elif [[ -f $1/src/Gateway/Gateway.csproj ]]; then
    local root
    root=$(cd "$1" && pwd)
    folder="$ARTIFACTS/gateway"
    [[ $root == "$ROOT" ]] || folder+="-$(basename "$root")"
    publish_quietly src/Gateway "$folder" "$root"
    echo "$folder"
  elif [[ ! -e $1 ]] && commit=$(git -C "$ROOT" rev-parse --verify --quiet "$1^{commit}"); then
    folder="$ARTIFACTS/gateway-${commit:0:12}"
    if [[ ! -d $folder ]]; then
      say "commit $1 is ${commit:0:12}"
      mkdir -p "$WORK/source-$commit"
      git -C "$ROOT" archive "$commit" | tar -x -C "$WORK/source-$commit"
      publish_quietly src/Gateway "$WORK/gateway-$commit" "$WORK/source-$commit"
      mv "$WORK/gateway-$commit" "$folder" # whole or not at all
    fi
    echo "$folder"
  else
    fail "neither a published folder nor a working copy nor a commit: $1"
  fi
}

# The Node contender with its packages, beside the published ones.
install_express() {
  [[ -d $ARTIFACTS/express/node_modules/http-proxy-middleware ]] &&
    cmp -s "$BENCH/Express/package.json" "$ARTIFACTS/express/package.json" &&
    cp "$BENCH/Express/server.js" "$ARTIFACTS/express/" && return 0
  say "installing the packages of Express"
  mkdir -p "$ARTIFACTS/express"
  cp "$BENCH/Express/"* "$ARTIFACTS/express/"
  (cd "$ARTIFACTS/express" && npm install --no-audit --no-fund --no-package-lock) >"$ARTIFACTS/npm.log" 2>&1 ||
    { tail -n 20 "$ARTIFACTS/npm.log" >&2; fail "npm install failed"; }
}
