# Targets for people and for continuous integration; `make` lists them.

GO ?= go
RESULTS ?= results
STATICCHECK := honnef.co/go/tools/cmd/staticcheck@v0.8.2

.DEFAULT_GOAL := help
.PHONY: help build paper test short generate format vet lint arm64 fuzz race bench peers peers-transport peers-molecules check clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build the command, bin/pushforward
	CGO_ENABLED=0 $(GO) build -o bin/pushforward ./cmd/pushforward

paper: build ## run the paper's experiments: results/report.html
	bin/pushforward paper --out $(RESULTS)

test: ## run all tests
	$(GO) test -timeout 30m ./...
	cd gen && $(GO) test ./...

short: ## run the quick tests
	$(GO) test -short ./...
	cd gen && $(GO) test -short ./...

generate: ## write the assembly in asm from its descriptions in gen
	cd gen && $(GO) run . ../asm

format: ## format all Go code
	gofmt -w $$(git ls-files '*.go')

vet: ## look for mistakes that the compiler lets pass, for amd64 and arm64
	$(GO) vet ./...
	GOARCH=arm64 $(GO) vet ./...
	cd gen && $(GO) vet ./...

lint: vet ## the same with staticcheck
	$(GO) run $(STATICCHECK) ./...
	cd gen && $(GO) run $(STATICCHECK) ./...

arm64: ## run the tests of kernels, flow and md for arm64 (needs qemu-aarch64-static elsewhere)
	.ci/emulate arm64 ./kernels ./flow ./md/...

fuzz: ## fuzz every kernel and reader for FUZZTIME (10s) each
	.ci/fuzz $(or $(FUZZTIME),10s)

race: ## run the quick tests of the science packages with the race detector (needs gcc)
	CGO_ENABLED=1 $(GO) test -race -short -timeout 30m ./kernels ./flow ./md/... ./ot/...

bench: ## run all benchmarks
	$(GO) test -run '^$$' -bench . ./kernels ./flow ./md/... ./ot/...

peers: peers-transport peers-molecules ## compare with POT, SciPy and OpenMM (Python with venv; PEERS=--quick or --large)

peers-transport:
	$(GO) build -o bin/transport ./bench/peers/transport
	for r in current previous; do \
		python3 -m venv bin/peers-$$r && \
		bin/peers-$$r/bin/pip install --quiet --only-binary :all: -r bench/peers/requirements-$$r.txt && \
		bin/peers-$$r/bin/python bench/peers/transport.py $(PEERS) bin/transport || exit 1; \
	done

peers-molecules:
	$(GO) build -o bin/molecules ./bench/peers/molecules
	for r in $(if $(filter --quick,$(PEERS)),avx2,current avx2); do \
		python3 -m venv bin/peers-openmm-$$r && \
		bin/peers-openmm-$$r/bin/pip install --quiet --only-binary :all: -r bench/peers/requirements-openmm-$$r.txt && \
		bin/peers-openmm-$$r/bin/python bench/peers/molecules.py $(filter --quick,$(PEERS)) bin/molecules || exit 1; \
	done

check: build ## compare every kernel with its definition on this CPU for a minute
	bin/pushforward check --for 1m

clean: ## remove what these targets made
	rm -rf bin results
