"""`truceline statements`, from an empty file to a report."""

import json

import pytest
from typer.testing import CliRunner

from truceline.cli.plan import app as plan
from truceline.cli.statements import app

runner = CliRunner()


@pytest.fixture
def run(tmp_path):
    register = tmp_path / "register.sqlite"

    def call(*words, expect=0):
        result = runner.invoke(app, [*words, "--register", str(register)])
        assert result.exit_code == expect, result.output
        return result.output

    return call


STATEMENT = """
- statement_id: s1
  kind: red_line
  date: 2024-05
  speaker: A. Speaker
  standing: minister
  state: Northland
  summary: If B sends troops, A will answer.
  source: https://example.org/1
"""
CODING = """
- {statement_id: s1, coder: ann, condition: met, condition_on: 2024-06-01,
   condition_evidence: ["https://example.org/2"], reason: troops came}
- {statement_id: s1, coder: bo, condition: not_met, reason: advisers are no troops}
"""


def test_add_code_disagree_retract_and_report(run, tmp_path):
    (tmp_path / "s.yaml").write_text(STATEMENT)
    (tmp_path / "c.yaml").write_text(CODING)
    assert "1 entered" in run("add", str(tmp_path / "s.yaml"), "--by", "ann")
    assert "already" in run("add", str(tmp_path / "s.yaml"), "--by", "ann", expect=3)
    assert "1 entered" in run("add", str(tmp_path / "s.yaml"), "--by", "ann", "--why", "clearer")
    assert "2 codings" in run("code", str(tmp_path / "c.yaml"), "--by", "ann")
    told = run("disagreements", "--as-of", "2026-01-01")
    assert "s1  ann: not_carried_out; bo: untested" in told
    assert "1 statements coded by two or more" in told
    assert "4 entries verified" in run("history")
    out = tmp_path / "out"
    events = tmp_path / "events.yaml"
    events.write_text("- {date: 2024-07-01, label: the truce is eroding, link: state.html}")
    said = run("report", "--as-of", "2026-01-01", "--out", str(out), "--events", str(events))
    assert "the truce is eroding" in (out / "statements.html").read_text()
    events.write_text("- {date: 2024-07-01}")
    assert "needs date and label" in run("report", "--events", str(events), expect=3)
    assert "none has been tested (1 contested)" in said
    claims = json.loads((out / "statements.jsonld").read_text())
    assert claims[0]["datePublished"] == "2024-05"
    assert "condition of s1" in (out / "statements.html").read_text()
    assert (out / "statements.csv").read_text().startswith("statement_id,")
    assert "s1 retracted" in run("retract", "s1", "--by", "ann", "--why", "misquoted")


def test_the_seed_can_be_entered_and_reported(run):
    assert "18 statements and 16 codings" in run("seed", "--by", "ann")
    assert "5 were tested; 0 of these were carried out" in run("report", "--as-of", "2026-03-01")


def test_mistakes_name_file_row_and_field(run, tmp_path):
    (tmp_path / "s.yaml").write_text(STATEMENT.replace("red_line", "insult"))
    told = run("add", str(tmp_path / "s.yaml"), "--by", "ann", expect=3)
    assert "s.yaml, row 1, kind" in told.replace("\n", "")
    (tmp_path / "s.yaml").write_text(STATEMENT.replace("  source: https://example.org/1\n", ""))
    assert "row 1, source" in run("add", str(tmp_path / "s.yaml"), "--by", "a", expect=3)
    (tmp_path / "s.yaml").write_text("- [1, 2]")
    assert "not a mapping" in run("add", str(tmp_path / "s.yaml"), "--by", "a", expect=3)
    (tmp_path / "s.yaml").write_text("a: [")
    assert "cannot be read" in run("add", str(tmp_path / "s.yaml"), "--by", "a", expect=3)
    assert "is not a date" in run("report", "--as-of", "soon", expect=3)


def test_positions_become_contributions_that_a_plan_reads(tmp_path):
    folder = tmp_path / "statements" / "positions"
    folder.mkdir(parents=True)
    (folder / "positions.csv").write_text(
        "date,nation,role,position,troops_min,troops_max,caveat,source_url,source_reliability\n"
        "2025-02-03,Northland,ground troops,Sends two,1000,2000,After a vote,https://n.x,press\n"
    )
    out = tmp_path / "coalition.yaml"
    words = ["contributions", "--data", str(tmp_path), "-o", str(out)]
    assert runner.invoke(app, words).exit_code == 0
    planned = runner.invoke(plan, ["contributions", "--file", str(out), "--on", "2025-03-01"])
    assert planned.exit_code == 0, planned.output
    assert "Northland" in planned.output
    empty = runner.invoke(app, ["contributions", "--data", str(folder), "-o", str(out)])
    assert empty.exit_code == 3
    assert "there are no positions" in empty.output
