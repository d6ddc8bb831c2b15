# `make` lists the targets. Every target that builds installs what is missing first.
SHELL := /bin/bash
SWIFT ?= swift
RELEASE := --scratch-path .build-release -c release
.DEFAULT_GOAL := help
.PHONY: screenshots fuzz bench/build help setup build release demo test check format lint test/address test/thread bench bench/check bench/allocations bench/capacity bench/threads bench/overload bench/idle bench/consults-beside bench/strangers bench/soak bench/core bench/context bench/consults bench/understanding bench/answering bench/writer bench/jobs simulate/year chaos/dialer bench/imports bench/api clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z\/-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing
	@./scripts/install-packages.sh

build: setup ## build for development
	$(SWIFT) build

release: setup ## build the optimised executable
	$(SWIFT) build $(RELEASE) --product parley

demo: release ## run the whole gateway on this machine: four callers, real audio, no account
	.build-release/release/parley demo --once

# Targets of tests, all of them when it is empty: make test TARGET="CRMTests JobsTests"
TARGET ?=
test: setup ## build and run the tests, or those of TARGET alone
	$(SWIFT) build --build-tests
	./scripts/run-tests.sh $(TARGET)

check: FUZZ_SECONDS = 60
check: lint fuzz test ## what CI runs: format, a minute of fuzzing, build, tests

format: ## rewrite the sources in the house format
	$(SWIFT) format -i -p -r Package.swift Plugins Sources Tests bench

lint: ## report what the house format would change
	$(SWIFT) format lint --strict -p -r Package.swift Plugins Sources Tests bench

screenshots: release ## take the pictures of docs/console.md, of what the demo leaves
	@mkdir -p docs/console
	./scripts/screenshots.sh .build-release/release/parley

test/address: setup ## tests under the address sanitizer
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build-address
	ASAN_OPTIONS=malloc_context_size=120 LSAN_OPTIONS="suppressions=$(CURDIR)/scripts/leak-sanitizer.supp:print_suppressions=0" ./scripts/run-tests.sh $(TARGET) -- --sanitize=address --scratch-path .build-address

test/thread: setup ## tests under the thread sanitizer
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build-thread
	TSAN_OPTIONS="suppressions=$(CURDIR)/scripts/thread-sanitizer.supp" ./scripts/run-tests.sh $(TARGET) -- --sanitize=thread --scratch-path .build-thread

# Inputs a target, and seconds for all targets together; whichever is reached first ends a target.
FUZZ_RUNS ?= 10000000
FUZZ_SECONDS ?= 0
fuzz: setup ## decoders of what strangers send under libFuzzer: FUZZ_RUNS inputs each, or FUZZ_SECONDS for all of them
	./scripts/fuzz.sh $(FUZZ_RUNS) $(FUZZ_SECONDS) $(FUZZ_TARGET)

# Everything under load runs as a release build; results carry the date and the machine.
# A virtual processor that sleeps wakes late, and its host's delay would be taken for the gateway's.
BENCH := .build-release/release/parley bench --keep-awake
CALLS ?= 400
CAPACITY ?= 1000
CAPACITY_TLS ?= 600
bench/build: setup
	$(SWIFT) build $(RELEASE) --product parley
	$(SWIFT) build $(RELEASE) --product parley-relay
	$(SWIFT) build $(RELEASE) --product parley-floor
	$(SWIFT) build $(RELEASE) --product AllocationShim

bench: bench/build ## the load benchmark: table, JSON and plot in bench/results/local, under six minutes
	$(BENCH) --calls $(CALLS) --levels 4 --hold 7 --cps 100 --storm 200 --compare-relay --compare-floor --json bench/results/local/latest.json --plot bench/results/local/latest.svg

bench/check: bench/build ## ratios against the C relay and allocations a frame; fails when one is exceeded
	$(BENCH) --calls 100 --hold 15 --cps 100 --compare-relay --one-frame-a-message --count-allocations 50 --check bench/thresholds/relay.json

bench/allocations: bench/build ## allocations a frame of a live call, and who makes them
	@mkdir -p bench/results/local
	$(BENCH) --count-allocations 20 --hold 10 --only
	$(BENCH) --count-allocations 20 --hold 5 --only --allocation-stacks bench/results/local/allocations.txt > /dev/null
	scripts/allocation-stacks.sh bench/results/local/allocations.txt 8

bench/capacity: bench/build ## the most calls this machine carries, plain and with TLS, gateway and C relay
	$(BENCH) --calls $(CAPACITY) --cps 100 --hold 8 --find-capacity --compare-relay --json bench/results/local/capacity.json --plot bench/results/local/capacity.svg
	$(BENCH) --calls $(CAPACITY_TLS) --cps 100 --hold 8 --find-capacity --compare-relay --tls --json bench/results/local/capacity-tls.json --plot bench/results/local/capacity-tls.svg

