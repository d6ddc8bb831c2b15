#!/bin/bash
# Feeds the decoders of what strangers send with inputs that libFuzzer makes up from their seeds, a target a processor.
# usage: scripts/fuzz.sh RUNS SECONDS [TARGET]   SECONDS is for all targets together; 0: no limit
# An input that stops a decoder is left in .build-fuzz/found: mend the decoder, move the input to its seeds, commit both.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=$1
seconds=$2
seeds=Tests/FuzzTests/seeds
jobs=$(nproc)
export PARLEY_FUZZ=1
# libFuzzer keeps the input that stopped a decoder; Swift's own handler would be there before it.
export SWIFT_BACKTRACE=enable=no
# With lld: gold stops over the debug lines.
build=(swift build --scratch-path .build-fuzz -c release --product parley-fuzz
    -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library -Xswiftc -enable-testing -Xswiftc -use-ld=lld)
"${build[@]}"
fuzzer=$("${build[@]}" --show-bin-path)/parley-fuzz
targets=("${3:-}")
[ -n "${targets[0]}" ] || mapfile -t targets < <(ls "$seeds")
rounds=$(((${#targets[@]} + jobs - 1) / jobs))
each=0
[ "$seconds" = 0 ] || each=$(((seconds + rounds - 1) / rounds))
mkdir -p .build-fuzz/found

# Longer inputs than these reach nothing new, and are slow.
fuzz() {
    local target=$1 log=.build-fuzz/$1.log
    mkdir -p ".build-fuzz/corpus/$target"
    if FUZZ_TARGET=$target "$fuzzer" -runs="$runs" -max_total_time="$each" -max_len=1024 -timeout=10 \
        -rss_limit_mb=1024 -artifact_prefix=".build-fuzz/found/$target-" \
        ".build-fuzz/corpus/$target" "$seeds/$target" >"$log" 2>&1; then
        awk -v target="$target" '/^Done/ { done = $2; took = $5 }
            / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") reached = $(i + 1) }
            END { printf "%-16s %9d inputs in %5d s, %5d places reached\n", target, done, took, reached }' "$log"
    else
        echo "$target: stopped; the input is in .build-fuzz/found, the whole log is $log"
        grep -avE '^#[0-9]' "$log" | tail -n 30
        return 1
    fi
}

failed=0
running=0
for target in "${targets[@]}"; do
    if [ "$running" -ge "$jobs" ]; then
        wait -n || failed=1
        running=$((running - 1))
    fi
    fuzz "$target" &
    running=$((running + 1))
done
while [ "$running" -gt 0 ]; do
    wait -n || failed=1
    running=$((running - 1))
done
exit "$failed"
