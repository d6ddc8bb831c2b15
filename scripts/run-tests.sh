#!/bin/bash
# Runs every test target, one process after the other: what one measures, another must not disturb.
# usage: scripts/run-tests.sh [arguments of swift build, e.g. --sanitize=address --scratch-path .build-address]
set -u
export NO_COLOR=1
cd "$(dirname "$0")/.."
passed=0
failed=0
# A target that takes longer hangs.
seconds_max=1500
bundle=$(swift build --show-bin-path "$@")/parleyPackageTests.xctest || exit 1
log=$(mktemp)
failures=$(mktemp)
trap 'rm -f "$log" "$failures"' EXIT
for folder in Tests/*Tests Tests/*/*Tests; do
    target=$(basename "$folder")
    echo "── $target"
    timeout -k 10 "$seconds_max" stdbuf -oL "$bundle" --testing-library swift-testing --filter "^$target\\." 2>&1 |
        tee "$log" | grep -E '^✘|↳|recorded an issue|error:|Fatal|^[A-Z].*(precision|recall|error rate)'
    status=${PIPESTATUS[0]}
    count=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    broken=$(grep -cE '^✘ Test ".*" .*failed after' "$log")
    [ "$status" = 0 ] || [ "$broken" != 0 ] || broken=1
    [ "$status" = 0 ] || { echo "── $target" && grep -A 3 -E '^✘|error:|Fatal' "$log"; } >> "$failures"
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
        echo "   $target was not done after $seconds_max s; tests that had ended:"
        grep -E '^[✔✘] Test "' "$log"
        failed=$((failed + 1))
        continue
    fi
    if [ -z "$count" ] || [ "$count" = 0 ]; then
        echo "   no test ran in $target"
        tail -n 20 "$log"
        failed=$((failed + 1))
        continue
    fi
    echo "   $((count - broken)) of $count passed"
    passed=$((passed + count - broken))
    failed=$((failed + broken))
done
# Once more, where whoever reads the end of a long output sees it.
[ "$failed" = 0 ] || head -c 20000 "$failures"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
