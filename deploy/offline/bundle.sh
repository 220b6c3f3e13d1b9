#!/usr/bin/env bash
# Make the bundle that installs without a network (make offline-bundle): the program's wheel, the wheels
# of deploy/requirements-runtime.lock checked by hash, Debian 12's packages for Python and a font, units,
# scripts, and SHA256SUMS over all of it.
#   deploy/offline/bundle.sh [amd64|arm64] [FOLDER]     default: this machine's, build/offline
# A bundle for another processor is made here just as well: apt gets lists of its own for it, and what
# was fetched is read file by file (deploy/check/bundle.py), because it cannot be started here.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
arch=${1:-$(dpkg --print-architecture)}
out=$(realpath -m "${2:-build/offline}")
case "$arch" in
amd64) processor=x86_64 ;;
arm64) processor=aarch64 ;;
*)
    echo "bundle: amd64 or arm64, not $arch" >&2
    exit 2
    ;;
esac

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml | head -n 1)
name=wurao-$version-$arch
bundle=$out/$name
python=$root/.venv/bin/python
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || echo 0)
export SOURCE_DATE_EPOCH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rm -rf "$bundle"
mkdir -p "$bundle/wheels" "$bundle/debs" "$bundle/systemd"

platforms=()
for glibc in 2_17 2_24 2_26 2_27 2_28 2_31 2_34 2_35 2_36; do # Debian 12 has glibc 2.36
    platforms+=(--platform "manylinux_${glibc}_$processor")
done
platforms+=(--platform "manylinux2014_$processor" --platform "linux_$processor")

echo "bundle: wheels for $arch"
# A lock for all Pythons and processors; --no-deps, because it names everything there is to name. What has no
# wheel for arm64 is built from its locked source without C, which its makers foresee.
unbuilt=()
[ "$arch" != arm64 ] || unbuilt=(faust-streaming)
entry() { awk -v n="$1==" '/^[a-z0-9]/ { on = index($0, n) == 1 } on { print }' deploy/requirements-runtime.lock; }
cp deploy/requirements-runtime.lock "$bundle/requirements.lock"
cp "$bundle/requirements.lock" "$scratch/wheels.lock"
for package in "${unbuilt[@]}"; do
    entry "$package" >"$scratch/$package.lock"
    awk -v n="$package==" '/^[a-z0-9]/ { on = index($0, n) != 1 } on || /^#/ { print }' "$scratch/wheels.lock" >"$scratch/rest"
    mv "$scratch/rest" "$scratch/wheels.lock"
    "$python" -m pip --disable-pip-version-check download --quiet --dest "$scratch/source" --no-deps \
        --no-binary "$package" --require-hashes -r "$scratch/$package.lock"
    NO_CYTHON=1 CC=/bin/false "$python" -m pip --disable-pip-version-check wheel --quiet --no-deps \
        --wheel-dir "$scratch/built" "$scratch/source"/*
    built=("$scratch/built"/*-none-any.whl)
    # The bundle's lock names this wheel, too; SHA256SUMS stands over both.
    sum=$(sha256sum "${built[0]}" | cut -d' ' -f1)
    sed -i "/^$package==/a\\    --hash=sha256:$sum \\\\" "$bundle/requirements.lock"
    mv "${built[@]}" "$bundle/wheels/"
    rm -rf "$scratch/source" "$scratch/built"
done
"$python" -m pip --disable-pip-version-check download --quiet --dest "$bundle/wheels" --no-deps \
    --only-binary :all: --require-hashes -r "$scratch/wheels.lock" \
    --implementation cp --python-version 3.11 --abi cp311 --abi abi3 --abi none "${platforms[@]}"
"$python" -m hatchling build -t wheel -d "$bundle/wheels" >/dev/null 2>&1

echo "bundle: Debian's packages for $arch"
# Against an empty list of installed packages apt names all that is needed; what every Debian has
# (priority required) stays out.
: >"$scratch/status"
apt=(-qq -o Debug::NoLocking=true -o APT::Sandbox::User=root -o APT::Architecture="$arch")
if [ "$arch" != "$(dpkg --print-architecture)" ]; then
    mkdir -p "$scratch/lists/partial" "$scratch/cache/archives/partial"
    apt+=(-o APT::Architectures::="$arch" -o Dir::State::lists="$scratch/lists" -o Dir::Cache="$scratch/cache"
        -o Dir::State::status="$scratch/status")
    apt-get "${apt[@]}" update
fi
mapfile -t wanted < <(
    apt-get "${apt[@]}" --simulate -o Dir::State::status="$scratch/status" -o APT::Install-Recommends=false \
        install python3-venv fonts-wqy-microhei | sed -n 's/^Inst \([^ :]*\).*/\1/p' | sort -u
)
[ ${#wanted[@]} -gt 0 ] || {
    echo "bundle: apt knows no packages for $arch; run apt-get update" >&2
    exit 1
}
mapfile -t needed < <(
    apt-cache "${apt[@]}" show --no-all-versions "${wanted[@]/%/:$arch}" |
        awk -v arch="$arch" '/^Package: /{ name = $2 } /^Priority: /{ if ($2 != "required") print name ":" arch }' |
        sort -u
)
(cd "$bundle/debs" && apt-get "${apt[@]}" download "${needed[@]}")

cp deploy/offline/{install.sh,upgrade.sh,steps.sh,wurao,wurao.env} "$bundle/"
cp deploy/offline/systemd/* "$bundle/systemd/"
cp docs/how-to/install-offline.md docs/reference/configuration.md docs/reference/cli.md "$bundle/"
echo "$version" >"$bundle/VERSION"
echo "$arch" >"$bundle/ARCHITECTURE"
"$python" -m deploy.check.bundle "$bundle"
(cd "$bundle" && find . -type f -print0 | sort -z | xargs -0 sha256sum) >"$scratch/sums"
mv "$scratch/sums" "$bundle/SHA256SUMS"
chmod 644 "$bundle/SHA256SUMS"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" \
    -C "$out" -cf "$out/$name.tar" "$name"
(cd "$out" && sha256sum "$name.tar" >"$name.tar.sha256")
echo "bundle: $out/$name.tar, $(du -m "$out/$name.tar" | cut -f1) MB, $(wc -l <"$bundle/SHA256SUMS") files"
