"""What is promised of the project itself: pinned, hashed, and naming no registry."""

import importlib
import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = ("run", "dev")


def names(requirements):
    """Return distribution names as PEP 503 writes them."""
    found = (re.match(r"[A-Za-z0-9._-]+", line) for line in requirements)
    return {re.sub(r"[-_.]+", "-", match.group()).lower() for match in found if match}


@pytest.fixture(scope="module")
def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def test_every_dependency_is_pinned_for_who_needs_it(project) -> None:
    locks = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in LOCKS}
    pinned = {name: names(re.findall(r"(?m)^\S+==", text)) for name, text in locks.items()}
    asked = names(project["project"]["dependencies"])
    tested = names(d for d in project["dependency-groups"]["dev"] if isinstance(d, str))
    assert asked <= pinned["run"], "run `make lock`"
    assert (asked | tested) - {"truceline"} <= pinned["dev"], "run `make lock`"


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_names_no_registry(name) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    pins = re.findall(r"(?m)^\S+==.*$", text)
    assert pins
    assert all(pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "index" not in re.sub(r"(?m)^[a-z].*$", "", text)


def test_the_page_of_benchmarks_says_what_the_results_say(monkeypatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    written = importlib.import_module("all").page(
        json.loads((ROOT / "benchmarks" / "results.json").read_text())
    )
    page = (ROOT / "docs" / "benchmarks.md").read_text()
    assert page == written, "run `python benchmarks/all.py --page`"


def test_each_method_page_is_plain_about_its_limits() -> None:
    lacking = [
        page.name
        for page in sorted((ROOT / "docs" / "methods").glob("*.md"))
        if not re.search(r"(?im)^#+ .*limit", page.read_text())
    ]
    assert lacking == []
