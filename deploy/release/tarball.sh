#!/usr/bin/env bash
# Usage: deploy/release/tarball.sh [FOLDER]
# Makes the archive of the native gateway for this machine's architecture. FOLDER has one that is published already.
set -euo pipefail
[ $# -le 1 ] || { sed -n 2,3p "$0" >&2; exit 64; }
app=${1:+$(realpath -- "$1")}
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need git objdump tar gzip

# The C library of the oldest systems that a release is for: Debian 12, Ubuntu 22.04, Red Hat Enterprise Linux 9.
oldest_glibc=2.34

if [ -z "$app" ]; then
  need dotnet
  app=$dist/app
  dotnet publish src/Gateway -c Release -a "$(architecture)" -p:PublishAot=true --artifacts-path "$dist/build" -o "$app"
fi

name=$(tarball)
stage=$dist/$name
rm -rf "$stage"
mkdir -p "$stage"
install -m 755 "$app/gateway" "$stage/"
install -m 644 "$app/libe_sqlite3.so" "$app/yarp.json" "$stage/"
install -m 644 deploy/systemd/fathom-gateway.service deploy/systemd/settings.example LICENSE CHANGELOG.md docs/install.md "$stage/"

newest=$(objdump -T "$stage/gateway" "$stage/libe_sqlite3.so" | grep -o 'GLIBC_[0-9.]*' | sort -uV | tail -n 1)
[ "$(printf '%s\n' "GLIBC_$oldest_glibc" "$newest" | sort -V | tail -n 1)" = "GLIBC_$oldest_glibc" ] ||
  fail "the native file wants $newest, and the oldest systems have $oldest_glibc. Remedy: build on one of those."

tar --create --directory "$dist" --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$(moment)" "$name" |
  gzip -9n >"$dist/$name.tar.gz"
rm -r "$stage"
echo "$dist/$name.tar.gz: $(stat -c %s "$dist/$name.tar.gz") bytes, wants $newest"
