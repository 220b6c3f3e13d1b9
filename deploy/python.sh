# shellcheck shell=bash
# Sourced by the scripts beside it: find a Python that can build the project's environment.

# Print the path of a usable interpreter, or fail. Usable: a version that requirements.lock
# covers, with venv and ensurepip. It must run: a version manager's stub may exist without one.
find_python() {
    local name
    for name in ${PYTHON:+"$PYTHON"} python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
        if "$name" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 15))' \
            >/dev/null 2>&1; then
            command -v "$name"
            return 0
        fi
    done
    return 1
}
