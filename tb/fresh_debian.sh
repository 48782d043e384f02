#!/usr/bin/env bash
# Tries the checkout on an empty Debian 12, the only way to see a missing package:
#   tb/fresh_debian.sh [command...]     default: ./vctoe run, then ./vctoe doctor
# Needs root and debootstrap. Takes what is committed. KEEP=1 leaves the folder standing.
set -euo pipefail

root=$(readlink -f "$(dirname "$0")/..")
[ "$EUID" = 0 ] || { echo "chroot needs root" >&2; exit 2; }
command -v debootstrap >/dev/null || { echo "install debootstrap" >&2; exit 2; }

fresh=$(mktemp -d "${TMPDIR:-/tmp}/fresh_debian.XXXXXX")
chmod 755 "$fresh"
clean_up() {
  # Never delete through a mount that would not go away.
  if mountpoint -q "$fresh/proc" && ! umount "$fresh/proc" || [ "${KEEP-}" = 1 ]; then
    echo "left standing: $fresh"
  else
    rm -rf --one-file-system "$fresh"
  fi
}
trap clean_up EXIT

# Packages come from where this machine gets them.
sources=$(cat /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list \
  /etc/apt/sources.list 2>/dev/null || true)
mirror=${MIRROR:-$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p
  s/^deb \(\[[^]]*\] \)*\([^ ]*\) bookworm .*/\2/p' <<<"$sources" | sed 1q)}
debootstrap --variant=minbase bookworm "$fresh" "${mirror:-http://deb.debian.org/debian}" \
  >"$fresh.log" 2>&1 || { tail -n 20 "$fresh.log" >&2; exit 1; }
rm -f "$fresh.log"

# The sources and proxies of this machine, in the temporary folder only.
cp -a /etc/apt/sources.list.d/. "$fresh/etc/apt/sources.list.d/"
[ ! -e /etc/apt/sources.list ] || cp -a /etc/apt/sources.list "$fresh/etc/apt/sources.list"
[ ! -s "$fresh/etc/apt/sources.list.d/debian.sources" ] || : >"$fresh/etc/apt/sources.list"
for file in $(grep -rlE 'Acquire|Proxy' /etc/apt/apt.conf.d /etc/apt/apt.conf 2>/dev/null); do
  cp -a "$file" "$fresh/etc/apt/apt.conf.d/"
done
cp -aL /etc/resolv.conf "$fresh/etc/resolv.conf"
cp -a /etc/hosts "$fresh/etc/hosts"
mount -t proc proc "$fresh/proc"

mkdir "$fresh/vctoe"
git -C "$root" archive HEAD | tar -x -C "$fresh/vctoe"

inside() {
  chroot "$fresh" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
    ${http_proxy:+http_proxy="$http_proxy"} ${https_proxy:+https_proxy="$https_proxy"} \
    sh -c 'cd /vctoe && "$@"' sh "$@"
}
# The one thing that the README asks for.
inside apt-get -qq update
inside env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends git \
  >/dev/null 2>&1

if [ $# -gt 0 ]; then
  inside "$@"
else
  inside ./vctoe run
  inside ./vctoe doctor
fi
