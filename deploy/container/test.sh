#!/usr/bin/env bash
# Build the image where no container engine runs (make image-test): by buildah in a chroot, on Debian's own Python in
# the place of the base that the Dockerfile names; twice, and hold the two against each other. Then run in it, without
# a network, what an installation runs first. Needs root and the way to the registries that a build needs.
#   deploy/container/test.sh [FOLDER]      default: build/image; what is there of the base is used again
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
folder=$(realpath -m "${1:-build/image}")
base=localhost/python:3.11.2-bookworm
[ "$(id -u)" -eq 0 ] || { echo "image-test: run this as root" >&2; exit 1; }
deploy/apt.sh image

mkdir -p "$folder"
scratch=$(mktemp -d)
trap 'rm -rf --one-file-system "$scratch"' EXIT
ours() { buildah --root "$folder/store" --runroot "$scratch/run" --storage-driver vfs "$@"; }

if ! ours inspect --type image "$base" >/dev/null 2>&1; then
    debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates bookworm "$scratch/root" \
        >"$folder/debootstrap.log"
    ln -s python3 "$scratch/root/usr/bin/python"
    tar -C "$scratch/root" --exclude=./dev --exclude=./proc --exclude=./sys -cf "$scratch/base.tar" .
    container=$(ours from scratch)
    ours add --quiet "$container" "$scratch/base.tar" /
    ours commit --quiet "$container" "$base" >/dev/null
    ours rm "$container" >/dev/null
fi

# What is committed, so that nobody's half-written file gets in between the two builds.
mkdir "$scratch/source"
git archive HEAD | tar -x -C "$scratch/source"
epoch=$(git log -1 --format=%ct)
for each in one two; do
    # How this machine gets to the registries is its own affair: its authorities and apt's settings are lent.
    ours bud --isolation chroot --format docker --no-cache --timestamp "$epoch" -f "$scratch/source/deploy/Dockerfile" \
        --build-arg PYTHON="$base" --build-arg SOURCE_DATE_EPOCH="$epoch" -t "wurao:$each" \
        --volume /etc/ssl/certs:/etc/ssl/certs:ro --volume /etc/apt/apt.conf.d:/etc/apt/apt.conf.d:ro \
        "$scratch/source" >"$folder/build-$each.log" 2>&1 || { tail -n 20 "$folder/build-$each.log" >&2; exit 1; }
    ours inspect --type image --format '{{.OCIv1.RootFS.DiffIDs}} {{.OCIv1.Config}}' "wurao:$each" >"$folder/layers-$each"
done
cmp "$folder/layers-one" "$folder/layers-two"

container=$(ours from --pull-never wurao:two)
place=$(ours mount "$container")
echo "image-test: two builds, the same layers; $(du -sm "$place/opt" | cut -f1) MB of ours in $(du -sm "$place" | cut -f1) MB"
in_it() {
    unshare --net bash -c 'ip link set lo up; exec "$@"' - buildah --root "$folder/store" --runroot "$scratch/run" \
        --storage-driver vfs run --isolation chroot "$container" -- "$@"
}
[ "$(in_it id -u)" = 10001 ]
if in_it touch /opt/wurao/mine 2>/dev/null; then exit 1; fi
in_it wurao --version
in_it wurao config show --json >/dev/null
in_it python -m portal.plans.warming >/dev/null
# Everything there is, from the embedded database to the printed report.
in_it wurao demo --once --data /tmp/demo --json >"$folder/demo.json"
ours rm "$container" >/dev/null
echo "image-test: a county's December in the image: ok"
