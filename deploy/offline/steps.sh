# shellcheck shell=bash
# Steps that install.sh and upgrade.sh share. Sourced; nothing here reaches a network.

PREFIX=/opt/wurao
STATE=/var/lib/wurao
CACHE=/var/cache/wurao

say() { printf 'wurao: %s\n' "$*"; }

fail() {
    printf 'wurao: %s\n' "$*" >&2
    exit 1
}

must_be_root() { [ "$(id -u)" -eq 0 ] || fail "请用 root 运行 / run this as root"; }

# Every file of the bundle is as it was when the bundle was made, and none has come in.
check_bundle() { # FOLDER
    local strangers
    (cd "$1" && sha256sum --quiet --strict --check SHA256SUMS) ||
        fail "安装包已损坏或被改动 / the bundle is damaged or was changed"
    strangers=$(cd "$1" && comm -13 <(sed 's/^[0-9a-f]\{64\}  //' SHA256SUMS | sort) \
        <(find . -type f ! -name SHA256SUMS | sort))
    [ -z "$strangers" ] || fail "安装包中多出文件 / files that do not belong there: $strangers"
    say "安装包完好 / the bundle is whole: $(wc -l <"$1/SHA256SUMS") files"
}

# The bundle is for this processor.
check_machine() { # FOLDER
    local here
    here=$(dpkg --print-architecture)
    [ "$here" = "$(cat "$1/ARCHITECTURE")" ] ||
        fail "安装包用于 $(cat "$1/ARCHITECTURE"), 本机为 $here / the bundle is for another processor"
}

usable_python() { python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; }

# Print those of some packages' files that this machine lacks or has in an older version.
missing() { # FILES...
    local deb name wanted there
    for deb in "$@"; do
        # shellcheck disable=SC2016 # dpkg fills these in
        read -r name wanted < <(dpkg-deb --show --showformat='${Package} ${Version}\n' "$deb")
        there=$(dpkg-query --show --showformat='${Version}' "$name" 2>/dev/null || true)
        if [ -z "$there" ] || dpkg --compare-versions "$there" lt "$wanted"; then
            printf '%s\n' "$deb"
        fi
    done
}

# Debian's Python and a Chinese font, from the bundle, where they are missing.
system_packages() { # FOLDER
    local debs
    if usable_python && [ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ]; then
        return
    fi
    mapfile -t debs < <(missing "$1"/debs/*.deb)
    say "正在安装系统软件包 / installing system packages: ${#debs[@]}"
    # apt brings them into the right order; it is told of no source, so it asks no network.
    DEBIAN_FRONTEND=noninteractive apt-get install --quiet --yes --no-install-recommends \
        -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=/dev/null -o APT::Sandbox::User=root \
        "${debs[@]}" >"$PREFIX/packages.log" 2>&1 || {
        tail -n 20 "$PREFIX/packages.log" >&2
        fail "系统软件包未能安装 / system packages could not be installed"
    }
    usable_python || fail "需要 Python 3.11 / Python 3.11 is needed"
}

# An environment of its own for each version, so that the one before stays as it was.
release() { # FOLDER VERSION
    local place="$PREFIX/releases/$2"
    if [ -e "$place/.complete" ]; then
        say "版本 $2 已安装 / version $2 is there already"
        return
    fi
    rm -rf "$place"
    python3 -m venv "$place"
    say "正在安装版本 $2 / installing version $2"
    "$place/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-index \
        --find-links "$1/wheels" --require-hashes -r "$1/requirements.lock"
    "$place/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --no-index \
        --no-deps "$1"/wheels/wurao-*.whl
    mkdir -p "$place/share/doc"
    cp "$1"/*.md "$place/share/doc/"
    touch "$place/.complete"
}

compile_planner() { # VERSION
    say "正在编译排程器, 约两分钟 / compiling the planner, some two minutes, once"
    (cd "$STATE" && NUMBA_CACHE_DIR=$CACHE HOME=$STATE setpriv --reuid wurao --regid wurao --clear-groups -- \
        "$PREFIX/releases/$1/bin/python" -m portal.plans.warming)
}

switch_to() { # VERSION
    ln -sfn "releases/$1" "$PREFIX/next"
    mv -T "$PREFIX/next" "$PREFIX/current"
}

# The command with this machine's settings, whoever calls it.
command_here() { # FOLDER
    rm -f /usr/local/bin/wurao
    install -m 0755 "$1/wurao" /usr/local/bin/wurao
}

units() { # FOLDER
    install -m 0644 "$1"/systemd/* /etc/systemd/system/
    ! has_systemd || systemctl daemon-reload
}

has_systemd() { [ -d /run/systemd/system ]; }

# Ask the pages whether they can serve, for two minutes.
serves() {
    local n
    for n in $(seq 120); do
        if "$PREFIX/current/bin/python" -c \
            'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=3)' \
            http://127.0.0.1:8600/readyz 2>/dev/null; then
            say "可以访问 / it serves, after ${n}s: http://127.0.0.1:8600/"
            return 0
        fi
        sleep 1
    done
    return 1
}
