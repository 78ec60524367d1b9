# `make run` opens Netloom; `make test` and `make check` are the whole interface for developers, and CI calls them.
.DELETE_ON_ERROR:
.PHONY: run test test-all check bench screenshots clean

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONSTRAINTS := packaging/constraints.txt
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint $(CONSTRAINTS)
HEADLESS := OMP_NUM_THREADS=1 MKL_NUM_THREADS=1 QT_QPA_PLATFORM=offscreen
PARALLEL := --numprocesses 2 --dist worksteal
CODE := app tests packaging

run: $(VENV)/.installed
	$(BIN)/python packaging/launch.py

test: $(VENV)/.development
	$(HEADLESS) $(BIN)/python -m pytest $(PARALLEL) -m "not slow"

test-all: $(VENV)/.development
	$(HEADLESS) $(BIN)/python -m pytest $(PARALLEL)

check: $(VENV)/.development
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/ruff check $(CODE)
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.development
	QT_QPA_PLATFORM=offscreen $(BIN)/python -m tests.benchmarks $(ONLY)

screenshots: $(VENV)/.development
	QT_QPA_PLATFORM=offscreen $(BIN)/python packaging/make_screenshots.py

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

# torch goes first and alone: what is installed after it then takes the build that is there.
$(VENV)/.installed: pyproject.toml $(CONSTRAINTS)
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Netloom needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version 2>/dev/null || echo not there)."; \
	  echo "Name another one: make $(or $(MAKECMDGOALS),run) PYTHON=/path/to/python3.12"; exit 1; }
	@echo "Installing Netloom into $(VENV); the first time this takes some minutes …"
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(PIP) "$$(grep '^torch==' $(CONSTRAINTS))"
	@$(PIP) --editable .
	@touch $@

$(VENV)/.development: $(VENV)/.installed
	@$(PIP) --editable '.[dev]'
	@touch $@
