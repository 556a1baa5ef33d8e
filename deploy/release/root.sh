# A root file system with no more than the C library, OpenSSL, and the programs that the commands of docs/install.md are made of.

programs=(bash cat chmod cp env gzip install mkdir openssl rm sed sha256sum tar)

make_root() { # folder
  local program file
  mkdir -p "$1"/{dev,etc/ssl,proc,root,run,tmp,usr/bin,usr/lib,usr/sbin,var/lib}
  for file in bin sbin lib lib64; do
    if [ -L "/$file" ]; then mkdir -p "$1/usr/$file"; ln -s "usr/$file" "$1/$file"; else mkdir -p "$1/$file"; fi
  done
  for program in "${programs[@]}"; do cp -L "$(command -v "$program")" "$1/usr/bin/"; done
  ln -s bash "$1/usr/bin/sh"
  # What the programs are linked to, and what is only opened when it is needed: OpenSSL and the name services.
  {
    ldd "$1"/usr/bin/* | awk '/=> \// { print $3 } /^\t\/lib/ { print $1 }'
    ldconfig -p | grep -E 'x86-64|AArch64' |
      awk '/(libssl\.so\.3|libcrypto\.so\.3|libm\.so\.6|libnss_dns\.so\.2|libnss_files\.so\.2|libresolv\.so\.2) / { print $NF }'
  } | sort -u | while read -r file; do mkdir -p "$1$(dirname -- "$file")"; cp -L "$file" "$1$file"; done
  printf 'root:x:0:0::/root:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\n' >"$1/etc/group"
  printf '127.0.0.1 localhost\n' >"$1/etc/hosts"
  printf 'hosts: files dns\n' >"$1/etc/nsswitch.conf"
  if [ -d /etc/ssl/certs ]; then cp -rL /etc/ssl/certs "$1/etc/ssl/"; fi
}
