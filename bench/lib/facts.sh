# What a reader must know of the machine: never its name.

machine_facts() {
  local rate=– commit
  [[ -z $RATE ]] || rate="$RATE a second, $RATE_PERCENT % of what nginx answered to wrk"
  commit=$(git -C "$ROOT" rev-parse --short HEAD 2>/dev/null || echo unknown)
  git -C "$ROOT" diff --quiet HEAD -- src 2>/dev/null || commit+=", with changes"
  cat <<END
## The machine

| | |
|---|---|
| cores | $(nproc), $(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo) |
| memory | $(awk '/^MemTotal/ { printf "%.0f GB", $2 / 1048576 }' /proc/meminfo) |
| kernel | $(uname -sr | sed 's/-.*//') |
| load average at the start | $LOAD_AT_START |
| rounds of load | $ROUNDS, $LOAD_SECONDS s a turn |
| constant rate | $rate |
| large body | $((STREAM_BYTES / 1048576)) MB |
| nginx | $(nginx -v 2>&1 | sed 's/.*nginx.//') |
| HAProxy | $(haproxy -v | awk 'NR == 1 { print $3 }') |
| Caddy | $(caddy version) |
| .NET runtime | $(dotnet --list-runtimes | awk '/^Microsoft.AspNetCore.App/ { version = $2 } END { print version }') |
| YARP | $(sed -n 's/.*Yarp.ReverseProxy" Version="\([^"]*\)".*/\1/p' "$ROOT/Directory.Packages.props") |
| Node | $(node --version) |
| http-proxy-middleware, Express | $(npm_version http-proxy-middleware), $(npm_version express) |
| Redis | $(redis-server --version | sed -n 's/.* v=\([^ ]*\).*/\1/p') |
| commit | $commit |
END
}

npm_version() { # package
  node -p "require('$ARTIFACTS/express/node_modules/$1/package.json').version" 2>/dev/null || echo –
}
