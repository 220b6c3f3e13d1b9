#!/usr/bin/env bash
# Make the passwords that deploy/compose.yaml needs, each once; what is there stays as it is.
#   deploy/secrets.sh [--secure] [--source NAME]... [FOLDER]      default: secrets/ beside this script
#   --secure         also what deploy/compose.secure.yaml needs: users of broker and database, certificates
#   --source NAME    a neighbour system that may write to the secure broker; again for each
# The folder is its owner's alone. The files in it are readable, because a container's user is another.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

secure=
sources=()
while [ $# -gt 0 ]; do
    case "$1" in
    --secure) secure=yes ;;
    --source)
        [[ "${2:-}" =~ ^[a-z][a-z0-9-]{0,40}$ ]] || { echo "secrets: --source wants a name" >&2; exit 2; }
        sources+=("$2")
        shift
        ;;
    -*)
        sed -n 's/^# \{0,1\}//; 2,6p' "${BASH_SOURCE[0]}" >&2
        exit 2
        ;;
    *) break ;;
    esac
    shift
done
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
if [ -n "$secure" ]; then
    for each in owner app; do keep "postgres-password-$each" "$(fresh)"; done
    for each in broker operator wurao "${sources[@]}"; do keep "kafka-password-$each" "$(fresh)"; done
fi
set -o pipefail

address() { # USER PASSWORD HOST
    printf 'postgresql://%s:%s@%s/wurao' "$1" "$(cat "$folder/$2")" "$3"
}
keep dsn "$(address wurao postgres-password postgres:5432)"
keep dsn-here "$(address wurao postgres-password 127.0.0.1:25432)"
[ -n "$secure" ] || exit 0

keep dsn-app "$(address wurao_app postgres-password-app postgres:5432)"
keep dsn-app-here "$(address wurao_app postgres-password-app 127.0.0.1:25432)"
keep dsn-owner "$(address wurao_owner postgres-password-owner postgres:5432)"

# What a new broker's storage is told of its users, one word a line; a user who comes later is made with
# Kafka's own kafka-configs.sh (docs/how-to/run-with-containers.md).
users=$(for file in "$folder"/kafka-password-*; do
    printf -- '--add-scram\nSCRAM-SHA-512=[name=%s,password=%s]\n' "${file##*/kafka-password-}" "$(cat "$file")"
done)
keep kafka-users "$users"

# An authority that vouches for the broker and for nobody else: its key is thrown away. A certificate that is
# about to end is replaced by removing both files.
if [ ! -s "$folder/kafka-ca" ] || [ ! -s "$folder/kafka-broker" ]; then
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    ours() { openssl "$@" 2>>"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }; }
    curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
    ours req -x509 "${curve[@]}" -keyout "$scratch/ca.key" -out "$scratch/ca.pem" -days 825 \
        -subj "/CN=wurao authority" -addext basicConstraints=critical,CA:TRUE,pathlen:0
    ours req -new "${curve[@]}" -keyout "$scratch/broker.key" -out "$scratch/broker.csr" -subj /CN=wurao-broker
    printf '%s\n' 'basicConstraints=critical,CA:FALSE' 'extendedKeyUsage=serverAuth,clientAuth' \
        'subjectAltName=DNS:kafka,DNS:localhost,IP:127.0.0.1' >"$scratch/ext"
    ours x509 -req -in "$scratch/broker.csr" -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" -CAcreateserial \
        -days 825 -extfile "$scratch/ext" -out "$scratch/broker.pem"
    rm -f "$folder/kafka-ca" "$folder/kafka-broker"
    keep kafka-broker "$(cat "$scratch/broker.key" "$scratch/broker.pem" "$scratch/ca.pem")"
    keep kafka-ca "$(cat "$scratch/ca.pem")"
fi
