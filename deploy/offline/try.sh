#!/usr/bin/env bash
# What deploy/offline/test.sh does inside the empty root: the README's commands, then serve, ask, upgrade.
set -euo pipefail
cd /media

say() { printf '%-9s %s\n' "$@"; }
ok() { say ok "$*"; }
fail() { say FAILED "$*" >&2; exit 1; }

compiling=()
[ -n "${COMPILE:-}" ] || compiling=(--without-compiling)
# The smallest Debian has no sudo, and whoever runs this is root.
sudo() {
    case "$1" in
    ./install.sh | ./upgrade.sh) "$@" "${compiling[@]}" ;;
    *) "$@" ;;
    esac
}

# Start what the unit of the pages starts, as systemd would, and wait until it answers.
server=
serve() {
    local words n
    read -ra words < <(sed -n 's/^ExecStart=//p' /etc/systemd/system/wurao.service)
    wurao "${words[@]:1}" >/media/serve.log 2>&1 &
    server=$!
    for n in $(seq 120); do
        if /opt/wurao/current/bin/python -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=3)' \
            http://127.0.0.1:8600/readyz 2>/dev/null; then
            ok "the pages of $(basename "$(readlink /opt/wurao/current)") answer after $n s"
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 1
    done
    cat /media/serve.log >&2
    fail "it does not serve"
}

stop() {
    kill "$server"
    wait "$server" || true
}

if (exec 3<>/dev/tcp/1.1.1.1/53) 2>/dev/null; then fail "there is a network here"; fi
ok "no network"
! command -v python3 >/dev/null || fail "there is a Python already: the root is not empty"
ok "no Python, no database, no broker"

# A bundle that somebody changed is refused before anything is installed.
mkdir changed
tar -C changed --strip-components=1 -xf wurao-*.tar
echo >>changed/wurao.env
if changed/install.sh >/dev/null 2>&1; then fail "a changed bundle was installed"; fi
sed -i '$ d' changed/wurao.env
touch changed/wheels/stranger.whl
if changed/install.sh >/dev/null 2>&1; then fail "a bundle with a strange file was installed"; fi
rm changed/wheels/stranger.whl
ok "a changed bundle is refused"

started=$SECONDS
while read -r line; do
    say '$' "$line"
    eval "$line"
done < <(sed 's/  *#.*//' readme.sh)
ok "installed by the README's commands in $((SECONDS - started)) s"
sudo ./install.sh >/dev/null
ok "installed again: nothing to do"

serve
wurao config show --lang en | grep -q /var/lib/wurao || fail "the settings of this machine are not in force"
wurao audit verify --lang en
[ "$(stat -c '%a %U' /var/lib/wurao/keys)" = "700 wurao" ] || fail "others may enter the folder of the keys"
ok "keys are their owner's alone"
stop

sudo ./upgrade.sh >/dev/null
ok "upgraded to the same version: nothing to do"

# The next version: the same program under another name, beside the first one.
cd ../changed
echo "$(cat VERSION)+next" >next && mv next VERSION
find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum >../sums && mv ../sums SHA256SUMS
sudo ./upgrade.sh
serve
stop
ok "upgraded: the next version serves"
./upgrade.sh --back
wurao audit replay --lang en
ok "back at the version before: the books replay without a difference"
ok "offline-test: from an empty Debian 12 to a system that serves, without a network"
