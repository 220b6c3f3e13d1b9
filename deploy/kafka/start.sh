#!/usr/bin/env bash
# Start the broker of deploy/compose.secure.yaml inside Kafka's own image: fill in the settings that lie beside
# this script (`wurao up --secure` fills in the same), give a new storage its users, run Kafka's start script.
#   BROKER_LISTENERS, BROKER_ADVERTISED, BROKER_CONTROLLER   where it listens, and what it tells clients
#   BROKER_SECRETS, BROKER_DATA, BROKER_SETTINGS, KAFKA_HOME  folders, where they are others than in the image
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
secrets=${BROKER_SECRETS:-/run/secrets}
data=${BROKER_DATA:-/var/lib/kafka/data}
settings=${BROKER_SETTINGS:-/tmp}
kafka=${KAFKA_HOME:-/opt/kafka}

umask 077
# Passwords are letters and digits, addresses hold no bar: deploy/secrets.sh makes both.
fill() { # FILES...
    sed -e "s|{listeners}|$BROKER_LISTENERS|" -e "s|{advertised}|$BROKER_ADVERTISED|" \
        -e "s|{host}|${BROKER_CONTROLLER%:*}|" -e "s|{controller}|${BROKER_CONTROLLER##*:}|" \
        -e "s|{data}|$data|" -e "s|{ca}|$secrets/kafka-ca|" -e "s|{own}|$secrets/kafka-broker|" \
        -e "s|{password}|$(<"$secrets/kafka-password-broker")|" \
        -e "s|{operator}|$(<"$secrets/kafka-password-operator")|" "$@"
}
fill "$here/secure.properties" "$here/broker.properties" >"$settings/server.properties"
fill "$here/operator.properties" >"$settings/operator.properties"

if [ ! -e "$data/meta.properties" ]; then
    cluster=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | tr -d '=')
    # The tool reads its words from the file, so that no list of processes shows a password.
    "$kafka/bin/kafka-storage.sh" format --cluster-id "$cluster" --config "$settings/server.properties" \
        "@$secrets/kafka-users"
fi
exec "$kafka/bin/kafka-server-start.sh" "$settings/server.properties"
