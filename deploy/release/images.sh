#!/usr/bin/env bash
# Usage: deploy/release/images.sh [OPTION-OF-BUILDAH…]
# Builds the images for this machine's architecture and writes each into an archive. BUILDAH is the command with options of its own.
set -euo pipefail
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
read -ra buildah <<<"${BUILDAH:-buildah}"
need "${buildah[0]}" git

mkdir -p "$dist/images"
for stage in $(image_stages); do
  # OCI's own format has no health check.
  "${buildah[@]}" bud --target "$stage" --format docker --timestamp "$(moment)" --build-arg COMMIT="$(commit)" \
    --label org.opencontainers.image.title="fathom-$stage" --label org.opencontainers.image.version="$version" \
    --label org.opencontainers.image.revision="$(commit)" --label org.opencontainers.image.licenses=MIT \
    "$@" --tag "localhost/fathom-$stage:$version" .
  archive=$dist/images/fathom-$stage-$(architecture).tar
  rm -f "$archive"
  "${buildah[@]}" push "localhost/fathom-$stage:$version" "docker-archive:$archive:localhost/fathom-$stage:$version"
  echo "$archive: $(stat -c %s "$archive") bytes"
done
