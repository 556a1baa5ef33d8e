#!/usr/bin/env bash
# Installs the archive of tarball.sh by the commands of docs/install.md into a clean root file system, starts it as its unit says, and
# asks it.
set -euo pipefail

usage() {
  cat <<'USAGE'
Usage: deploy/release/try-tarball.sh [--root FOLDER] [--help]

Needs Linux, root, and unshare and setpriv of util-linux. Ends with 0 when all holds, 1 when something does not, and 77 when it
cannot be tried here.

  --root FOLDER   install into a copy of this root file system, such as debootstrap makes one. Where it has systemd, systemd-nspawn boots it
                  and systemd starts the service. Without the option: no more than the C library, OpenSSL, and what the commands need
  --help          print this
USAGE
}

given=
while [ $# -gt 0 ]; do
  case $1 in
    --root) if [ $# -lt 2 ]; then usage >&2; exit 64; fi; given=$(realpath -- "$2"); shift ;;
    --help|-h) usage; exit 0 ;;
    *) echo "Unknown option: $1" >&2; usage >&2; exit 64 ;;
  esac
  shift
done

folder=$(dirname -- "$(realpath -- "${BASH_SOURCE[0]}")")
. "$folder/lib.sh"
. "$folder/root.sh"
. "$folder/unit.sh"

cannot() { echo "not tried: $1"; exit 77; }
[ "$(uname -s)" = Linux ] && [ "$(id -u)" -eq 0 ] || cannot 'this needs Linux and root'
for program in unshare setpriv chroot ldd curl openssl; do command -v "$program" >/dev/null || cannot "$program is missing"; done
unshare --mount true 2>/dev/null || cannot 'this machine allows no mount namespaces'
[ -f "$dist/$(tarball).tar.gz" ] || fail "$dist/$(tarball).tar.gz is missing. Remedy: deploy/release/tarball.sh."

work=$(mktemp -d "${TMPDIR:-/tmp}/fathom-release-XXXXXX")
root=$work/root
running=
finish() {
  if [ -n "$running" ]; then kill -KILL "$running" 2>/dev/null || true; wait "$running" 2>/dev/null || true; fi
  rm -rf --one-file-system "$work"
}
trap finish EXIT
ok() { echo "ok: $1"; }
failed() { echo "FAILED: $1" >&2; [ ! -f "$work/log" ] || tail -n 30 "$work/log" >&2; exit 1; }

# 1. The machine: the archive lies in /root, as a download would -------------------------------------------------------
if [ -n "$given" ]; then cp -a "$given" "$root"; else make_root "$root"; fi
if [ -x "$root/usr/bin/dotnet" ]; then failed 'the root file system has .NET, so it proves nothing'; fi
deploy/release/sums.sh
cp "$dist/$(tarball).tar.gz" "$dist/SHA256SUMS" "$root/root/"

