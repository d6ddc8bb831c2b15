#!/bin/bash
# Takes the pictures of docs/console.md: runs the demo, and opens the console on what it leaves.
# usage: scripts/screenshots.sh PARLEY     PARLEY: the executable
set -eu
cd "$(dirname "$0")/.."
parley=$(realpath "$1")
work=$(mktemp -d)
trap 'kill -INT "$demo" 2> /dev/null; wait "$demo" 2> /dev/null || true; rm -rf "$work"' EXIT
"$parley" demo --data "$work/demo" > "$work/said" 2>&1 &
demo=$!
# The demo's calls take a minute and a half, and its campaign as long again.
for _ in $(seq 300); do
    address=$(sed -nE 's/^The console stays up: (.*)$/\1/p' "$work/said")
    [ -z "$address" ] || break
    kill -0 "$demo" 2> /dev/null || { cat "$work/said" >&2 && exit 1; }
    sleep 1
done
[ -n "$address" ] || { cat "$work/said" >&2 && exit 1; }
python=$(scripts/python-environment.sh)/python
"$python" Tests/python/screenshots.py "$address" docs/console
