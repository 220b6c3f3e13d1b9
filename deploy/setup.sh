#!/usr/bin/env bash
# Create or refresh .venv from requirements.lock and install the project into it (make setup).
# Says nothing and takes no time when nothing has changed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy/python.sh

venv=.venv
stamp=$venv/.stamp

# What an environment depends on: the lock, the project's own metadata, and the checkout's place,
# which the environment's scripts and the editable install hold as an absolute path.
locked() { { pwd; cat requirements.lock; } | sha256sum | cut -d' ' -f1; }
project() { { pwd; cat pyproject.toml; } | sha256sum | cut -d' ' -f1; }

up_to_date() {
    [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(locked) $(project)" ] && "$venv/bin/python" -c '' 2>/dev/null
}

python_or_explain() {
    local python
    if python=$(find_python); then
        echo "$python"
        return
    fi
    if [ "$(id -u)" -eq 0 ]; then
        deploy/apt.sh >&2
        if python=$(find_python); then
            echo "$python"
            return
        fi
    fi
    {
        echo "No usable Python found: Wurao needs Python 3.11 to 3.14 with the venv module."
        [ "$(id -u)" -eq 0 ] || echo "On Debian 12 or newer run:   sudo deploy/apt.sh"
        echo "For one in an unusual place:  make setup PYTHON=/path/to/python3.11"
    } >&2
    exit 1
}

up_to_date && exit 0

# Two makes at once must not install into one environment together.
exec 9<requirements.lock
if command -v flock >/dev/null; then
    flock 9
    up_to_date && exit 0
fi

if ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(python_or_explain)
    echo "setup: creating $venv with $("$python" --version)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi

pip() { "$venv/bin/python" -m pip --disable-pip-version-check --quiet "$@"; }

if [ "$(cut -d' ' -f1 "$stamp" 2>/dev/null)" != "$(locked)" ]; then
    echo "setup: installing $(grep -c '^[a-z]' requirements.lock) locked packages (a minute or two, once)"
    pip install --require-hashes -r requirements.lock
fi
pip install --no-deps --no-build-isolation -e .
echo "setup: compiling the planner (a minute or two, once)"
"$venv/bin/python" -m portal.plans.warming
echo "$(locked) $(project)" >"$stamp"
echo "setup: $venv is ready"
