#!/usr/bin/env bash
# Tries the image on a machine without a container engine: a root file system of .NET's runtime and the published gateway,
# read-only but for its data folder, without a shell, entered as a user that is not root, without privileges.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/try-image.sh [--app FOLDER | --buildah] [--help]

Needs Linux, root, the .NET SDK, and unshare, setpriv and nsenter of util-linux. Ends with 0 when all holds, 1 when something
does not, and 77 when it cannot be tried here.

  --app FOLDER   take the gateway that was published into FOLDER (default: publish it as the Dockerfile does)
  --buildah      let buildah build the Dockerfile over bases made from this machine, and try what comes out
  --help         print this

Everything stands in a folder under ${TMPDIR:-/tmp} that is removed at the end.
USAGE
}

app= buildah=false
while [ $# -gt 0 ]; do
  case $1 in
    --app) if [ $# -lt 2 ]; then echo "--app needs a folder" >&2; exit 2; fi; app=$(realpath -- "$2"); shift ;;
    --buildah) buildah=true ;;
    --help|-h) usage; exit 0 ;;
    *) echo "Unknown option: $1" >&2; usage >&2; exit 2 ;;
  esac
  shift
done

cannot() { echo "not tried: $1"; exit 77; }
[ "$(uname -s)" = Linux ] || cannot 'this is not Linux'
[ "$(id -u)" -eq 0 ] || cannot 'this needs root: mounts and chroot'
for program in dotnet unshare setpriv nsenter ldd curl; do command -v "$program" >/dev/null || cannot "$program is missing"; done
if $buildah; then command -v buildah >/dev/null || cannot 'buildah is missing (on Debian: apt-get install buildah)'; fi
unshare --mount true 2>/dev/null || cannot 'this machine allows no mount namespaces'

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
. deploy/lib/bases.sh
work=$(mktemp -d "${TMPDIR:-/tmp}/fathom-image-XXXXXX")
root=$work/root
gateway_process=
store=(buildah --root "$work/containers" --runroot "$work/run" --storage-driver "${STORAGE_DRIVER:-vfs}")
finish() {
  if [ -n "$gateway_process" ]; then kill -KILL "$gateway_process" 2>/dev/null || true; wait "$gateway_process" 2>/dev/null || true; fi
  if $buildah; then
    "${store[@]}" rm --all >/dev/null 2>&1 || true
    "${store[@]}" rmi --all --force >/dev/null 2>&1 || true
  fi
  rm -rf --one-file-system "$work"
}
trap finish EXIT

ok() { echo "ok: $1"; }
fail() { echo "FAILED: $1" >&2; [ ! -f "$work/log" ] || tail -n 20 "$work/log" >&2; exit 1; }

build_with_buildah() {
  local container
  make_bases "$work" "${store[@]}"
  "${store[@]}" bud "${base_options[@]}" --tag localhost/gateway . >"$work/log" 2>&1 || fail 'buildah builds the Dockerfile'
  "${store[@]}" inspect --type image localhost/gateway >"$work/image.json"
  grep -q '"User": "1654"' "$work/image.json" || fail 'the image names its user'
  grep -q 'DATA_DIR=/data' "$work/image.json" || fail 'the image names its data folder'
  container=$("${store[@]}" from --pull-never localhost/gateway)
  root=$("${store[@]}" mount "$container")
  ok 'buildah builds the Dockerfile'
}

if $buildah; then
  build_with_buildah
else
  if [ -z "$app" ]; then
    app=$work/app
    dotnet publish src/Gateway -c Release --use-current-runtime --self-contained false -p:PublishReadyToRun=true -o "$app" >"$work/log" 2>&1 || fail 'dotnet publish'
  fi
  make_runtime "$root"
  cp -a "$app/." "$root/app/"
  install -d -o 1654 -g 1654 "$root/data"
fi

