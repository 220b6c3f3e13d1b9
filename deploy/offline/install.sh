#!/usr/bin/env bash
# Install Wurao from this folder on Debian 12, as root, without a network. Safe to repeat.
#   ./install.sh                       everything, and start it
#   ./install.sh --without-compiling   the first plan compiles the planner instead (some two minutes)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=steps.sh
source "$here/steps.sh"

compile=yes
case "${1:-}" in
"") ;;
--without-compiling) compile=no ;;
*)
    sed -n 's/^# \{0,1\}//; 2,4p' "${BASH_SOURCE[0]}" >&2
    exit 2
    ;;
esac

must_be_root
version=$(cat "$here/VERSION")
check_bundle "$here"
check_machine "$here"
mkdir -p "$PREFIX/releases"
system_packages "$here"
if ! id wurao >/dev/null 2>&1; then
    useradd --system --user-group --home-dir "$STATE" --no-create-home --shell /usr/sbin/nologin wurao
fi
install -d -o wurao -g wurao -m 0700 "$STATE" "$CACHE"
install -d -o root -g wurao -m 0750 /etc/wurao
[ -e /etc/wurao/wurao.env ] || install -o root -g wurao -m 0640 "$here/wurao.env" /etc/wurao/wurao.env
release "$here" "$version"
[ "$compile" = no ] || compile_planner "$version"
switch_to "$version"
command_here "$here"
units "$here"
if has_systemd; then
    systemctl enable --quiet wurao.target wurao.service
    systemctl start wurao.target wurao.service
    serves || fail "未能启动 / it does not serve: journalctl -u wurao"
else
    say "本机没有运行 systemd, 请自行启动 / no systemd runs here; start it yourself: wurao serve"
fi
say "已安装 / installed: $version"
