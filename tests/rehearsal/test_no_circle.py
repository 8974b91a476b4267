"""World, sensors and parties share neither code nor parameters with the judgement."""

import ast
from pathlib import Path

import pytest

import truceline.rehearsal

ROOT = Path(truceline.rehearsal.__file__).parent
PACKAGE = ROOT.parent


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


@pytest.mark.parametrize("room", ["worlds", "sensors", "parties", "scenarios"])
def test_worlds_know_nothing_of_judges(room: str) -> None:
    files = sorted((ROOT / room).rglob("*.py"))
    assert files
    for path in files:
        for module in imports_of(path):
            assert not module.startswith(
                ("truceline.judgement", "truceline.evidence", "truceline.rehearsal.scores")
            ), f"{path.name} imports {module}"


def test_judges_know_nothing_of_worlds() -> None:
    for room in ("judgement", "evidence", "agreement", "core"):
        for path in (PACKAGE / room).rglob("*.py"):
            for module in imports_of(path):
                assert not module.startswith("truceline.rehearsal"), f"{path} imports {module}"


def test_baselines_read_no_truth() -> None:
    for path in (ROOT / "baselines").glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert ".truth(" not in text
        assert "truth_link" not in text
