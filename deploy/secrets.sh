#!/usr/bin/env bash
# Make the passwords that deploy/compose.yaml needs, each once; what is there stays as it is.
#   deploy/secrets.sh [FOLDER]      default: secrets/ beside this script
# The folder is its owner's alone. The files in it are readable, because a container's user is another.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-$here/secrets}

umask 077
mkdir -p "$folder"
chmod 700 "$folder"

# Letters and digits only: they need no quoting inside an address.
fresh() { LC_ALL=C tr -dc 'A-Za-z0-9' </dev/urandom | head -c 40; }

keep() { # NAME TEXT
    if [ ! -s "$folder/$1" ]; then
        printf '%s' "$2" >"$folder/$1"
        echo "made $folder/$1"
    fi
    chmod 644 "$folder/$1"
}

# A stream that ends early is no fault of `tr`.
set +o pipefail
keep postgres-password "$(fresh)"
keep grafana-password "$(fresh)"
set -o pipefail

password=$(cat "$folder/postgres-password")
keep dsn "postgresql://wurao:$password@postgres:5432/wurao"
keep dsn-here "postgresql://wurao:$password@127.0.0.1:25432/wurao"
