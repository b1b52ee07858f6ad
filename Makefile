SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
RUN := .venv/.run-installed
DEV := .venv/.dev-installed
CONSOLE := $(if $(wildcard web/package.json),web/dist/.built)
CONSOLE_SOURCES := $(shell find web -type f -not -path 'web/node_modules/*' -not -path 'web/dist/*' 2>/dev/null)
EVALS ?=
PYTEST ?=
TRAIN ?=
TORCH := speech_tags coherence pld_vhd
UPGRADE ?=

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate $(if $(UPGRADE),--upgrade)
INSTALL := $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python

.PHONY: help run test test-fast check evals bench train lock clean

help:
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

run: $(RUN) $(CONSOLE) ## install what is missing, then serve on 127.0.0.1:8765 (LIVECUE_PORT)
	@exec $(BIN)/python server.py

test: $(DEV) $(CONSOLE) ## all tests, with the models and packages that they need
	@scripts/install_test_packages.sh
	$(BIN)/livecue models pull
	$(BIN)/pytest --durations=20 $(PYTEST)

test-fast: $(DEV) ## tests that need no model, no browser and no other process
	$(BIN)/pytest -m "not models and not browser and not slow" $(PYTEST)

check: $(DEV) ## lint, format, types, layers, docs
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/python scripts/check_docs.py
	$(BIN)/pyright

evals: $(RUN) ## quality: the README's table (EVALS="compliance answers" for some)
	$(BIN)/python -m evals $(or $(EVALS),--readme)

bench: $(RUN) ## speed: ratios between runs on this machine
	$(BIN)/python -m bench

lock: $(BIN)/uv ## write requirements/*.txt from pyproject.toml (UPGRADE=1: newest versions)
	$(COMPILE) pyproject.toml --group build -o requirements/run.txt
	$(COMPILE) pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	$(COMPILE) pyproject.toml --group build --group training -c requirements/dev.txt -o requirements/training.txt
	$(COMPILE) pyproject.toml --group build --group training --group torch -c requirements/training.txt -o requirements/torch.txt
	$(COMPILE) --group pyproject.toml:bootstrap -o requirements/bootstrap.txt
	$(COMPILE) --group pyproject.toml:node -c requirements/dev.txt -o requirements/node.txt

train: $(DEV) .venv/.training-installed $(if $(or $(if $(TRAIN),,all),$(filter $(TORCH),$(TRAIN))),.venv/.torch-installed) ## train the small models anew (TRAIN="purification" for one)
	$(BIN)/python -m training $(TRAIN)

clean: ## remove what make made; state and models stay
	rm -rf .venv .build web/dist web/node_modules *.egg-info
	rm -rf .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv: requirements/bootstrap.txt
	@scripts/create_venv.sh

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/uv
	@echo "installing the run-time packages"
	@$(INSTALL) --require-hashes -r requirements/run.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements/dev.txt $(RUN)
	@echo "installing the packages for tests and checks"
	@$(INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

.venv/.training-installed: requirements/training.txt $(DEV)
	@echo "installing the packages for training"
	@$(INSTALL) --require-hashes -r requirements/training.txt
	@touch $@

.venv/.torch-installed: requirements/torch.txt .venv/.training-installed
	@echo "installing torch for training"
	@$(INSTALL) --require-hashes -r requirements/torch.txt
	@touch $@

web/dist/.built: $(CONSOLE_SOURCES) | $(BIN)/uv
	@scripts/build_console.sh
	@touch $@
