#!/usr/bin/env bash
# Upgrade Wurao from this folder, as root, without a network. The version before stays beside it; where
# the new one does not serve, the old one is put back. Make a backup first: tables may change.
#   ./upgrade.sh
#   ./upgrade.sh --without-compiling   the first plan compiles the planner instead (some two minutes)
#   ./upgrade.sh --back                to the version before, where its tables still fit
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=steps.sh
source "$here/steps.sh"

restart() {
    if has_systemd; then
        systemctl restart wurao.target wurao.service
        serves
    fi
}

must_be_root
[ -L "$PREFIX/current" ] || fail "尚未安装, 请运行 install.sh / nothing is installed: run install.sh"
before=$(basename "$(readlink "$PREFIX/current")")

if [ "${1:-}" = --back ]; then
    [ -e "$PREFIX/before" ] || fail "没有上一版本 / there is no version before"
    back=$(cat "$PREFIX/before")
    [ -e "$PREFIX/releases/$back/.complete" ] || fail "版本 $back 已不在 / version $back is gone"
    switch_to "$back"
    echo "$before" >"$PREFIX/before"
    restart || fail "版本 $back 未能启动 / version $back does not serve: wurao doctor"
    say "已退回 / back at: $back"
    exit 0
fi

version=$(cat "$here/VERSION")
check_bundle "$here"
check_machine "$here"
system_packages "$here"
release "$here" "$version"
[ "$version" = "$before" ] || [ "${1:-}" = --without-compiling ] || compile_planner "$version"
switch_to "$version"
command_here "$here"
units "$here"
if ! restart; then
    switch_to "$before"
    restart || true
    fail "新版本未能启动, 已退回 $before / the new version does not serve; $before is back"
fi
[ "$version" = "$before" ] || echo "$before" >"$PREFIX/before"
say "已升级 / upgraded: $before -> $version"
