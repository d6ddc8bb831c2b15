#!/bin/bash
# Feeds the decoders of what strangers send with inputs that libFuzzer makes up from their seeds.
# usage: scripts/fuzz.sh RUNS SECONDS [TARGET]   SECONDS is for all targets together; 0: no limit
# An input that stops a decoder is left in .build-fuzz/found: mend the decoder, move the input to its seeds, commit both.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=$1
seconds=$2
seeds=Tests/FuzzTests/seeds
export PARLEY_FUZZ=1
# libFuzzer keeps the input that stopped a decoder; Swift's own handler would be there before it.
export SWIFT_BACKTRACE=enable=no
build=(swift build --scratch-path .build-fuzz -c release --product parley-fuzz
    -Xswiftc -sanitize=fuzzer -Xswiftc -parse-as-library -Xswiftc -enable-testing
    -Xswiftc -use-ld=lld) # gold stops over the debug lines
"${build[@]}"
fuzzer=$("${build[@]}" --show-bin-path)/parley-fuzz
targets=("${3:-}")
[ -n "${targets[0]}" ] || mapfile -t targets < <(ls "$seeds")
each=0
[ "$seconds" = 0 ] || each=$(((seconds + ${#targets[@]} - 1) / ${#targets[@]}))
mkdir -p .build-fuzz/found
failed=0
for target in "${targets[@]}"; do
    corpus=.build-fuzz/corpus/$target
    mkdir -p "$corpus"
    log=.build-fuzz/$target.log
    if FUZZ_TARGET=$target "$fuzzer" -runs="$runs" -max_total_time="$each" -max_len=4096 -timeout=10 \
        -rss_limit_mb=1024 -print_final_stats=1 -artifact_prefix=".build-fuzz/found/$target-" \
        "$corpus" "$seeds/$target" >"$log" 2>&1; then
        awk -v target="$target" '/^Done/ { done = $2; took = $5 } / cov: / { for (i = 1; i < NF; i++) if ($i == "cov:") cov = $(i + 1) }
            END { printf "%-16s %10d inputs in %5d s, %d places reached\n", target, done, took, cov }' "$log"
    else
        failed=1
        echo "$target: stopped; the input is in .build-fuzz/found, the whole log in $log"
        grep -vE '^#[0-9]' "$log" | tail -n 30
    fi
done
exit "$failed"
