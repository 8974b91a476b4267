"""The tutorial of a truce of one's own does as it says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import yaml
from typer.testing import CliRunner

from truceline.cli.main import app

PAGE = Path(__file__).parents[1] / "docs" / "tutorials" / "own-case.md"


def run(*arguments: str) -> str:
    told = CliRunner().invoke(app, list(arguments))
    assert told.exit_code == 0, told.output
    return told.stdout


def test_the_tutorial_leads_from_nothing_to_a_state(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    page = PAGE.read_text(encoding="utf-8")
    for name, text in re.findall(r"\*\*(valley/\S+)\*\*\n+```\w*\n(.*?)```", page, re.DOTALL):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    (drafted,) = yaml.safe_load(run("sources", "draft", "valley/events.csv"))["feeds"]
    (written,) = yaml.safe_load(Path("valley/sources.yaml").read_text())["feeds"]
    decided = {"covers", "timezone", "constants", "columns"}
    plain = {k: v for k, v in written["settings"].items() if k not in decided}
    assert plain == {k: v for k, v in drafted["settings"].items() if k not in decided}
    assert drafted["settings"]["columns"]["time"] == written["settings"]["columns"]["time"]
    run("lint", "valley/agreement.yaml")
    told = json.loads(run("run", "valley", "--json"))
    (state,) = told["states"]
    assert (state["state"], state["count"]) == ("holding", 1)
    assert f"{state['ratio']:.3g} of before" in page
    assert told["rows"] == {"new": 9, "repeated": 0, "rejected": 0}
