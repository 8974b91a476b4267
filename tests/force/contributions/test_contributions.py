"""Caveats bite, history stays history, and unknown sizes stay unknown."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import get_args

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.types.errors import TermsError
from truceline.force.contributions import documents
from truceline.force.contributions.allowance import allowed, may_stand
from truceline.force.contributions.caveats import (
    ROLES,
    SITES,
    After,
    Conditions,
    DependsOn,
    KeepOffLine,
    NotUnder,
    OnlyByDay,
    OnlyRoles,
    OnlyZones,
)
from truceline.force.contributions.documents import read_coalition
from truceline.force.contributions.model import KINDS, Coalition, Unit
from truceline.force.examples import example_path

DAY = dt.date(2026, 1, 6)
ZONES = ("west", "hubs", "east")

CAVEATS = st.one_of(
    st.builds(KeepOffLine, st.floats(0, 100)),
    st.builds(OnlyZones, st.lists(st.sampled_from(ZONES), min_size=1).map(tuple)),
    st.builds(OnlyRoles, st.lists(st.sampled_from(ROLES), min_size=1).map(tuple)),
    st.builds(OnlyByDay),
    st.builds(After, st.sampled_from(("ceasefire", "vote"))),
    st.builds(NotUnder, st.sampled_from(("A", "B"))),
    st.builds(DependsOn, st.sampled_from(("X", "Y"))),
)
UNITS = st.builds(
    Unit, st.just("u"), st.just("N"), st.just("unit"), st.sampled_from(KINDS),
    available_on=st.none() | st.just(DAY) | st.just(DAY + dt.timedelta(days=1)),
    caveats=st.lists(CAVEATS, max_size=4).map(tuple),
)  # fmt: skip
PLACES = st.fixed_dictionaries(
    {
        "site_id": st.just("s"),
        "role": st.sampled_from(ROLES),
        "zone": st.none() | st.sampled_from(ZONES),
        "line_km": st.none() | st.floats(0, 100),
        "by_night": st.booleans(),
    }
)
HOLDS = st.builds(
    Conditions, st.just(DAY), st.frozensets(st.sampled_from(("ceasefire", "vote"))),
    st.frozensets(st.sampled_from(("X", "Y"))), st.none() | st.sampled_from(("A", "B")),
)  # fmt: skip


def permits(caveat: object, site: dict[str, object], now: Conditions) -> bool:
    """The meaning of each rule, written a second time and one site at a time."""
    match caveat:
        case KeepOffLine(km):
            at = site["line_km"]
            return isinstance(at, float) and at >= km
        case OnlyZones(zones):
            return site["zone"] in zones
        case OnlyRoles(roles):
            return site["role"] in roles
        case OnlyByDay():
            return not site["by_night"]
        case After(event):
            return event in now.met
        case NotUnder(flag):
            return now.flag != flag
        case DependsOn(who):
            return who in now.committed
    raise AssertionError(caveat)


@settings(max_examples=100, deadline=None)
@given(st.lists(UNITS, max_size=4), st.lists(PLACES, max_size=6), HOLDS)
def test_no_unit_stands_where_its_nation_forbids(units, places, now) -> None:
    answer = allowed(units, pl.DataFrame(places, schema=SITES.dtypes()), now)
    for row, unit in enumerate(units):
        for column, site in enumerate(places):
            ready = unit.available_on is None or unit.available_on <= DAY
            expected = ready and all(permits(c, site, now) for c in unit.caveats)
            assert answer.allowed[row, column] == expected
    assert answer.refusals.is_empty() == bool(answer.allowed.all())


def test_a_refusal_names_the_nation_and_the_caveat() -> None:
    unit = Unit("u", "Northland", "first company", "infantry", caveats=(KeepOffLine(30),))
    now = Conditions(DAY)
    assert may_stand(unit, "post", now, zone=None, line_km=30.0, by_night=True) == (True, None)
    for km in (29.9, None):
        yes, why = may_stand(unit, "post", now, zone=None, line_km=km, by_night=True)
        assert not yes
        assert why == "Northland: first company may serve only 30 km or more from the line"


def test_the_words_of_the_file_are_those_of_the_model() -> None:
    assert get_args(documents.Role) == ROLES
    assert get_args(documents.Kind) == KINDS


@pytest.fixture(scope="module")
def coalition() -> Coalition:
    return read_coalition(example_path("coalition"))


@settings(max_examples=60, deadline=None)
@given(day=st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31)))
def test_as_of_uses_the_last_statement_and_none_later(coalition: Coalition, day: dt.date) -> None:
    said = {p.nation: p for p in coalition.as_of(day).positions}
    for position in coalition.positions:
        if position.date <= day:
            assert position.date <= said[position.nation].date <= day
    assert all(p.date <= day for p in said.values())


def test_what_was_known_in_january_2026(coalition: Coalition) -> None:
    then = {p.nation: p for p in coalition.as_of(DAY).positions}
    uk, germany = then["United Kingdom"], then["Germany"]
    assert uk.troops_high is None  # the 7,500 were reported two days later
    assert "vote in the UK Parliament" in uk.hangs_on()
    assert then["Poland"].troops_high == 0
    assert then["Lithuania"].units[0].persons == 200
    now = Conditions(DAY, frozenset(germany.hangs_on()))
    yes, why = may_stand(germany.units[0], "post", now, zone="hubs", line_km=500, by_night=True)
    assert not yes
    assert why is not None and why.startswith("Germany: ")


@pytest.mark.parametrize(
    ("unit", "message"),
    [
        ("{id: a, name: x, kind: cavalry}", "positions"),
        ("{id: a, name: x, kind: infantry, persons: 0}", "positions"),
        ("{id: a, name: x, kind: infantry, caveats: [{}]}", "exactly one rule"),
        ("{id: a, name: x, kind: infantry}, {id: a, name: y, kind: radar}", "two units"),
    ],
)
def test_a_wrong_file_is_told_where(tmp_path: Path, unit: str, message: str) -> None:
    file = tmp_path / "force.yaml"
    file.write_text(
        "title: t\npositions:\n  - {nation: N, date: 2026-01-01, stance: s, sources: [w], "
        f"units: [{unit}]}}\n"
    )
    with pytest.raises(TermsError, match=message) as caught:
        read_coalition(file)
    assert "force.yaml, row 3" in str(caught.value)


def test_two_positions_of_one_day_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "force.yaml"
    line = "  - {nation: N, date: 2026-01-01, stance: s, sources: [w]}\n"
    file.write_text("title: t\npositions:\n" + line * 2)
    with pytest.raises(TermsError, match="two positions of 2026-01-01"):
        read_coalition(file)


def test_the_command_keeps_unknown_sizes_unknown() -> None:
    result = CliRunner().invoke(app, ["plan", "contributions", "--on", "2026-01-06", "--json"])
    assert result.exit_code == 0, result.output
    rows = pl.read_json(result.output.encode())
    assert rows.filter(pl.col("persons").is_not_null())["nation"].to_list() == ["Lithuania"]
    shown = CliRunner().invoke(app, ["plan", "contributions", "--on", "2026-01-06"])
    assert shown.exit_code == 0
    assert "sends" in shown.output
    assert "unknown" in shown.output
