#!/bin/sh
# Fetches what the benchmark of answers is made of, and has libspandsp make its tones: strangers' recordings from Debian, none of
# which is part of Parley.
# usage: bench/answering/prepare.sh DIRECTORY   the tones go there
set -eu
packages="asterisk-core-sounds-en-wav asterisk-core-sounds-es-wav asterisk-core-sounds-fr-wav asterisk-core-sounds-it-wav
 asterisk-core-sounds-ru-wav asterisk-prompt-es-co asterisk-prompt-fr-armelle asterisk-prompt-it-menardi-wav libspandsp-dev gcc"
missing=""
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing="$missing $package"
done
if [ -n "$missing" ]; then
    if [ "$(id -u)" = 0 ]; then run=""; else run="sudo -n"; fi
    # shellcheck disable=SC2086
    $run apt-get install --no-install-recommends -y -qq $missing >/dev/null || {
        echo "The benchmark needs: sudo apt-get install --no-install-recommends -y$missing" >&2
        exit 1
    }
fi
mkdir -p "$1"
make_tones=$(mktemp)
trap 'rm -f "$make_tones"' EXIT
gcc -O1 -o "$make_tones" "$(dirname "$0")/make-tones.c" -lspandsp -ltiff -lm
"$make_tones" "$1"
