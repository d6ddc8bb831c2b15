#!/bin/sh
# Installs the Debian packages Parley builds and runs on, those that are missing only.
# As root or with passwordless sudo; otherwise prints the one line to run and exits 1.
set -eu
packages="libc6-dev libwebsockets-dev libwebsockets-evlib-ev libev-dev libwslay-dev libssl-dev libpq-dev postgresql postgresql-client
 libpocketsphinx-dev libsphinxbase-dev pocketsphinx-en-us flite1-dev libspeexdsp-dev pkg-config ca-certificates openssl"
missing=""
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    run=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    run="sudo"
else
    echo "Parley needs Debian packages that are not installed. Run this once, then the same make command again:" >&2
    echo "  sudo apt-get install --no-install-recommends -y$missing" >&2
    exit 1
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq
# shellcheck disable=SC2086
$run apt-get install --no-install-recommends -y -qq $missing >/dev/null
