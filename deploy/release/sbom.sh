#!/usr/bin/env bash
# Usage: deploy/release/sbom.sh
# Writes what the gateway is made of, as CycloneDX: its packages, and the parts of .NET that the native file has inside.
set -euo pipefail
[ $# -eq 0 ] || { sed -n 2,3p "$0" >&2; exit 64; }
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
need dotnet jq

# Newer versions exist; this one is what scanners read today.
specification=1.6

mkdir -p "$dist"
file=fathom-gateway-$version.cdx.json
# A folder of its own for the tool: what `dotnet tool restore` remembers in the home folder is never renewed, so a packages folder
# that was there once and is gone would leave `dotnet tool run` without the tool.
tools=$PWD/artifacts/tools
tool=$(jq -r .tools.cyclonedx.version .config/dotnet-tools.json)
dotnet tool install cyclonedx --version "$tool" --tool-path "$tools" --allow-downgrade >/dev/null ||
  { echo "The package cyclonedx $tool could not be installed; 'dotnet nuget list source' shows where it is looked for." >&2; exit 69; }
[ -f src/Gateway/obj/project.assets.json ] || dotnet restore src/Gateway >/dev/null
# The tool looks for .NET in the machine's own places, and not on PATH.
export DOTNET_ROOT=${DOTNET_ROOT:-$(dirname -- "$(readlink -f "$(command -v dotnet)")")}
"$tools/dotnet-CycloneDX" src/Gateway/Gateway.csproj --disable-package-restore --output-format Json --spec-version "$specification" \
  --set-name fathom-gateway --set-version "$version" --output "$dist" --filename "$file" >/dev/null

# The tool reads packages alone; the runtime is none.
runtime=$(dotnet msbuild src/Gateway -getProperty:BundledNETCoreAppPackageVersion)
jq --arg runtime "$runtime" '.components += [("Microsoft.NETCore.App", "Microsoft.AspNetCore.App") | {
    type: "framework", "bom-ref": "\(.)@\($runtime)", name: ., version: $runtime, publisher: "Microsoft",
    licenses: [{ license: { id: "MIT" } }], purl: "pkg:nuget/\(.).Runtime.linux-x64@\($runtime)" }]' "$dist/$file" >"$dist/sbom"
mv "$dist/sbom" "$dist/$file"
echo "$dist/$file: $(jq '.components | length' "$dist/$file") components"
