# `make demo` and `make test` are all a newcomer needs; both set up what they use.
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data

.PHONY: demo test lint bench clean

$(VENV)/.ready: pyproject.toml
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --upgrade pip
	$(BIN)/pip install --quiet --group dev --editable .
	touch $@

# The main job on a case that comes with the package, then on a simulated truce of 30 days.
demo: $(VENV)/.ready
	$(BIN)/truceline run loc-2021 --out demo/loc-2021
	$(BIN)/truceline rehearse demo --out demo/rehearsal --workers 2 --bulletin
	@echo "Open demo/loc-2021/bulletin/bulletin.en.html and demo/rehearsal/bulletin/bulletin.en.html"

lint: $(VENV)/.ready
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.ready
	$(BIN)/pytest -n auto

bench: $(VENV)/.ready
	$(BIN)/python benchmarks/association.py
	$(BIN)/python benchmarks/reading.py $(DATA)
	$(BIN)/python benchmarks/rehearsal.py

clean:
	rm -rf demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
