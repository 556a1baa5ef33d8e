# The images that the Dockerfile starts from, made from this machine's own programs: for machines that reach no registry.

# What .NET's chiselled image for native programs holds: the C library, OpenSSL, users, certificates.
make_native_runtime() { # folder
  local file
  mkdir -p "$1"/{app,proc,dev,etc,tmp}
  # What is linked to at the start, and what is only opened when it is needed: OpenSSL, and name services.
  {
    ldd "$(command -v setpriv)" | awk '/=> \// { print $3 } /^\t\/lib/ { print $1 }' | grep -E '/(libc|ld-linux[^/]*)\.so'
    ldconfig -p | grep -E 'x86-64|AArch64' |
      awk '/lib(ssl\.so\.3|crypto\.so\.3|m\.so\.6|nss_dns\.so\.2|nss_files\.so\.2|resolv\.so\.2|z\.so\.1) / { print $NF }'
  } | sort -u | while read -r file; do mkdir -p "$1$(dirname -- "$file")"; cp -L "$file" "$1$file"; done
  printf 'root:x:0:0::/root:/sbin/nologin\napp:x:1654:1654::/home/app:/sbin/nologin\n' >"$1/etc/passwd"
  printf 'root:x:0:\napp:x:1654:\n' >"$1/etc/group"
  printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
  if [ -d /etc/ssl/certs ]; then mkdir -p "$1/etc/ssl"; cp -rL /etc/ssl/certs "$1/etc/ssl/"; fi
}

# The same with .NET's runtime.
make_runtime() { # folder
  local dotnet version file
  make_native_runtime "$1"
  dotnet=$(dirname -- "$(readlink -f "$(command -v dotnet)")")
  mkdir -p "$1"/usr/{bin,share/dotnet/host/fxr,share/dotnet/shared}
  version=$(dotnet --list-runtimes | awk '$1 == "Microsoft.AspNetCore.App" && $2 ~ /^10\./ { last = $2 } END { print last }')
  [ -n "$version" ] || { echo 'the ASP.NET runtime 10 is missing' >&2; return 1; }
  cp -a "$dotnet/dotnet" "$1/usr/share/dotnet/"
  cp -a "$dotnet/host/fxr/$version" "$1/usr/share/dotnet/host/fxr/"
  for file in Microsoft.NETCore.App Microsoft.AspNetCore.App; do
    mkdir "$1/usr/share/dotnet/shared/$file"
    cp -a "$dotnet/shared/$file/$version" "$1/usr/share/dotnet/shared/$file/"
  done
  ln -s /usr/share/dotnet/dotnet "$1/usr/bin/dotnet"
  { find "$1/usr/share/dotnet" -name '*.so' -print0; printf '%s\0' "$dotnet/dotnet"; } | xargs -0 ldd 2>/dev/null |
    awk '/=> \// { print $3 } /^\t\/lib/ { print $1 }' | { grep -v "^$1" || true; } | sort -u |
    while read -r file; do mkdir -p "$1$(dirname -- "$file")"; cp -L "$file" "$1$file"; done
}

# Puts three bases into buildah's store, and into base_options what `buildah bud` wants to build the Dockerfile over them. The stages that
# build run over this machine's own programs, mounted read-only in place of an SDK image.
make_bases() { # folder for work, words of the buildah command...
  local work=$1 folder
  shift
  make_native_runtime "$work/native-runtime"
  make_runtime "$work/runtime-base"
  mkdir -p "$work/sdk"/{tmp,root,proc,dev,sys,var/tmp}
  base_options=(--isolation chroot --pull-never --format docker --env HOME=/root
    --build-arg SDK=localhost/sdk --build-arg RUNTIME=localhost/runtime --build-arg NATIVE_RUNTIME=localhost/native-runtime)
  for folder in usr bin sbin lib lib64 etc; do
    if [ -d "/$folder" ]; then mkdir "$work/sdk/$folder"; base_options+=(--volume "/$folder:/$folder:ro"); fi
  done
  base_options+=(--volume "${NUGET_PACKAGES:-$HOME/.nuget/packages}:/root/.nuget/packages")
  if [ -d "$HOME/.nuget/NuGet" ]; then base_options+=(--volume "$HOME/.nuget/NuGet:/root/.nuget/NuGet:ro"); fi
  printf 'FROM scratch\nCOPY . /\n' >"$work/Base"
  "$@" bud --quiet --isolation chroot --file "$work/Base" --tag localhost/sdk "$work/sdk" >/dev/null
  "$@" bud --quiet --isolation chroot --file "$work/Base" --tag localhost/runtime "$work/runtime-base" >/dev/null
  "$@" bud --quiet --isolation chroot --file "$work/Base" --tag localhost/native-runtime "$work/native-runtime" >/dev/null
}
