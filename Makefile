# `make demo` and `make test` are all a newcomer needs; both set up what they use.
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test lint types docs bench clean

$(VENV)/.ready: pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --group dev --editable .
	touch $@

lint: $(VENV)/.ready
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.ready
	$(BIN)/pytest -n auto