# 2. The document: the blocks of its section, but for the download ------------------------------------------------------
document() { # section of docs/install.md
  awk -v heading="## $1" '/^## / { inside = $0 == heading } inside && /^```/ { block = /^```sh/; next } inside && block' docs/install.md |
    sed "s/linux-amd64/linux-$(architecture)/g"
}
free_port() {
  local port
  while port=$((15000 + RANDOM % 17000)); (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
  echo "$port"
}
enter() { env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root chroot "$root" /bin/sh -euc "cd; $1" >>"$work/log" 2>&1; }

[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
[ -c "$root/dev/urandom" ] || mknod -m 666 "$root/dev/urandom" c 1 9
enter "$(document 'Install')" || failed 'the commands under "Install" work'
ok 'the commands under "Install" work'

port=$(free_port) internal=$(free_port)
sed -i -e "s/^PORT=.*/PORT=$port/" -e 's/change-me/try/' "$root/etc/fathom-gateway/settings"
printf 'MANAGEMENT_PORT=%s\nPUBLIC_HOST=127.0.0.1\n' "$internal" >>"$root/etc/fathom-gateway/settings"
for secret in FATHOM_CLIENT_SECRET JWT_SECRET; do openssl rand -hex 32 >"$root/etc/fathom-gateway/secrets/$secret"; done
enter "$(document 'Without Redis and PostgreSQL')" || failed 'the commands under "Without Redis and PostgreSQL" work'
ok 'the commands under "Without Redis and PostgreSQL" work'

# 3. The start -------------------------------------------------------------------------------------------------------
if [ -x "$root/lib/systemd/systemd" ]; then
  command -v systemd-nspawn >/dev/null || cannot 'systemd-nspawn is missing (on Debian: apt-get install systemd-container)'
  systemd-nspawn --quiet --register=no --keep-unit --console=pipe --directory="$root" --boot </dev/null >>"$work/log" 2>&1 &
  running=$!
  inside() {
    nsenter --target "$(pgrep -P "$running")" --mount --pid --uts --ipc --cgroup --root --wd /bin/sh -euc "$1" >>"$work/log" 2>&1
  }
  for _ in $(seq 120); do if inside 'test -S /run/systemd/private'; then break; fi; sleep 0.5; done
  # A machine this bare is "degraded" for reasons of its own, and has started all the same.
  inside 'systemctl is-system-running --wait || true'
  inside "$(document 'Start' | sed "s/127.0.0.1:8081/127.0.0.1:$internal/")" || failed 'the commands under "Start" work'
  ok 'the commands under "Start" work'
else
  start_unit "$root" fathom-gateway.service >>"$work/log" 2>&1 &
  running=$!
fi

live() { curl -fs -o /dev/null "http://127.0.0.1:$internal/health/live"; }
for _ in $(seq 240); do
  if live; then break; fi
  kill -0 "$running" 2>/dev/null || failed 'the gateway starts'
  sleep 0.5
done
live || failed 'the gateway answers /health/live'
ok 'it starts and is live'

# 4. What it is ------------------------------------------------------------------------------------------------------
gateway=
for process in $(pgrep -x gateway); do
  if tr '\0' '\n' <"/proc/$process/environ" 2>/dev/null | grep -qx "PORT=$port"; then gateway=$process; fi
done
[ -n "$gateway" ] || failed 'the process of the gateway is found'
status() { awk -v name="$1:" '$1 == name { print $2 }' "/proc/$gateway/status"; }
[ "$(status Uid)" -ge "$dynamic_user" ] || failed "it runs as a dynamic user, not $(status Uid)"
[ "$(status CapEff)$(status NoNewPrivs)" = 00000000000000001 ] || failed 'it has no capability and can gain none'
ok 'it runs as a user without rights'

others=$(awk '$6 ~ /\.so/ { sub(/.*\//, "", $6); print $6 }' "/proc/$gateway/maps" | sort -u |
  grep -vE '^(ld-linux.*|lib(c|m|dl|pthread|resolv|nss_[a-z]+)\.so\.[0-9]+|lib(ssl|crypto)\.so\.3|libe_sqlite3\.so)$' || true)
[ -z "$others" ] || failed "it uses no library but those of C, OpenSSL and its own SQLite: $others"
ok 'it uses no library but those of C, OpenSSL and its own SQLite'

code() { curl -s -o /dev/null -w '%{http_code}' "$1"; }
[ "$(code "http://127.0.0.1:$port/fathom/connect")" = 401 ] || failed '/fathom/connect asks for a JWT'
[ "$(code "http://127.0.0.1:$port/anything")" = 502 ] || failed 'everything else goes to the backend, which is away here'
[ "$(code "http://127.0.0.1:$internal/connections/42")" = 401 ] || failed 'the routes for the backend want the key that was made'
[ "$(code "http://127.0.0.1:$internal/health/ready")" = 200 ] || failed 'it is ready'
ok 'it serves'

# systemd stops a unit by a signal to its process, and a machine stops systemd.
if [ -x "$root/lib/systemd/systemd" ]; then kill -TERM "$running"; else kill -TERM "$gateway"; fi
for _ in $(seq 120); do kill -0 "$gateway" 2>/dev/null || break; sleep 0.5; done
if kill -0 "$gateway" 2>/dev/null || live; then failed 'asked to stop it ends'; fi
ok 'asked to stop it ends'
