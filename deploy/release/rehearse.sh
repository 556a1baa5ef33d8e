#!/usr/bin/env bash
# Usage: deploy/release/rehearse.sh
# Makes everything of a release for this machine's architecture and tries the archive, over base images made from this machine's programs.
# It publishes nothing. As root; ends with the list of what was made.
set -euo pipefail
[ $# -eq 0 ] || { sed -n 2,4p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
. deploy/lib/bases.sh

work=$(mktemp -d "${TMPDIR:-/tmp}/fathom-rehearsal-XXXXXX")
export BUILDAH="buildah --root $work/containers --runroot $work/run --storage-driver ${STORAGE_DRIVER:-vfs}"
trap '$BUILDAH rm --all >/dev/null 2>&1 || true; $BUILDAH rmi --all --force >/dev/null 2>&1 || true; rm -rf --one-file-system "$work"' EXIT

deploy/release/tarball.sh
deploy/release/try-tarball.sh
make_bases "$work" $BUILDAH
deploy/release/images.sh "${base_options[@]}"
deploy/release/sbom.sh
deploy/release/sums.sh
ls -l "$dist" "$dist/images"
