"""`truceline aid`: from a folder of releases to tables, pictures and a page."""

import pytest
from typer.testing import CliRunner

from truceline.cli.aid import app

SHEET = (
    "Country,EU member,Geographic Europe,Total bilateral allocations,Total bilateral commitments,"
    "Total bilateral and EU allocations,Allocations % GDP 2021,Financial allocations,"
    "Humanitarian allocations,Military allocations,Financial commitments,Humanitarian commitments,"
    "Military commitments\n"
    "France,1,1,2,3,2.5,0.125,0,0,2,0,0,3\nJapan,0,0,{japan},4,{japan},0.1,{japan},0,0,4,0,0\n"
    "EU (Commission and Council),0,1,0.5,1,0.5,.,0.5,0,0,1,0,0\n"
)
MONTHS = (
    "country,iso,year,month,total,financial,humanitarian,military,commitments,to_be_allocated,gdp,"
    "pct_gdp\nFrance,FRA,2022,3,1.5,0,0,1.5,2,0.5,2000,0\nJapan,JPN,2023,5,3,3,0,0,2,-1,4000,0\n"
)


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "data"
    for name, text in {
        "release_25/sheet.csv": SHEET.format(japan=4),
        "release_29/months.csv": MONTHS,
        "release_29/info.csv": "release,period,label\n29,04/2026,Invented\n",
    }.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def run(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_a_table_with_its_basis(data, tmp_path):
    out = tmp_path / "t.csv"
    done = run("table", "--data", data, "--release", "25", "--unit", "gdp", "--csv", out)
    assert done.exit_code == 0, done.output
    assert "0.100 %" in done.output
    assert "Source: Trebesch" in done.output.replace("\n", " ")
    assert out.read_text().startswith("# Ukraine Support Tracker, release 25")


@pytest.mark.parametrize(
    ("picture", "ending", "more"),
    [
        ("ranked", "svg", []),
        ("groups", "png", []),
        ("gap", "html", []),
        ("time", "csv", ["--donor", "France", "--donor", "JPN"]),
        ("months", "svg", ["--donor", "France"]),
        ("map", "svg", []),
        ("pair", "svg", ["--donor", "France", "--donor", "JPN"]),
        ("change", "svg", []),
        ("race", "gif", []),
        ("race", "csv", []),
    ],
)
def test_every_picture_in_its_forms(data, tmp_path, picture, ending, more):
    out = tmp_path / f"p.{ending}"
    done = run("chart", "--data", data, "--picture", picture, "-o", out, *more)
    assert done.exit_code == 0, done.output
    starts = {"svg": b"<svg", "png": b"\x89PNG", "html": b"<!doctype", "csv": b"# ", "gif": b"GIF8"}
    assert out.read_bytes().startswith(starts[ending])


def test_compare_and_diff(data, tmp_path):
    done = run("compare", "Japan", "France", "--data", data, "-o", tmp_path / "c.svg")
    assert done.exit_code == 0, done.output
    assert "2.000" in done.output
    done = run("diff-releases", "25", "29", "--data", data, "-o", tmp_path / "d.png")
    assert done.exit_code == 0, done.output
    assert "\u22121.00 bn" in done.output
    assert (tmp_path / "c.svg").is_file()


def test_reconcile_and_page(data, tmp_path):
    done = run("reconcile", "--data", data)
    assert "release 29: 2 of 2 agree" in done.output
    out = tmp_path / "aid.html"
    assert run("page", "--data", data, "-o", out, "--title", "Ours").exit_code == 0
    assert "<title>Ours</title>" in out.read_text()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["table", "--release", "7"], "there is no release '7'"),
        (["table", "--unit", "gold"], "the unit 'gold' is unknown"),
        (["table", "--as-of", "soon"], "'soon' is not a day"),
        (["compare", "Japan", "Oz"], "the donor 'Oz' is unknown"),
        (["chart", "-o", "x.doc"], "'.doc' is no form of picture"),
        (["chart", "-o", "x.png", "--picture", "race"], "a race is a GIF"),
        (["chart", "-o", "x.svg", "--picture", "pair"], "needs 2 donors"),
        (["chart", "-o", "x.svg", "--picture", "change", "--release", "25"], "no earlier release"),
    ],
)
def test_faults_are_one_clear_sentence(data, words, said):
    done = run(*words, "--data", data)
    assert done.exit_code == 3
    assert said in done.output
    assert "Traceback" not in done.output


VALLEY = (
    "{file: gifts.csv, release: '1', title: Valley, citation: Office, cut_off: 2024-06-30, "
    "columns: {donor: who, amount: how much}, currency: USD, "
    "rates: {USD: {eur: 0.9, date: 2024-01-02, source: a bank}}}"
)


@pytest.fixture
def valley(tmp_path):
    folder = tmp_path / "valley"
    folder.mkdir()
    (folder / "gifts.csv").write_text("who,how much\nJapan,12000000\nQatar,3500000\n")
    (folder / "aid.yaml").write_text(VALLEY)
    return folder


def test_aid_of_another_war_is_told_in_its_own_dollars_and_in_millions(valley):
    done = run("table", "--data", valley, "--unit", "usd")
    assert done.exit_code == 0, done.output
    assert "US dollars, million" in done.output
    assert "12.00 m" in done.output
    assert "3.50 m" in done.output


@pytest.mark.parametrize(
    ("more", "said"),
    [(["--unit", "gdp"], "World Bank's GDP"), (["--unit", "head"], "population"),
     (["--unit", "national"], "monthly exchange rates"),
     (["--measure", "disbursement"], "no disbursement of aid in release 1 is known.")],
)  # fmt: skip
def test_what_nobody_can_know_is_one_sentence_and_no_empty_table(valley, tmp_path, more, said):
    for words in (["table"], ["chart", "-o", tmp_path / "x.svg"]):
        done = run(*words, "--data", valley, *more)
        assert done.exit_code == 3
        assert said in done.output
    assert not (tmp_path / "x.svg").exists()


def test_whose_total_is_not_known_is_named_beside_those_that_are(valley):
    with (valley / "gifts.csv").open("a") as file:
        file.write("Germany,1000000\n")
    done = run("table", "--data", valley, "--unit", "national")
    assert "left out: Japan, Qatar." in done.output.replace("\n", " ")
