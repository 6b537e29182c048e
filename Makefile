# Everything a person types here; `make` alone lists it.
#   PYTHON=python3.12   the Python to make .venv with (3.11 or newer)
#   EVENT=2014-09-12    the event that `make run` opens
#   ARGS="-k camera"    more options for pytest
PYTHON ?= python3
BIN := .venv/bin
# A Python that was named is used as named; otherwise any .venv that works is.
EXACT := $(if $(filter file default undefined,$(origin PYTHON)),,--exact)
SET_UP = $(PYTHON) tools/environment.py install $(EXACT)
NOTEBOOK := notebooks/event_explorer.ipynb
# As many tests at a time as there are processors, but four at most.
PYTEST := $(BIN)/python -m pytest @tests/in_parallel.txt

.DEFAULT_GOAL := help
.PHONY: help run serve test check docs bench set-up set-up-test format pins clean python

help: ## list what can be done
	@echo "make TARGET, where TARGET is one of"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s%s\n", $$1, $$2}' \
	  $(MAKEFILE_LIST)

run: set-up ## open the explorer in JupyterLab
	@$(BIN)/smile-explore warm || echo "Going on without prepared events."
	@$(BIN)/smile-explore run $(or $(EVENT),--notebook $(NOTEBOOK))

serve: python ## let a class explore here: ARGS="--host 0.0.0.0 --users 20"
	@$(SET_UP) serve
	@$(BIN)/smile-explore warm || echo "Going on without prepared events."
	@$(BIN)/smile-explore serve $(ARGS)

test: set-up-test ## run every test, notebooks and browser included
	@$(PYTEST) $(ARGS)

check: python ## what a change must pass: format, lint, types, tests
	@$(SET_UP) dev
	@$(PYTHON) tools/environment.py browser >/dev/null
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(PYTEST) $(ARGS)

docs: python ## build the documentation site, artifacts/site/index.html
	@$(SET_UP) docs
	@$(BIN)/python -m tools.handbook $(ARGS)

bench: set-up-test ## measure speed and memory
	@$(BIN)/python -m benchmarks $(ARGS)

format: python ## put the code into its form
	@$(SET_UP) dev
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

set-up: python ## make .venv and install, without starting anything
	@$(SET_UP)

set-up-test: python
	@$(SET_UP) test
	@$(PYTHON) tools/environment.py browser >/dev/null

pins: python ## choose the newest versions anew and pin them
	@$(PYTHON) tools/pins.py

clean: ## remove .venv and everything that was made here
	rm -rf .venv .venv.lock build dist artifacts
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find smile_explore tests tools benchmarks notebooks -depth \
	  \( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +

python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "No $(PYTHON) here: install Python 3.11 or newer, or name one:"; \
	  echo "    make run PYTHON=/path/to/python3"; exit 1; }
