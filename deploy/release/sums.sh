#!/usr/bin/env bash
# Usage: deploy/release/sums.sh
# Writes the checksums of what a release offers.
set -euo pipefail
[ $# -eq 0 ] || { sed -n 2,3p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

cd "$dist"
shopt -s nullglob
offered=(*.tar.gz *.cdx.json image*.txt)
sha256sum -- "${offered[@]}" >SHA256SUMS
