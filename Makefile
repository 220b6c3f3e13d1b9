# Wurao 无扰. `make` alone lists what there is.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

BIN := .venv/bin
# Folders that hold Python, of those that may.
CODE = $(shell for d in schemas scheduler streams portal tests benchmarks deploy; do \
	find $$d -name '*.py' -print -quit 2>/dev/null | grep -q . && echo $$d; done)

# $(call quietly,NAME,COMMAND): one line when all is well, the whole output when it is not.
quietly = @if out=$$($(2) 2>&1); then printf '%-9s ok\n' '$(1)'; \
	else printf '%s\n' "$$out"; printf '%-9s FAILED\n' '$(1)'; exit 1; fi

.PHONY: help setup demo screens test lint types imports format cover bench bench-short tamper fuzz faults lock clean
.PHONY: load deploy-check offline-bundle offline-test image-test scale-report docs

help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

setup: ## create .venv with the project and its tools (again only when the lock changed)
	@deploy/setup.sh

demo: setup ## a fictional county's December through the loop; ONCE=1 prints and exits; KAFKA=1; ARGS="..."
	@$(BIN)/wurao demo $(if $(filter 1,$(ONCE)),--once) $(if $(filter 1,$(KAFKA)),--kafka) $(ARGS)

screens: setup ## pictures of all pages on the demo county, into docs/screens/
	@PYTHONPATH=. $(BIN)/python docs/tools/screens.py

test: lint types imports ## everything: lint, types, import contracts, all tests; ARGS="..." for pytest
	@$(BIN)/pytest -n 2 $(ARGS)

lint: setup ## ruff: rules and format
	$(call quietly,lint,$(BIN)/ruff check --quiet $(CODE))
	$(call quietly,format,$(BIN)/ruff format --quiet --check --diff $(CODE))

types: setup ## mypy, strict
	$(call quietly,types,$(BIN)/mypy --num-workers 2 $(CODE))

imports: setup ## import contracts: who may know whom
	$(call quietly,imports,$(BIN)/lint-imports)

format: setup ## let ruff format and fix
	@$(BIN)/ruff check --quiet --fix-only $(CODE)
	@$(BIN)/ruff format $(CODE)

cover: setup ## all tests with branch coverage
	@$(BIN)/pytest -n 2 --cov --cov-report=term $(ARGS)

# Data that strangers made, beside the checkout; what is not there is left out, and said.
REAL ?= ../shared/data/inspections_2012.csv.gz
PUBLIC ?= ../shared/bench

bench: setup ## all tables of the planner (hours) into docs/benchmarks.md; REAL=, PUBLIC=, ARGS="--only ..."
	@$(BIN)/python -m benchmarks.planner $(if $(wildcard $(REAL)),--real $(REAL)) \
		$(if $(wildcard $(PUBLIC)),--public $(PUBLIC)) $(ARGS)

bench-short: setup ## a few of them, small, one seed, some minutes; nothing is written
	@$(BIN)/python -m benchmarks.planner --short $(ARGS)

scale-report: setup ## measure 1, 2 and 4 workers and a plan, write docs/sizing.md; COMMANDS=1000
	@$(BIN)/python -m benchmarks.scale --write --commands $(or $(COMMANDS),1000)

load: setup ## measure the whole under load (an hour) into docs/benchmarks-load.md; ARGS="--only intake --dry"
	@$(BIN)/python -m benchmarks.load $(ARGS)

tamper: setup ## alter sealed ledgers 1,000 times and find every alteration; ARGS="--runs 40"
	@$(BIN)/python -m tests.tamper $(ARGS)

faults: setup ## break the machines below a running installation, SEEDS=20 FIRST_SEED=1; PLANTS=1 for planted bugs
	@$(BIN)/python -m tests.faults $(if $(filter 1,$(PLANTS)),--plants) \
		--seeds $(or $(SEEDS),$(if $(filter 1,$(PLANTS)),0,20)) --first $(or $(FIRST_SEED),1) $(ARGS)

deploy-check: setup ## compose, kustomize, units, scripts against their schemas and programs; CRDS=FOLDER
	@$(BIN)/python -m deploy.check $(if $(CRDS),--crds $(CRDS))

ARCH ?= $(shell dpkg --print-architecture 2>/dev/null)

offline-bundle: setup ## all that installs without a network, into build/offline; ARCH=arm64
	@deploy/offline/bundle.sh $(ARCH)

offline-test: offline-bundle ## install that bundle in an empty Debian 12 without network (root); COMPILE=1
	@COMPILE=$(COMPILE) deploy/offline/test.sh

image-test: ## build the image twice without a container engine, compare, run a county in it (root)
	@deploy/container/test.sh

docs: setup ## the site of the documentation into build/site, every link followed, every command run
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet
	@$(BIN)/python docs/tools/links.py build/site
	@DOCS_COMMANDS=all $(BIN)/pytest -q -n 0 -o faulthandler_timeout=900 tests/docs/test_commands.py

fuzz: setup ## give every decoder whatever may be sent; RUNS=1000000 SEED=1 ARGS="--only code"
	@$(BIN)/python -m tests.fuzz --runs $(or $(RUNS),100000) --seed $(or $(SEED),1) $(ARGS)

lock: ## write requirements.lock anew from pyproject.toml
	@deploy/lock.sh

clean: ## remove caches and build output; .venv and .wurao stay
	@rm -rf build dist htmlcov .coverage .coverage.* .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