bench/threads: bench/build ## CPU a call-second with one media thread and with two
	$(BENCH) --calls $(CALLS) --cps 100 --hold 10 --levels 1 --one-frame-a-message --compare-threads 1,2 --json bench/results/local/threads.json

bench/overload: bench/build ## the refusal curve: half to twice as many callers as the limit
	$(BENCH) --calls 300 --cps 100 --hold 6 --overload --json bench/results/local/overload.json

bench/idle: bench/build ## what 1,000 silent open calls cost
	$(BENCH) --calls 1000 --cps 100 --hold 8 --idle --compare-relay --json bench/results/local/idle.json

bench/consults-beside: bench/build ## 100 calls that consult specialists beside the others
	$(BENCH) --calls $(CALLS) --cps 100 --hold 9 --consults 100 --json bench/results/local/consults.json

bench/strangers: bench/build ## 500 TLS handshakes and 2,000 requests a second of strangers beside calls, in turns
	$(BENCH) --calls 100 --cps 50 --tls --strangers 500 --json bench/results/local/strangers.json

bench/soak: bench/build ## 10,000 short calls, some with abnormal ends: memory, descriptors and threads must stay flat
	$(BENCH) --scenario soak --calls 100 --cps 50 --hold 5 --soak 10000 --json bench/results/local/soak.json

bench/core: setup ## nanoseconds and allocations per audio frame
	$(SWIFT) build $(RELEASE) --product core-benchmark
	.build-release/release/core-benchmark

bench/context: setup ## customer lookup in a million contacts
	$(SWIFT) build $(RELEASE) --product context-benchmark
	.build-release/release/context-benchmark

bench/consults: setup ## 100 callers agree to a consult at once: from the yes to the answer in the ear, and with a stalled model
	$(SWIFT) build $(RELEASE) --product parley
	$(SWIFT) build $(RELEASE) --product consult-benchmark
	.build-release/release/consult-benchmark specialists

bench/understanding: setup ## what records hold of labelled calls: right, nothing, wrong, kind by kind; fails below the floors
	$(SWIFT) build $(RELEASE) --product understanding-benchmark
	.build-release/release/understanding-benchmark

bench/answering: setup ## who answers, told from strangers' recordings: confusion matrix, time to verdict, beeps; installs them from Debian
	bench/answering/prepare.sh bench/results/local/tones
	$(SWIFT) build $(RELEASE) --product answering-benchmark
	.build-release/release/answering-benchmark bench/results/local/tones

bench/writer: setup ## ended calls a second into PostgreSQL, and exactly one record each when the writer is killed
	$(SWIFT) build $(RELEASE) --product writer-benchmark
	.build-release/release/writer-benchmark

bench/jobs: setup ## jobs a second beside plain transactions, and from the commit that enqueues one to its start
	$(SWIFT) build $(RELEASE) --product jobs-benchmark
	.build-release/release/jobs-benchmark

# A year of campaigns on a clock that is moved by hand, and whether a call was placed that should not have been: check-year.py knows
# neither the gate nor its rules.
YEAR_LOG ?= bench/results/local/year.ndjson
CONTACTS ?= 100000
simulate/year: setup ## a year of campaigns among hostile data, and an independent check of each call
	$(SWIFT) build $(RELEASE) --product dialer-proof
	@mkdir -p $(dir $(YEAR_LOG))
	.build-release/release/dialer-proof year --contacts $(CONTACTS) --log $(YEAR_LOG)
	/usr/bin/python3 bench/dialer/check-year.py $(YEAR_LOG)

RUNS ?= 1000
chaos/dialer: setup ## one of two dialers is killed at each step that it takes, RUNS times: nobody is called twice, nobody is forgotten
	$(SWIFT) build $(RELEASE) --product dialer-proof
	.build-release/release/dialer-proof chaos --runs $(RUNS)

bench/imports: setup ## a million rows from a file into contacts: seconds, rows a second, peak memory; then killed three times on the way
	$(SWIFT) build $(RELEASE) --product imports-benchmark
	.build-release/release/imports-benchmark
	.build-release/release/imports-benchmark --kills 3

bench/api: setup ## the API over a million contacts and calls: requests a second, p50 and p99 of each kind, audio beside it
	$(SWIFT) build $(RELEASE) --product parley
	$(SWIFT) build $(RELEASE) --product api-benchmark
	.build-release/release/api-benchmark --check bench/thresholds/api.json --json bench/results/local/api.json --plot bench/results/local/api.svg

clean: ## remove what was built
	rm -rf .build .build-release .build-address .build-thread .build-fuzz .build-python
