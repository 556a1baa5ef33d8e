# Starts a service as its unit says, where no systemd runs: its files, its environment, its credentials and its state, as a user without
# rights.

# The first of the ids that systemd gives to dynamic users.
dynamic_user=61184

entries() { sed -n "s/^$1=//p" "$unit"; }
resolved() { sed "s:%S:/var/lib:g; s:%d:$credentials:g"; }

start_unit() { # root, name of the unit
  local root=$1 unit=$1/etc/systemd/system/$2 credentials=/run/credentials/$2 line state command folder
  local -a environment=()
  install -d -o "$dynamic_user" -m 700 "$root$credentials"
  for line in $(entries LoadCredential); do
    install -o "$dynamic_user" -m 400 "$root${line#*:}" "$root$credentials/${line%%:*}"
  done
  state=$(entries StateDirectory)
  install -d -o "$dynamic_user" -g "$dynamic_user" -m "$(entries StateDirectoryMode)" "$root/var/lib/$state"
  for line in $(entries Environment | resolved); do environment+=("$line"); done
  while read -r line; do environment+=("$line"); done < <(grep -E '^[A-Z]' "$root$(entries EnvironmentFile)")
  command=$(entries ExecStart)
  folder=$(entries WorkingDirectory)

  exec env -i "${environment[@]}" unshare --mount --pid --fork --kill-child bash -c '
    set -e
    PATH=/usr/sbin:/usr/bin:/sbin:/bin
    root=$1 state=$2 folder=$3 user=$4 command=$5
    mount --bind "$root" "$root"
    mount --bind "$root/var/lib/$state" "$root/var/lib/$state"
    mount -t proc proc "$root/proc"
    mount -t tmpfs -o mode=755 devices "$root/dev"
    for device in null zero random urandom; do touch "$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"; done
    # ProtectSystem=strict
    mount -o remount,bind,ro "$root"
    exec setpriv --no-new-privs unshare --root="$root" --wd="$folder" --setgid "$user" --setuid "$user" $command
  ' start "$root" "$state" "$folder" "$dynamic_user" "$command"
}
