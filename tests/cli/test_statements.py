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


def test_a_file_is_entered_whole_or_not_at_all(run, tmp_path):
    (tmp_path / "s.yaml").write_text(STATEMENT)
    (tmp_path / "c.yaml").write_text(CODING + "- {statement_id: s9, coder: ann, "
                                     "condition: not_met, reason: none came}\n")  # fmt: skip
    run("add", str(tmp_path / "s.yaml"), "--by", "ann")
    assert "'s9' is not in the register" in run(
        "code", str(tmp_path / "c.yaml"), "--by", "ann", expect=3
    )
    assert "1 entries verified" in run("history")


def test_a_register_is_counted_from_its_first_statement_whatever_the_war(run, tmp_path):
    (tmp_path / "s.yaml").write_text(STATEMENT.replace("2024-05", "1999-05"))
    run("add", str(tmp_path / "s.yaml"), "--by", "ann")
    told = run("report", "--as-of", "2000-12-31")
    assert "Counted from 1999-05-01 to 2000-12-31." in told
    assert "1  all (1999: 1, 2000: 0)" in told
    assert "0  all (2000: 0)" in run("report", "--as-of", "2000-12-31", "--since", "2000-01-01")


@pytest.mark.parametrize("words", [["history"], ["report"], ["disagreements"]])
def test_reading_a_register_that_is_not_there_makes_none(run, tmp_path, words):
    assert "there is no register" in run(*words, expect=3)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_statements_is_told(run, tmp_path):
    run("seed", "--by", "ann")
    said = run("report", "--data", str(tmp_path), expect=3)
    assert "there is no folder statements/" in said


def test_positions_and_polls_may_be_separated_by_semicolons(run, tmp_path):
    folder = tmp_path / "statements" / "positions"
    folder.mkdir(parents=True)
    (folder / "positions.csv").write_text(
        "date;nation;role;position;troops_min;troops_max;caveat;source_url;source_reliability\n"
        "2025-02-03;Northland;ground troops;Sends two, at most;1000;2000;;https://n.x;press\n"
    )
    (folder / "polls.csv").write_text(
        "fieldwork_start;fieldwork_end;published;pollster;client;country;question_in_own_words;"
        "support_pct;oppose_pct;dont_know_pct;n;source_url\n"
        "2025-02-01;2025-02-03;;P;;Northland;send people?;40,5;50;9,5;1000;https://p.x\n"
    )
    run("seed", "--by", "ann")
    report = ["report", "--data", str(tmp_path), "--as-of", "2025-03-01"]
    said = " ".join(run(*report, expect=3).split())
    assert "polls.csv, row 1, support_pct: '40,5' is not a number. Write it as 40.5" in said
    (folder / "polls.csv").write_text((folder / "polls.csv").read_text().replace(",5;", ".5;"))
    run(*report, "--out", str(tmp_path / "out"))
    page = (tmp_path / "out" / "statements.html").read_text()
    assert "Northland" in page
    assert "40.5" in page
