# `make demo` and `make test` are all a newcomer needs; both set up what they use.
VENV ?= .venv
BIN := $(VENV)/bin
DATA ?= ../shared/data

.PHONY: demo test lint bench docs reference lock clean

$(VENV)/.ready: pyproject.toml requirements/run.txt
	python3 -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/run.txt
	$(BIN)/pip install --quiet --no-deps --editable .
	touch $@

$(VENV)/.tested: $(VENV)/.ready requirements/dev.txt
	$(BIN)/pip install --quiet --require-hashes --requirement requirements/dev.txt
	touch $@

# The main job on a case that comes with the package, then on a simulated truce of 30 days.
demo: $(VENV)/.ready
	$(BIN)/truceline run loc-2021 --out demo/loc-2021
	$(BIN)/truceline rehearse demo --out demo/rehearsal --workers 2 --bulletin
	@echo "Open demo/loc-2021/bulletin/bulletin.en.html and demo/rehearsal/bulletin/bulletin.en.html"

lint: $(VENV)/.tested
	$(BIN)/ruff check src tests benchmarks scripts docs/notebooks
	$(BIN)/ruff format --check src tests benchmarks scripts docs/notebooks
	$(BIN)/mypy
	$(BIN)/lint-imports

test: $(VENV)/.tested
	$(BIN)/pytest -n auto --dist worksteal --durations=20

# All benchmarks that have no result yet, or those that BENCH names anew.
bench: $(VENV)/.tested
	TRUCELINE_DATA=$(DATA) $(BIN)/python benchmarks/all.py $(BENCH)

docs: $(VENV)/.tested
	$(BIN)/mkdocs build --strict --quiet

# The pages of the reference that are made from the code; a test holds them to it.
reference: $(VENV)/.ready
	$(BIN)/python scripts/reference.py

# Pin what pyproject.toml asks for, with hashes and without the address of any registry.
lock:
	uv export --quiet --no-emit-project --no-dev --no-annotate --no-header -o requirements/run.txt
	uv export --quiet --no-emit-project --group dev --no-annotate --no-header -o requirements/dev.txt

clean:
	rm -rf demo .mypy_cache .ruff_cache .pytest_cache .hypothesis
