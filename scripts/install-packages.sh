#!/bin/sh
# Installs the Debian packages Parley builds, runs and is tested on, those that are missing only; what comes with a service
# is installed, not started, and not enabled. As root or with passwordless sudo; otherwise prints the one line to run and
# exits 1.
# usage: scripts/install-packages.sh [--no-tests]   --no-tests: without the programs that only tests need
set -eu
# What the Swift toolchain itself needs, unpacked on a bare Debian 12.
toolchain="binutils libc6-dev libstdc++-12-dev libcurl4-openssl-dev libedit2 libncurses6 libsqlite3-0 libxml2 libuuid1
 libz3-4 zlib1g zlib1g-dev tzdata"
parley="libwebsockets-dev libwebsockets-evlib-ev libev-dev libwslay-dev libssl-dev libcjose-dev libsodium-dev libpq-dev libphonenumber-dev
 postgresql postgresql-client libpocketsphinx-dev libsphinxbase-dev pocketsphinx-en-us flite1-dev libspeexdsp-dev pkg-config
 ca-certificates openssl"
# The real programs that tests put before the gateway and its database, what runs it as a service, what checks the console's
# scripts, what programs from PyPI run on (scripts/python-environment.sh), and the browser that opens the console and calls.
tests="haproxy nginx-light pgbouncer systemd dbus node-typescript python3 python3-venv chromium fonts-noto-core"
[ "${1:-}" != --no-tests ] || tests=""
missing=""
for package in $toolchain $parley $tests; do
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
# Debian starts a service as soon as it is installed, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $run tee "$policy" >/dev/null
    $run chmod 755 "$policy"
    trap '$run rm -f "$policy"' EXIT
fi
$run apt-get update -qq
# shellcheck disable=SC2086
$run apt-get install --no-install-recommends -y -qq $missing >/dev/null
# Nor does any of them start with the machine.
for service in haproxy nginx pgbouncer; do
    case "$missing " in *" $service"*) $run systemctl disable "$service" >/dev/null 2>&1 || true ;; esac
done
