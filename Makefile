# Baiterek from a fresh clone: Python 3.11 or newer with venv, make, and a network for packages. No root, no npm.

.DEFAULT_GOAL := help
.PHONY: help plan record test check docs gallery format bench clean

MISSION ?= missions/soyuz5-leo.toml
WORKERS ?= 2
# A file's tests stay on one worker: what they share is solved, flown or served once. In the order of tests/conftest.py.
SHARED := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
DATABASE ?= record.sqlite
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

help:            ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## /{ printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

plan: .venv/.installed  ## Plan a flight: MISSION=missions/soyuz5-leo.toml
	@$(BIN)/baiterek plan $(MISSION)

record: .venv/.installed-record  ## Serve the record in a browser, from record.sqlite: DATABASE=record.sqlite
	@test -e $(DATABASE) || $(BIN)/baiterek record init --database $(DATABASE)
	@$(BIN)/baiterek serve --database $(DATABASE)

test: .venv/.installed-dev  ## Lint, types, layer contracts, and every test
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SHARED)

check: .venv/.installed-dev  ## The part of the tests that takes less than a minute
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest $(SHARED) -m 'not slow' tests/unit

docs: .venv/.installed-dev  ## Build the documentation: site/index.html, which opens from disk
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo site/index.html

gallery: .venv/.installed-dev  ## Run the scripts of docs/gallery and keep what they print and draw
	$(BIN)/python builders/gallery.py

format: .venv/.installed-dev  ## Format the code, sort the imports
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench:           ## List the benchmarks; each runs with one command
	@sed -n 's/^    \(.*python benchmarks.*\)/  \1/p' benchmarks/README.md

clean:           ## Remove the environment and the caches; runs/ stays
	rm -rf .venv site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis benchmarks/.peers
	find src tests benchmarks -name __pycache__ -type d -exec rm -rf {} +

# The stamps are what makes a second run start at once: pip is asked again only when pyproject.toml changed.
.venv/.installed: pyproject.toml | .venv/bin/python
	@echo "Installing Baiterek into .venv (once; a minute or so) ..." >&2
	@$(PIP) install --editable '.[pdf]'
	@touch $@

.venv/.installed-record: pyproject.toml | .venv/bin/python
	@echo "Installing what the record and its pages need into .venv (once; a minute or so) ..." >&2
	@$(PIP) install --editable '.[pdf,record,web]'
	@touch $@ .venv/.installed

.venv/.installed-dev: pyproject.toml | .venv/bin/python
	@echo "Installing Baiterek and its test tools into .venv (once; a minute or two) ..." >&2
	@$(PIP) install --editable '.[dev]'
	@touch $@ .venv/.installed .venv/.installed-record

.venv/bin/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    if $$python -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	        exec $$python -m venv .venv; \
	    fi; \
	done; \
	echo "No Python 3.11 or newer with venv was found; name one with: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1
