"""`truceline check`, on a sentence, a file, and claims that a person corrected."""

import json

import pytest
from typer.testing import CliRunner

from truceline.cli.check import app

runner = CliRunner()
ON = ("--on", "2025-02-20")


def run(*words, expect=0):
    result = runner.invoke(app, list(words))
    assert result.exit_code == expect, result.output
    return result.output


def test_a_sum_needs_no_data():
    told = run("It counted 4,900: 6 attacks, 1,404 barrages, 3,316 strikes and 90 drones.", *ON)
    assert "FALSE IN EVERY READING" in told
    assert "84 are unexplained" in told


def test_a_file_becomes_a_page_and_reviews(tmp_path):
    file = tmp_path / "text.txt"
    file.write_text("They would send 30,000 troops. France gives less than Germany.")
    page = tmp_path / "page.html"
    told = run(str(file), *ON, "--page", str(page), "--format", "claimreview")
    assert [r["@type"] for r in json.loads(told)] == ["ClaimReview"] * 2
    assert "<mark" in page.read_text()


def test_corrected_claims_are_evaluated_in_place_of_those_read(tmp_path):
    file = tmp_path / "claims.yaml"
    file.write_text(run("It counted 10: 4 shots and 7 bursts.", *ON, "--format", "claims"))
    file.write_text(file.read_text().replace("- 7.0", "- 6.0"))
    told = json.loads(run("It counted 10.", *ON, "--claims", str(file), "--format", "json"))
    assert told[0]["verdict"] == "true in every reading"


def test_mistakes_are_sentences():
    assert "is not a date" in run("x", "--on", "soon", expect=3)
    assert "there is no file" in run("missing.txt", *ON, expect=3)
    assert "format 'pdf' is unknown" in run("x", *ON, "--format", "pdf", expect=3)
    assert "No checkable claim" in run("Good morning.", *ON)
    assert "no table of aid was given" in run("Japan gives more than France.", *ON)


@pytest.mark.real_data
def test_the_sentence_of_the_report(shared_data):
    told = run(
        "Japan gives considerably more than France as a share of GDP", *ON, "--data",
        str(shared_data),
    )  # fmt: skip
    assert "TRUE ONLY NARROWLY, AND FALSE WITH THE SHARE IN EU AID" in told
