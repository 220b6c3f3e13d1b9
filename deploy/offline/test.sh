#!/usr/bin/env bash
# Prove that the bundle installs without a network (make offline-test): make Debian 12's smallest root,
# put the archive into it, follow the README's commands, serve, ask, upgrade, go back, all in namespaces
# of its own that have no network.
# Needs root and debootstrap (deploy/apt.sh offline). FRESH=1 makes the root anew.
#   deploy/offline/test.sh [BUNDLE.tar]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
arch=$(dpkg --print-architecture)
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml | head -n 1)
name=wurao-$version-$arch
tar=${1:-build/offline/$name.tar}
base=build/offline/debian-12.tar

[ "$(id -u)" -eq 0 ] || { echo "offline-test: run this as root" >&2; exit 1; }
[ -e "$tar" ] || { echo "offline-test: make the bundle first: make offline-bundle" >&2; exit 1; }
(cd "$(dirname "$tar")" && sha256sum --quiet --check "$(basename "$tar").sha256")

mkdir -p build/offline
if [ "${FRESH:-}" = 1 ] || [ ! -e "$base" ]; then
    deploy/apt.sh offline
    scratch=$(mktemp -d)
    debootstrap --variant=minbase bookworm "$scratch/root" >build/offline/debootstrap.log
    tar -C "$scratch/root" -cf "$base" .
    rm -rf --one-file-system "$scratch"
fi

place=$(mktemp -d)
inside=
# What runs in there ends before its root goes away, also when somebody stops this script.
leave() {
    trap '' TERM INT # a second word to stop must not stop this
    [ -z "$inside" ] || { kill -KILL "$inside" && wait "$inside"; } 2>/dev/null || true
    rm -rf --one-file-system "$place"
}
trap leave EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
chmod 755 "$place"
tar -C "$place" -xf "$base"
cp "$tar" "$tar.sha256" deploy/offline/try.sh "$place/media/"
# The README's commands for the machine without a network, as they stand there.
sed -n '/^    sha256sum -c wurao-/,/^$/ s/^    //p' README.md | sed "s/-amd64/-$arch/" >"$place/media/readme.sh"
grep -q install.sh "$place/media/readme.sh" || { echo "offline-test: the README shows no installation" >&2; exit 1; }
echo "offline-test: Debian $(cat "$place/etc/debian_version"), $(chroot "$place" dpkg-query --show | wc -l) packages, bundle $(basename "$tar")"

# No network, no view of other processes, mounts that vanish at the end.
unshare --net --pid --mount --ipc --uts --fork --kill-child bash -c "
    set -e
    mount --make-rprivate /
    mount -t proc proc '$place/proc'
    mount -t tmpfs tmpfs '$place/dev'
    mkdir '$place/dev/shm' '$place/dev/pts'
    mount -t devpts devpts '$place/dev/pts'
    mount -t tmpfs tmpfs '$place/dev/shm'
    for each in null zero full random urandom tty; do
        touch '$place/dev/'\$each
        mount --bind /dev/\$each '$place/dev/'\$each
    done
    ln -s /proc/self/fd '$place/dev/fd'
    mount -t tmpfs tmpfs '$place/tmp'
    chmod 1777 '$place/tmp' '$place/dev/shm'
    $(command -v ip >/dev/null && echo 'ip link set lo up')
    exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
        COMPILE='${COMPILE:-}' chroot '$place' bash /media/try.sh
" &
inside=$!
wait "$inside"
inside=
