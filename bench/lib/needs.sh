# Programs that the measurements need, from the distribution's own packages.

# Installs packages without letting them start their services.
install_packages() { # package...
  local as_root=() policy=/usr/sbin/policy-rc.d
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "please install: $*"
    as_root=(sudo)
  fi
  command -v apt-get >/dev/null || fail "please install: $*"
  say "installing $*"
  # Debian asks this file before it starts a service of a new package.
  local ours=
  if [[ ! -e $policy ]]; then
    ours=yes
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
  fi
  local status=0
  {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
  } >"$WORK/apt.log" 2>&1 || status=$?
  [[ -z $ours ]] || "${as_root[@]}" rm -f "$policy"
  ((status == 0)) || { tail -n 20 "$WORK/apt.log" >&2; fail "installing failed"; }
}

# Makes sure that programs are there.
need() { # program=package...
  local entry missing=()
  PATH="$PATH:/usr/sbin:/sbin"
  for entry in "$@"; do
    command -v "${entry%%=*}" >/dev/null || missing+=("${entry#*=}")
  done
  ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
  command -v dotnet >/dev/null || fail "please install the .NET SDK named in global.json"
}
