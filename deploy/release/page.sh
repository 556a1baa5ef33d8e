#!/usr/bin/env bash
# Usage: deploy/release/page.sh TAG
# Makes the release's page on GitHub: the section of CHANGELOG.md, the archives, the bill of materials, the images' digests, and the
# checksums of all.
set -euo pipefail
[ $# -eq 1 ] || { sed -n 2,4p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need gh

deploy/release/sums.sh
changes >"$dist/notes.md"
cd "$dist"
gh release create "$1" --verify-tag --title "$version" --notes-file notes.md -- *.tar.gz *.cdx.json images.txt SHA256SUMS
