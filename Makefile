# Names for what scripts and cargo do; `make help` lists them.
.PHONY: cluster-up cluster-down e2e dashboard help unit integration contract load test-toolchains images images-test up down smoke adopt prove-terraform

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

unit: ## the fast tests of the app; no server needed
	app/unit.sh

integration: ## all tests of the app, on real Postgres and Redis too
	cargo test --locked --package app

contract: ## the OpenAPI documents: linters, schemathesis on both kinds of stores, the page in a browser
	e2e/contract.sh

load: ## requests a second, latency, processor and memory, against bare frameworks and podinfo; needs wrk
	benches/run serve

test-toolchains: ## the same on the oldest supported Rust, stable and beta, by rustup
	app/toolchains.sh

images: ## the images of compose.yaml, each with the commit in it
	GIT_COMMIT=$$(git rev-parse HEAD) docker compose build

images-test: ## build, measure, start and call all images
	e2e/images.sh

up: ## serve everything in containers until Ctrl-C; with STACK=local, fargate or eks: there, see terraform/README.md
	$(if $(STACK),terraform/up.sh $(STACK),./bootstrap-docker.sh)

down: ## end it; the data stay in their volumes; with STACK=...: nothing stays
	$(if $(STACK),terraform/down.sh $(STACK),docker compose down)

smoke: ## call every endpoint of a running service: make smoke URL=http://127.0.0.1:8080, or STACK=fargate
	$(if $(STACK),terraform/smoke.sh $(STACK),cargo run --locked --quiet --package app --bin api -- smoke $(URL))

adopt: ## rewrite every name for a fork: make adopt REPO=https://github.com/owner/name REGISTRY=ghcr.io/owner
	terraform/adopt.sh "$(REPO)" "$(REGISTRY)"

prove-terraform: ## break each rule once, scan, and apply all stacks to a stand-in for AWS; long
	e2e/terraform/broken.sh
	e2e/terraform/scan.sh
	e2e/terraform/prove.sh

cluster-up: ## a Kubernetes cluster on this machine with Argo CD, which runs this clone's environments; with REPO= by kind, and a fork's
	$(if $(REPO),REPO=$(REPO) e2e/cluster/kind.sh up,e2e/cluster.sh --keep first_sync)

cluster-down: ## take it away again; what was built for it stays
	e2e/cluster/kind.sh down
	e2e/cluster/down.sh

e2e: ## the whole loop on such a cluster: promoter, git, Argo CD, Kubernetes, HTTP, and back
	e2e/cluster.sh

dashboard: ## Argo CD of that cluster on http://127.0.0.1:8081, with who may come in
	e2e/cluster/dashboard.sh
