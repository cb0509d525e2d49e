# Netzraum. `make` lists what there is to make.
# A step leaves a stamp, so what is in place is not made again.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run up down test lint format bench servers requirements

# The first Python that is new enough; the set-up says what to install where there is none.
PYTHON ?= $(or $(shell for python in python3.11 python3.12 python3.13 python3; do \
	$$python -c '' 2>/dev/null && echo $$python && break; done),python3)
BIN := .venv/bin
# Tests and the distributed set start dozens of processes: each would compile all modules anew (4 s).
unexport PYTHONDONTWRITEBYTECODE
# How many run tests side by side; each has services and databases of its own.
WORKERS ?= 2

DISTRIBUTIONS := $(wildcard libs/pyproject.toml services/*/pyproject.toml gateway/pyproject.toml standalone/pyproject.toml)
RUNTIME := .venv/runtime.stamp
DEVELOPMENT := .venv/development.stamp
ASSETS := gateway/netzraum_gateway/static/.built
LOCALE := build/locale.stamp
BUILT := $(RUNTIME) $(ASSETS) $(LOCALE)

help:
	@echo 'make run           start Netzraum in one process, with demo data'
	@echo 'make up            start the distributed set in the background; PORT=8080 chooses the port'
	@echo 'make down          stop it'
	@echo 'make test          check and test everything; installs the servers that this needs; WORKERS=4 takes four cores'
	@echo 'make lint          only the checks; make format lays out the code'
	@echo 'make bench         measure; ONLY=wiki (or calendar, polls, …) measures that part alone'
	@echo 'make requirements  compile requirements/*.txt anew after a change of a .in'

run: $(BUILT)
	@$(BIN)/netzraum run --demo

up: $(BUILT) servers
	@$(BIN)/python -m netzraum_standalone.background up

down:
	@$(BIN)/python -m netzraum_standalone.background down

test: $(BUILT) $(DEVELOPMENT) servers lint
	@$(BIN)/python -m pytest --numprocesses $(WORKERS)

lint: $(DEVELOPMENT)
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo

format: $(DEVELOPMENT)
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(BUILT) $(DEVELOPMENT) servers
	@$(BIN)/python -m benchmarks $(ONLY)

servers: $(RUNTIME)
	@$(BIN)/python -m setup.servers

$(RUNTIME): requirements/runtime.txt setup/environment.py $(DISTRIBUTIONS)
	@$(PYTHON) -m setup.environment runtime
	@touch $@

$(DEVELOPMENT): requirements/development.txt $(RUNTIME)
	@$(PYTHON) -m setup.environment development
	@touch $@

# The style sheet holds the icons that templates and labels name.
$(ASSETS): $(RUNTIME) setup/assets.py requirements/assets.txt \
		$(shell find gateway/assets gateway/netzraum_gateway/templates -name node_modules -prune -o -type f -print) \
		$(shell find gateway/netzraum_gateway -name labels.py)
	@$(PYTHON) -m setup.assets
	@touch $@

$(LOCALE): $(RUNTIME) $(shell find gateway/netzraum_gateway -name '*.po')
	@$(BIN)/python -m netzraum_gateway.locale_build
	@mkdir -p $(@D) && touch $@

# In this order: the tests run on the very versions that run in production.
requirements:
	@for part in runtime assets tools development; do \
		uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
			requirements/$$part.in --output-file requirements/$$part.txt || exit; \
	done
