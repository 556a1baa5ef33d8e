# What the scripts of a release share. They work in the repository's root and write to artifacts/release, which git ignores.
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false

dist=${DIST:-$PWD/artifacts/release}
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' Directory.Build.props)

fail() { echo "$(basename -- "$0"): $1" >&2; exit 1; }
need() { local program; for program; do command -v "$program" >/dev/null || fail "$program is missing"; done; }

# The architecture of this machine, in the words of container platforms, which .NET understands, too.
architecture() {
  case $(uname -m) in x86_64) echo amd64 ;; aarch64) echo arm64 ;; *) fail "no release is made for $(uname -m)" ;; esac
}
tarball() { echo "fathom-gateway-$version-linux-$(architecture)"; }

# Every file gets the time of the commit: the same commit makes the same archive.
commit() { git rev-parse HEAD; }
moment() { git log -1 --format=%ct; }

# The stages of the Dockerfile that are images of a release. Stage `gateway` is the image fathom-gateway.
image_stages() { sed -nE 's/^FROM .* AS (gateway(-[a-z]+)?|sandbox)$/\1/p' Dockerfile; }

# The section of this version in the change log, without its heading.
changes() {
  awk -v heading="## $version," 'index($0, "## ") == 1 { inside = index($0, heading) == 1; next } inside' CHANGELOG.md | sed '/./,$!d'
}

# Files that name images or versions of a release, and what they name.
naming=(README.md docker-compose.yml render.yaml deploy/kubernetes/kustomization.yaml docs/deployment.md docs/install.md)
references() {
  grep -hoE '[a-z0-9.:/_-]+/fathom-(gateway(-[a-z]+)?|sandbox):[0-9][^"` ]*' "${naming[@]}" | sort -u
  awk '$1 == "newName:" { name = $2 } $1 == "newTag:" { print name ":" $2 }' deploy/kubernetes/kustomization.yaml
}
