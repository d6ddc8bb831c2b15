# `make` lists the targets. Every target that builds installs what is missing first.
SHELL := /bin/bash
SWIFT ?= swift
RELEASE := --scratch-path .build-release -c release
.DEFAULT_GOAL := help
.PHONY: help setup build release demo test check format lint test/address test/thread bench/core bench/context clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z\/]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## install the Debian packages that are missing
	@./scripts/install-packages.sh

build: setup ## build for development
	$(SWIFT) build

release: setup ## build the optimised executable
	$(SWIFT) build $(RELEASE) --product parley

demo: release ## run the whole gateway on this machine: three callers, real audio, no account
	.build-release/release/parley demo --once

test: setup ## build and run every test
	$(SWIFT) build --build-tests
	./scripts/run-tests.sh

check: lint test ## what CI runs: format, lint, build, test

format: ## rewrite the sources in the house format
	$(SWIFT) format -i -p -r Package.swift Sources Tests bench

lint: ## report what the house format would change
	$(SWIFT) format lint --strict -p -r Package.swift Sources Tests bench

test/address: setup ## tests under the address sanitizer
	$(SWIFT) build --build-tests --sanitize=address --scratch-path .build-address
	./scripts/run-tests.sh --sanitize=address --scratch-path .build-address

test/thread: setup ## tests under the thread sanitizer
	$(SWIFT) build --build-tests --sanitize=thread --scratch-path .build-thread
	TSAN_OPTIONS="suppressions=$(CURDIR)/scripts/thread-sanitizer.supp" ./scripts/run-tests.sh --sanitize=thread --scratch-path .build-thread

bench/core: setup ## nanoseconds and allocations per audio frame
	$(SWIFT) build $(RELEASE) --product core-benchmark
	.build-release/release/core-benchmark

bench/context: setup ## customer lookup in a million contacts
	$(SWIFT) build $(RELEASE) --product context-benchmark
	.build-release/release/context-benchmark

clean: ## remove what was built
	rm -rf .build .build-release .build-address .build-thread
