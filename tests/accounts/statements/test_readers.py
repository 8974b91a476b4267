"""The recorded collections are read whole, and their figures come out."""

import datetime as dt
import json

import polars as pl
import pytest

from truceline.accounts.statements.names import shipped_speakers
from truceline.accounts.statements.positions import poll_signs, positions_on, stance_of
from truceline.accounts.statements.readers.nuclear import language_of, read_nuclear_statements
from truceline.accounts.statements.readers.opinion import read_polls, read_positions
from truceline.core.types.errors import InputError


@pytest.fixture(scope="module")
def nuclear(shared_data):
    return read_nuclear_statements(
        shared_data / "statements" / "hcss_redlines" / "nts_statements.json"
    )


@pytest.fixture(scope="module")
def positions(shared_data):
    return read_positions(shared_data / "statements" / "positions" / "positions.csv")


@pytest.mark.real_data
def test_all_359_are_read_and_253_fall_before_the_article(nuclear):
    table = nuclear.statements
    assert table.height == 359
    between = table.filter(pl.col("date").is_between(dt.date(2022, 2, 24), dt.date(2025, 2, 18)))
    assert between.height == 253
    assert between["date"].dt.year().value_counts().sort("date")["count"].to_list() == [
        48, 87, 115, 3,
    ]  # fmt: skip


@pytest.mark.real_data
def test_names_are_resolved_and_what_was_not_is_said(nuclear):
    names = nuclear.names
    assert names["rows"].sum() == 359
    assert names.height > 200
    assert nuclear.statements["speaker"].n_unique() < 65
    unresolved = names.filter(pl.col("how") == "unresolved")["rows"].sum()
    assert unresolved < 40
    putin = nuclear.statements.filter(pl.col("speaker") == "Vladimir Putin").height
    assert putin > 100
    foreign = names.filter((pl.col("foreign_rows") > 0) & (pl.col("state") == "Ukraine"))
    assert foreign["rows"].sum() >= 4


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Vladimir V. Putin", dt.date(2023, 1, 1), "Vladimir Putin"),
        ("President of Russia", dt.date(2010, 1, 1), "Dmitry Medvedev"),
        ("President of Russia", dt.date(2024, 1, 1), "Vladimir Putin"),
        ("Russian Federation (President Vladimir V. Putin)", dt.date(2024, 1, 1), "Vladimir Putin"),
        ("Sergey Lavrov (relaying President Vladimir Putin's statement)", None, "Sergey Lavrov"),
        ("V.I. Ermakov (Director, Russian MFA)", None, "Vladimir Yermakov"),
        ("State Duma (Chairman Vyacheslav Volodin / Committee)", None, "State Duma"),
        ("Unnamed Russian commentator", None, "not named"),
        (None, None, "not named"),
    ],
)
def test_a_spelling_becomes_one_name(text, day, name):
    assert shipped_speakers().resolve(text, day).name == name


def test_language_is_told_by_its_letters():
    assert (language_of("Это угроза, NATO"), language_of("A threat"), language_of("")) == (
        "ru",
        "en",
        None,
    )


def test_a_missing_field_or_an_unknown_code_names_its_place(tmp_path):
    row = {
        "chunk_id": 1, "date": "2024-01-01", "source": "x", "speaker": None, "target": None,
        "threat_text_span": "t", "nts_threat_type": "Odd", "consequences": "c",
        "conditionality": "Conditional (Level 1)", "overall_confidence": 8,
    }  # fmt: skip
    path = tmp_path / "nts.json"
    path.write_text(json.dumps([row]))
    with pytest.raises(InputError, match="row 1, nts_threat_type: the code 'Odd' is unknown"):
        read_nuclear_statements(path)
    del row["date"]
    path.write_text(json.dumps([row]))
    with pytest.raises(InputError, match="has no 'date'"):
        read_nuclear_statements(path)


@pytest.mark.real_data
def test_france_before_and_after_january_2026(positions):
    assert positions.height == 56
    before = (
        positions_on(positions, dt.date(2025, 2, 20)).filter(nation="France").row(0, named=True)
    )
    assert before["role"] == "experts or limited troops"
    assert "outside any conflict zone" in before["caveat"]
    after = positions_on(positions, dt.date(2026, 2, 1)).filter(nation="France").row(0, named=True)
    assert after["role"] == "ground troops, military hubs"
    assert after["age_days"] == 26
    assert positions_on(positions, dt.date(2024, 1, 1)).height == 0


@pytest.mark.real_data
def test_press_figures_do_not_replace_what_a_nation_says(positions):
    day = dt.date(2026, 1, 9)
    stated = positions_on(positions, day).filter(nation="United Kingdom").row(0, named=True)
    assert stated["troops_max"] is None
    press = positions_on(positions, day, official_only=False)
    assert press.filter(nation="United Kingdom").row(0, named=True)["troops_max"] == 7500


def test_stances():
    assert stance_of("backstop, no ground troops") == "support"
    assert stance_of("opposed to troops") == "no_troops"
    assert stance_of("ground troops / co-lead") == "troops"
    assert stance_of("land troops conditional") == "open"


@pytest.mark.real_data
def test_german_polls_flip_with_date_and_wording(shared_data):
    polls = read_polls(shared_data / "statements" / "positions" / "polls.csv")
    assert polls.height == 12
    german = poll_signs(polls).filter(pl.col("country") == "Germany")
    assert german["margin_points"].to_list() == [5.0, -9.0, -22.0]
    assert german["flips"].to_list() == [False, True, False]
    assert german["other_wording"].to_list() == [False, True, True]
    spain = poll_signs(polls).filter(pl.col("country") == "Spain")
    assert spain["sign"].to_list() == [None]


def test_a_moved_header_or_text_in_a_number_names_its_cell(tmp_path):
    path = tmp_path / "positions.csv"
    path.write_text("date,nation\n2025-01-01,X\n")
    with pytest.raises(InputError, match="lacks the column 'role'"):
        read_positions(path)
    header = "date,nation,role,position,troops_min,troops_max,caveat,source_url,source_reliability"
    path.write_text(f"{header}\n2025-01-01,X,troops,p,many,,c,u,press\n")
    with pytest.raises(InputError, match="row 1, troops_min: 'many' is not a number"):
        read_positions(path)
    path.write_text(f"{header}\nsoon,X,troops,p,1,,c,u,press\n")
    with pytest.raises(InputError, match="row 1, date: the date 'soon'"):
        read_positions(path)
