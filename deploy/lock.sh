#!/usr/bin/env bash
# Write requirements.lock anew from pyproject.toml (make lock): newest versions the ranges allow,
# with hashes, for Linux and every Python that the project supports; then of these what runs, without
# what develops, into deploy/requirements-runtime.lock. The resolver lives in a
# throw-away environment, so the project's own stays what the lock says.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source deploy/python.sh

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
"$(find_python)" -m venv "$tools"
"$tools/bin/python" -m pip --disable-pip-version-check --quiet install uv

{
    echo "# Written by \`make lock\`. Do not edit."
    "$tools/bin/uv" pip compile pyproject.toml --extra dev --extra otel --universal --python-version 3.11 \
        --upgrade --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
} >"$tools/requirements.lock"
cp "$tools/requirements.lock" requirements.lock
# Who needs which is what the installed packages say, so they must be those of the new lock.
deploy/setup.sh
.venv/bin/python deploy/runtime_lock.py
echo "lock: $(grep -c '^[a-z]' requirements.lock) packages, $(grep -c '^[a-z]' deploy/requirements-runtime.lock) of them to run"
