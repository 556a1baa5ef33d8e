#!/usr/bin/env bash
# Usage: deploy/release/push.sh REGISTRY [OPTION-OF-BUILDAH…]
# Puts the archives of images.sh, of all architectures, into REGISTRY (ghcr.io/owner) and notes down their digests. REGISTRY_USER and
# REGISTRY_PASSWORD log in; without them the registry is one that needs no login, or knows this machine.
set -euo pipefail
[ $# -ge 1 ] || { sed -n 2,4p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
read -ra buildah <<<"${BUILDAH:-buildah}"
need "${buildah[0]}"

registry=${1,,}
shift
if [ -n "${REGISTRY_PASSWORD:-}" ]; then
  "${buildah[@]}" login --username "$REGISTRY_USER" --password-stdin "${registry%%/*}" <<<"$REGISTRY_PASSWORD"
fi
: >"$dist/images.txt"
for stage in $(image_stages); do
  list=localhost/list-$stage:$version
  image=$registry/fathom-$stage:$version
  "${buildah[@]}" manifest rm "$list" >/dev/null 2>&1 || true
  "${buildah[@]}" manifest create "$list" >/dev/null
  for architecture in amd64 arm64; do
    archive=$dist/images/fathom-$stage-$architecture.tar
    [ -f "$archive" ] || fail "$archive is missing"
    "${buildah[@]}" manifest add "$list" "docker-archive:$archive" >/dev/null
    "${buildah[@]}" manifest inspect "$list" | grep -q "\"architecture\": \"$architecture\"" || fail "$archive is of another architecture"
  done
  "${buildah[@]}" manifest push --all --format v2s2 --digestfile "$dist/digest" "$@" "$list" "docker://$image" >/dev/null
  echo "$image@$(cat "$dist/digest")" | tee -a "$dist/images.txt"
done
rm -f "$dist/digest"
