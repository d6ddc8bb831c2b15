#!/bin/bash
# Runs test targets: those that measure nothing two at a time, the others after them, each alone.
# usage: scripts/run-tests.sh [TARGET…] [-- arguments of swift build, e.g. --sanitize=address --scratch-path .build-address]
set -u
export NO_COLOR=1
cd "$(dirname "$0")/.."
# What these do takes as long as it takes real calls, or is held to a time: neighbours would be measured with it. A target
# that is not named here runs beside another.
alone="GatewayTests LoadBenchmarkTests EndToEndTests"
lanes=2
# Under a sanitizer all is several times as slow: with all tests of a target at once, every one would be late.
narrow=()
[[ " $* " == *" --sanitize="* ]] && narrow=(--experimental-maximum-parallelization-width 5)
# A target that takes longer hangs.
seconds_max=1500

targets=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do targets+=("$1") && shift; done
[ $# -gt 0 ] && shift
known=()
for folder in Tests/*Tests Tests/*/*Tests; do known+=("$(basename "$folder")"); done
for target in "${targets[@]}"; do
    [[ " ${known[*]} " == *" $target "* ]] || { echo "there is no target $target; there are ${known[*]}" >&2 && exit 2; }
done
[ ${#targets[@]} -gt 0 ] || targets=("${known[@]}")

bundle=$(swift build --show-bin-path "$@")/parleyPackageTests.xctest || exit 1
work=$(mktemp -d)
# Who is stopped stops what runs.
trap 'cat "$work"/*.pid 2> /dev/null | xargs -r kill 2> /dev/null; wait; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

# Runs one target and says how it went; `$work/TARGET.count` gets passed and failed, `$work/TARGET.failures` what is to be
# said again at the end.
run() {
    local target=$1 log=$work/$1.log began=$SECONDS runner status count broken
    echo "── $target"
    : > "$log"
    timeout -k 10 "$seconds_max" stdbuf -oL "$bundle" --testing-library swift-testing "${narrow[@]}" \
        --filter "^$target\\." >> "$log" 2>&1 &
    runner=$!
    echo "$runner" > "$work/$target.pid"
    tail -n +1 -s 0.2 -f --pid="$runner" "$log" |
        grep --line-buffered -E '^✘|↳|recorded an issue|error:|Fatal|ERROR: |WARNING: ThreadSanitizer|^[A-Z].*(precision|recall|error rate)' |
        grep --line-buffered -vE '^↳ (Testing Library Version|Target Platform):'
    wait "$runner"
    status=$?
    rm "$work/$target.pid"
    count=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$log" | tail -n 1)
    broken=$(grep -cE '^✘ Test ".*" .*failed after' "$log")
    [ "$status" = 0 ] || [ "$broken" != 0 ] || broken=1
    [ "$status" = 0 ] || { echo "── $target" && grep -A 3 -E '^✘|error:|Fatal|ERROR: |WARNING: ThreadSanitizer' "$log"; } > "$work/$target.failures"
    if [ "$status" = 124 ] || [ "$status" = 137 ]; then
        echo "   $target was not done after $seconds_max s; tests that had ended:"
        grep -E '^[✔✘] Test "' "$log"
        echo "0 1" > "$work/$target.count"
    elif [ -z "$count" ] || [ "$count" = 0 ]; then
        echo "   no test ran in $target"
        tail -n 20 "$log"
        echo "0 1" > "$work/$target.count"
    else
        echo "   $((count - broken)) of $count passed in $((SECONDS - began)) s"
        echo "$((count - broken)) $broken" > "$work/$target.count"
    fi
}

# The lines of one target stay together.
declare -A running=()
await() {
    local ended
    wait -n -p ended "${!running[@]}"
    [ -z "${ended:-}" ] || { cat "$work/${running[$ended]}.out" && unset "running[$ended]"; }
}
for target in "${targets[@]}"; do
    [[ " $alone " == *" $target "* ]] && continue
    while [ ${#running[@]} -ge $lanes ]; do await; done
    run "$target" > "$work/$target.out" &
    running[$!]=$target
done
while [ ${#running[@]} -gt 0 ]; do await; done
for target in "${targets[@]}"; do
    [[ " $alone " == *" $target "* ]] || continue
    run "$target" &
    wait $!
done

passed=0
failed=0
for target in "${targets[@]}"; do
    # Without a count, it did not even come to its end.
    [ -f "$work/$target.count" ] || echo "0 1" > "$work/$target.count"
    read -r of_these not_these < "$work/$target.count"
    passed=$((passed + of_these))
    failed=$((failed + not_these))
done
# Once more, where whoever reads the end of a long output sees it.
[ "$failed" = 0 ] || cat "$work"/*.failures 2> /dev/null | head -c 20000
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
