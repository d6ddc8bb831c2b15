#!/bin/bash
# Who allocates on the media loops: the commonest stacks of a file that `parley bench --allocation-stacks FILE` wrote,
# with names.
# usage: scripts/allocation-stacks.sh FILE [STACKS, default 12] [EXECUTABLE, default .build-release/release/parley]
set -eu
cd "$(dirname "$0")/.."
file=$1
binary=${3:-.build-release/release/parley}
sort "$file" | uniq -c | sort -rn | head -n "${2:-12}" | while read -r times bytes frames; do
    echo "$times × $bytes bytes"
    for frame in $frames; do
        case $frame in
        "$(basename "$binary")"+*)
            addr2line -f -e "$binary" "${frame#*+}" | head -n 1 | swift demangle --compact
            ;;
        *) echo "$frame" ;;
        esac
    done | sed 's/^/    /'
done
