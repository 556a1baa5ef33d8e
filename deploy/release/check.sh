#!/usr/bin/env bash
# Usage: deploy/release/check.sh TAG REGISTRY
# Ends with 0 when the repository can be released as TAG (v1.2.3) with images in REGISTRY (ghcr.io/owner), else says what is wrong.
set -euo pipefail
[ $# -eq 2 ] || { sed -n 2,3p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

# The name of an image has no capitals.
tag=$1 registry=${2,,} faults=0
wrong() { echo "$1" >&2; faults=1; }

[ "$tag" = "v$version" ] || wrong "The tag is $tag, Directory.Build.props says $version. Remedy: deploy/release/prepare.sh."
grep -qE "^## ${version//./\\.}, [0-9]{4}-[0-9]{2}-[0-9]{2}$" CHANGELOG.md ||
  wrong "CHANGELOG.md has no section '## $version, <date>'. Remedy: deploy/release/prepare.sh."
[ -n "$(changes)" ] || wrong "CHANGELOG.md says nothing about $version."
while read -r reference; do
  [[ $reference == "$registry"/fathom-*:"$version" ]] ||
    wrong "$reference is named; this release is $registry/…:$version. Remedy: deploy/release/prepare.sh."
done < <(references)

[ "$faults" -eq 0 ] || exit 1
echo "ready to release $version"