# What a container engine does around the image. It runs in namespaces of its own: its mounts are gone with it.
enter() {
  cat <<'ENTER'
set -e
root=$1; data=$2; shift 2
mount --bind "$root" "$root"
mount --bind "$data" "$root/data"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 devices "$root/dev"
for device in null zero random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
mount -o remount,ro devices "$root/dev"
mount -o remount,bind,ro "$root"
exec setpriv --no-new-privs unshare --root="$root" --wd=/app --setgid 1654 --setuid 1654 /app/gateway "$@"
ENTER
}

install -d -o 1654 -g 1654 "$work/data"
free_port() { local port; while port=$((15000 + RANDOM % 17000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done; echo "$port"; }
port=$(free_port)
internal=$(free_port)
settings=(DOTNET_DbgEnableMiniDump=0 DOTNET_EnableDiagnostics=0 DATA_DIR=/data EMBEDDED=true PORT="$port" PUBLIC_HOST=127.0.0.1 MANAGEMENT_PORT="$internal"
  FATHOM_CLIENT_ID=try FATHOM_CLIENT_SECRET=try FATHOM_REDIRECT_URI=https://gateway.example/fathom/callback FRONTEND_URL=https://app.example
  JWT_SECRET=a-secret-of-32-bytes-or-more-for-this-try BACKEND_URL=http://127.0.0.1:9)
env -i PATH="$PATH" "${settings[@]}" unshare --mount --pid --fork --kill-child bash -c "$(enter)" enter "$root" "$work/data" >"$work/log" 2>&1 &
gateway_process=$!

for _ in $(seq 240); do
  if curl -fs -o /dev/null "http://127.0.0.1:$internal/health/live"; then break; fi
  kill -0 "$gateway_process" 2>/dev/null || fail 'the gateway starts'
  sleep 0.5
done
curl -fs -o /dev/null "http://127.0.0.1:$internal/health/live" || fail 'the gateway answers /health/live'
inside=$(pgrep -P "$gateway_process")
ok 'it starts and is live'

status() { awk -v name="$1:" '$1 == name { $1 = ""; sub(/^ /, ""); print }' "/proc/$inside/status"; }
[ "$(status Uid)" = '1654 1654 1654 1654' ] || fail "it runs as user 1654, not $(status Uid)"
[ "$(status CapEff)$(status NoNewPrivs)" = 00000000000000001 ] || fail 'it has no capability and can gain none'
[ -z "$(status Groups | tr -d ' ')" ] || fail 'it is in no further group'
ok 'it runs as user 1654 without privileges'

shells=$(find "$root" \( -name sh -o -name bash -o -name dash -o -name busybox \) -print -quit)
[ -z "$shells" ] || fail "there is no shell: $shells"
ok 'there is no shell'

for folder in /app /etc /tmp /usr /dev /; do
  if nsenter --mount="/proc/$inside/ns/mnt" touch "$root$folder/written" 2>/dev/null; then fail "$folder is read-only"; fi
done
ok 'nothing but /data can be written to'
[ -s "$work/data/keys" ] && compgen -G "$work/data/*.db" >/dev/null || fail 'keys and tokens stand in /data'
[ "$(stat -c %a "$work/data/keys")" = 600 ] || fail 'the key file is its own'
ok 'keys and tokens stand in /data'

code() { curl -s -o /dev/null -w '%{http_code}' "$1"; }
[ "$(code "http://127.0.0.1:$port/fathom/connect")" = 401 ] || fail '/fathom/connect asks for a JWT'
[ "$(code "http://127.0.0.1:$port/anything")" = 502 ] || fail 'everything else goes to the backend, which is away here'
ok 'it serves'

health() { env -i PATH="$PATH" MANAGEMENT_PORT="$1" DOTNET_EnableDiagnostics=0 unshare --mount --pid --fork --kill-child bash -c "$(enter)" enter "$root" "$work/data" health; }
health "$internal" || fail 'the health check passes'
if health "$(free_port)" 2>/dev/null; then fail 'the health check fails where nobody answers'; fi
ok 'the health check tells a gateway from none'

kill -TERM "$inside"
code=0
wait "$gateway_process" || code=$?
gateway_process=
[ "$code" -eq 0 ] || fail "asked to stop it ends with 0, not $code"
ok 'asked to stop it ends in good order'
