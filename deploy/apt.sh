#!/usr/bin/env bash
# The one script that installs system packages (Debian 12 or newer, as root). Safe to repeat:
# it asks apt for nothing when nothing is missing.
#   deploy/apt.sh          what `make setup` needs
#   deploy/apt.sh kafka    also what a local broker needs: Java 17 and, to fetch its jars once, Maven
#   deploy/apt.sh font     also a Chinese font, which papers are printed with
#   deploy/apt.sh offline  also what `make offline-test` makes an empty root with
#   deploy/apt.sh image    also what `make image-test` builds the image with
#   deploy/apt.sh browser  also what browser tests and screenshots need: Chromium and that font
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/python.sh"

packages=()
# Debian's python3 comes without ensurepip, which `python3 -m venv` needs.
find_python >/dev/null || packages+=(python3-venv)

if [ "${1:-}" = kafka ]; then
    command -v java >/dev/null || packages+=(openjdk-17-jre-headless)
    command -v mvn >/dev/null || packages+=(maven)
elif [ "${1:-}" = offline ]; then
    command -v debootstrap >/dev/null || packages+=(debootstrap)
    command -v ip >/dev/null || packages+=(iproute2)
elif [ "${1:-}" = image ]; then
    for each in debootstrap buildah; do command -v "$each" >/dev/null || packages+=("$each"); done
    command -v ip >/dev/null || packages+=(iproute2)
elif [ "${1:-}" = browser ] || [ "${1:-}" = font ]; then
    [ "$1" = font ] || command -v chromium >/dev/null || packages+=(chromium)
    [ -e /usr/share/fonts/truetype/wqy/wqy-microhei.ttc ] || packages+=(fonts-wqy-microhei)
elif [ $# -gt 0 ]; then
    echo "usage: deploy/apt.sh [kafka|font|browser|offline|image]" >&2
    exit 2
fi

if [ ${#packages[@]} -eq 0 ]; then
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "no apt-get here; install by your system's own means: Python 3.11 or newer with venv" >&2
    exit 1
fi
echo "installing system packages: ${packages[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq --yes --no-install-recommends "${packages[@]}" >/dev/null
