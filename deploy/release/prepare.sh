#!/usr/bin/env bash
# Usage: deploy/release/prepare.sh VERSION REGISTRY
# Writes VERSION (1.2.3), the day's date and REGISTRY (ghcr.io/owner) wherever the repository names a release. It commits nothing.
set -euo pipefail
[ $# -eq 2 ] && [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || { sed -n 2,3p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"

next=$1 registry=${2,,} old=${version//./\\.}
for file in "${naming[@]}"; do
  sed -i -E "s#[a-z0-9.:/_-]+/(fathom-(gateway(-[a-z]+)?|sandbox)):$old#$registry/\1:$next#g
    s#^version=$old\$#version=$next#; s#(fathom-gateway-)$old#\1$next#g
    /registry\.example\.com.? stands for|^No release is published yet/d" "$file"
done
sed -i -E "s#(newName: )[^ ]+/(fathom-gateway)#\1$registry/\2#; s#(newTag: )$old\$#\1$next#" deploy/kubernetes/kustomization.yaml
sed -i "s:<Version>$old</Version>:<Version>$next</Version>:" Directory.Build.props
# The section of what is not released yet becomes that of this version.
sed -i -E "0,/^## [0-9.]+, unreleased\$/s//## $next, $(date -u +%F)/" CHANGELOG.md
echo "This repository names release $next in $registry. Review the changes, commit them, and tag the commit v$next."
