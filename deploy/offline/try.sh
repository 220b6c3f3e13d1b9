#!/usr/bin/env bash
# What deploy/offline/test.sh does inside the empty root: install, serve, ask, upgrade.
set -euo pipefail
bundle=/media/bundle
# shellcheck source=steps.sh
source "$bundle/steps.sh"
PREFIX=/opt/wurao

ok() { printf '%-9s %s\n' "ok" "$*"; }

if (exec 3<>/dev/tcp/1.1.1.1/53) 2>/dev/null; then fail "there is a network here"; fi
ok "no network"
! command -v python3 >/dev/null || fail "there is a Python already: the root is not empty"
ok "no Python, no database, no broker"

# A bundle that somebody changed is refused before anything is installed.
echo >>"$bundle/wurao.env"
if "$bundle/install.sh" >/dev/null 2>&1; then fail "a changed bundle was installed"; fi
sed -i '$ d' "$bundle/wurao.env"
touch "$bundle/wheels/stranger.whl"
if "$bundle/install.sh" >/dev/null 2>&1; then fail "a bundle with a strange file was installed"; fi
rm "$bundle/wheels/stranger.whl"
ok "a changed bundle is refused"

compiling=(--without-compiling)
[ -z "${COMPILE:-}" ] || compiling=()
started=$SECONDS
"$bundle/install.sh" "${compiling[@]}"
ok "installed in $((SECONDS - started)) s"
"$bundle/install.sh" "${compiling[@]}" >/dev/null
ok "installed again: nothing to do"

as_wurao wurao import policy changning-2024
as_wurao wurao config show --lang en | grep -q WURAO_DATA
as_wurao wurao serve --port 8600 >"$STATE/serve.log" 2>&1 &
server=$!
serves || { cat "$STATE/serve.log" >&2; fail "it does not serve"; }
ok "the pages answer"
as_wurao wurao doctor --lang en || true
as_wurao wurao audit verify --lang en
[ "$(stat -c %a "$STATE/keys")" = 700 ] || fail "others may enter the folder of the keys"
ok "keys are their owner's alone"
kill "$server"
wait "$server" || true

"$bundle/upgrade.sh" >/dev/null
ok "upgraded to the same version: nothing to do"
as_wurao wurao audit replay --lang en
ok "offline-test: from an empty Debian 12 to a system that serves, without a network"
