"""A party's numbers are taken as said, added up, and laid beside what was seen."""

from importlib.resources import files
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.time import HOUR, parse_time
from truceline.record.claim_arithmetic import check_arithmetic, sum_of_parts
from truceline.record.claimed_events import ClaimedEvent
from truceline.record.claims import (
    COUNTED,
    Claim,
    Item,
    Number,
    Span,
    as_said,
    beside,
    load_claims,
)

START, END = parse_time("2025-04-20T00:00+03:00"), parse_time("2025-04-21T00:00+03:00")


@pytest.fixture(scope="module")
def published() -> dict[str, Claim]:
    path = Path(str(files("truceline.record.examples") / "published_claims.yaml"))
    return {claim.id: claim for claim in load_claims(path)}


def claim(*items: Item, total: Number | None = None, **fields) -> Claim:
    said = {
        "id": "c", "claimant": "A", "about": "B", "unit": "violations", "source": "said",
        "period": Span(start=START, end=END),
    }  # fmt: skip
    return Claim.model_validate({**said, "total": total, "items": items, **fields})


def item(name: str, value: float, **fields) -> Item:
    bound = fields.pop("bound", "exact")
    return Item(id=name, name=name, number=Number(value=value, bound=bound), **fields)


def kinds(said: Claim, *, faults: bool) -> list[str]:
    return [f.kind for f in check_arithmetic(said) if f.is_fault == faults]


# Published figures.


def test_2935_adds_up_and_its_812_are_a_subset(published):
    said = published["easter-2025-ukraine"]
    assert kinds(said, faults=True) == []
    implied = next(f for f in check_arithmetic(said) if f.kind == "implied")
    assert implied.computed == 957
    assert "more than 950" in implied.message
    # Counting the subset as a part would not add up: 96 + 1,882 + 812 + 951 is too many.
    wrong = said.model_copy(
        update={
            "items": tuple(
                i.model_copy(update={"relation": "part_of", "of": None}) for i in said.items
            )
        }
    )
    assert kinds(wrong, faults=True) == ["sum"]


def test_the_four_items_of_4900_sum_to_4816_and_the_84_stand_apart(published):
    said = published["easter-2025-russia"]
    found = next(f for f in check_arithmetic(said) if f.kind == "sum")
    assert (found.stated, found.computed, found.is_fault) == (4900, 4816, False)
    assert "84 left over are exactly the 19 + 49 + 16" in found.message
    four = said.model_copy(
        update={"items": tuple(i for i in said.items if i.relation != "apart_from")}
    )
    bare = next(f for f in check_arithmetic(four) if f.kind == "sum")
    assert bare.is_fault
    assert "84 unexplained" in bare.message


def test_8918_trajectories_are_8926(published):
    (found,) = check_arithmetic(published["unifil-2024-trajectories"])
    assert (found.stated, found.computed, found.is_fault) == (8918, 8926, True)
    assert "8 too many" in found.message


def test_the_tally_of_44_days_sums_to_491_and_497_was_stated(published):
    said = published["gaza-2025-media-office"]
    assert sum_of_parts(said) == Number(value=142 + 21 + 228 + 100)
    (found,) = check_arithmetic(said)
    assert (found.stated, found.computed) == (497, 491)


def test_the_mission_s_first_months_add_up_to_1620(published):
    said = published["smm-2020-first-months"]
    assert check_arithmetic(said) == ()
    assert sum_of_parts(said) == said.total


def test_the_mission_s_last_year_is_at_least_118636(published):
    said = published["smm-last-year"]
    assert sum_of_parts(said) == Number(value=118_636, bound="at_least")
    assert check_arithmetic(said) == ()


def test_every_published_claim_has_a_source_and_a_period(published):
    assert len(published) == 6
    assert all(c.source and c.period.start < c.period.end for c in published.values())


# The rules.


@pytest.mark.parametrize(
    ("bound", "low", "high"),
    [
        ("exact", 950, 950),
        ("above", 951, float("inf")),
        ("at_least", 950, float("inf")),
        ("below", 0, 949),
        ("at_most", 0, 950),
        ("about", 902.5, 997.5),
    ],
)
def test_a_bound_is_taken_for_what_it_can_mean(bound, low, high):
    number = Number(value=950, bound=bound)
    assert (number.low, number.high) == (pytest.approx(low), pytest.approx(high))


def test_a_limit_that_cannot_meet_the_total_is_a_fault():
    said = claim(item("a", 10), item("b", 5, bound="above"), total=Number(value=15))
    assert kinds(said, faults=True) == ["sum"]
    assert kinds(said.model_copy(update={"total": Number(value=16)}), faults=True) == []


def test_a_subset_is_not_larger_than_its_set():
    said = claim(item("a", 10), item("b", 11, relation="subset_of", of="a"))
    assert kinds(said, faults=True) == ["subset"]
    fits = claim(item("a", 10), item("b", 10, relation="subset_of", of="a"))
    assert check_arithmetic(fits) == ()


def test_a_subset_adds_nothing_to_the_total():
    said = claim(item("a", 10), item("b", 4, relation="subset_of", of="a"), total=Number(value=10))
    assert check_arithmetic(said) == ()


def test_parts_of_an_item_are_added_up_too():
    said = claim(item("a", 10), item("b", 4, of="a"), item("c", 5, of="a"))
    (found,) = check_arithmetic(said)
    assert (found.kind, found.stated, found.computed) == ("sum", 10, 9)


def test_a_number_said_twice_must_be_the_same():
    said = claim(item("again", 12, relation="restates"), total=Number(value=11))
    assert kinds(said, faults=True) == ["restated"]


def test_parts_of_another_unit_are_pointed_out_and_are_no_fault():
    said = claim(item("a", 10, unit="shellings"), total=Number(value=10))
    assert kinds(said, faults=False) == ["unit"]


def test_an_item_that_reaches_beyond_the_period_is_a_fault():
    longer = Span(start=START - HOUR, end=END)
    assert kinds(claim(item("a", 1, period=longer)), faults=True) == ["period"]
    assert check_arithmetic(claim(item("a", 1, period=Span(start=START, end=START + HOUR)))) == ()


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.integers(0, 5000), min_size=1, max_size=6),
    error=st.integers(-50, 50),
    names=st.tuples(st.sampled_from("AB"), st.sampled_from("AB")),
)
def test_arithmetic_knows_no_party(parts, error, names):
    total = sum(parts) + error
    items = [item(f"i{i}", value) for i, value in enumerate(parts)]
    said = claim(*items, total=Number(value=max(total, 0)))
    other = said.model_copy(update={"claimant": names[0], "about": names[1]})
    assert check_arithmetic(said) == check_arithmetic(other)
    assert bool(kinds(said, faults=True)) == (max(total, 0) != sum(parts))


# Beside what was seen.


def counted(*rows: tuple[str, str, int, int, float | None, float]) -> pl.DataFrame:
    return COUNTED.conform(pl.DataFrame(rows, schema=COUNTED.dtypes(), orient="row"))


def test_beside_a_claim_stands_what_was_counted_inside_its_period():
    said = claim(total=Number(value=100))
    middle = START + 12 * HOUR
    table = beside(
        [said],
        counted(
            ("smm", "violations", START, middle, 30.0, 1.0),
            ("smm", "violations", middle, END, None, 0.0),
            ("smm", "violations", END, END + HOUR, 500.0, 1.0),
            ("alerts", "alert starts", START, END, 1.0, 1.0),
        ),
    )
    rows = {row["source"]: row for row in table.to_dicts()}
    assert (rows["smm"]["seen"], rows["smm"]["covered"]) == (30, 0.5)
    assert (rows["smm"]["is_same_unit"], rows["alerts"]["is_same_unit"]) == (True, False)


def test_a_claim_no_one_watched_has_nothing_beside_it_and_not_zero():
    table = beside([claim(total=Number(value=100))], COUNTED.empty())
    row = table.row(0, named=True)
    assert (row["stated"], row["seen"], row["covered"], row["source"]) == (100, None, 0, None)
    blind = beside([claim()], counted(("smm", "violations", START, END, None, 0.0)))
    assert blind.row(0, named=True)["seen"] is None


def test_a_claim_in_words_is_what_was_said():
    text = as_said(claim(total=Number(value=2935)))
    assert text == "A: 2,935 violations by B, 2025-04-19T21:00:00Z to 2025-04-20T21:00:00Z."


# Bad input.


GOOD = """
claims:
  - id: a
    claimant: A
    period: {start: "2025-04-20T00:00+03:00", end: "2025-04-21T00:00+03:00"}
    unit: violations
    total: {value: 3}
    source: here
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_ledger_is_read(tmp_path):
    (said,) = load_claims(written(tmp_path, GOOD))
    assert (said.period.start, said.total) == (START, Number(value=3))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("+03:00", "", "no offset"),
        ("value: 3", "value: -3", "claims.0.total.value"),
        ("value: 3", "value: many", "claims.0.total.value"),
        ("unit: violations", "units: violations", "claims.0.unit"),
        ("2025-04-21", "2025-04-19", "ends before it begins"),
        ("claims:", "claim:", "no list of claims"),
        ("claims:", "claims: {", "not YAML"),
        ("source: here", "source: here\n    items: [{id: x, name: x, number: {value: 1}, of: y}]",
         "unknown 'y'"),
        ("source: here", "source: here\n    items: [{id: x, name: x, number: {value: 1}, of: x}]",
         "belongs to itself"),
    ],
)  # fmt: skip
def test_a_faulty_ledger_is_a_sentence_with_its_place(tmp_path, old, new, words):
    path = written(tmp_path, GOOD.replace(old, new))
    with pytest.raises(InputError) as caught:
        load_claims(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_two_claims_of_one_id_and_a_missing_file_are_refused(tmp_path):
    twice = GOOD + GOOD.replace("claims:", "")
    with pytest.raises(InputError, match="share an id: a"):
        load_claims(written(tmp_path, twice))
    with pytest.raises(InputError, match="cannot be read"):
        load_claims(tmp_path / "none.yaml")


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_at_all_stops_the_reader_but_with_a_sentence(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("fuzz") / "claims.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        load_claims(path)
    except InputError as error:
        assert error.message


# Events.


def event(minutes: float = 0.0, **fields) -> ClaimedEvent:
    place = {"lon": 30.0, "lat": 48.0, "sigma_m": 500.0}
    said = {"t": START + int(minutes * 60e6), "kind": "explosion_impact", **place, **fields}
    return ClaimedEvent.model_validate(said)


@given(
    minutes=st.lists(st.integers(-3000, 3000), unique=True, max_size=30),
    stated=st.none() | st.integers(0, 40),
)
@settings(max_examples=60, deadline=None)
def test_events_are_held_to_the_total_and_the_period(minutes, stated):
    total = None if stated is None else Number(value=stated)
    said = claim(total=total, events=[event(m) for m in minutes])
    found = {f.kind: f for f in check_arithmetic(said)}
    assert ("listed" in found) == (stated is not None and len(minutes) not in (0, stated))
    if "listed" in found:
        assert found["listed"].is_fault == (len(minutes) > stated)
        assert (found["listed"].stated, found["listed"].computed) == (stated, len(minutes))
    outside = [n for n, m in enumerate(minutes, 1) if not 0 <= m < 24 * 60]
    assert ("period" in found) == bool(outside)
    if outside:
        listed = found["period"].message.split(" outside")[0]
        assert listed.endswith(
            f"{', '.join(map(str, outside))} {'lies' if len(outside) == 1 else 'lie'}"
        )
    assert "repeated" not in found
    assert Claim.model_validate_json(said.model_dump_json()) == said


@given(st.permutations(range(6)), st.integers(0, 5))
def test_an_event_said_again_is_counted_twice_and_found(order, again):
    events = [event(n) for n in order]
    said = claim(total=Number(value=7), events=[*events, event(order[again], words="once more")])
    (fault,) = check_arithmetic(said)
    assert (fault.kind, fault.is_fault) == ("repeated", True)
    assert fault.message == f"Event 7 is event {again + 1} again: counted twice."


def test_more_than_nine_hundred_is_not_met_by_two_events():
    said = claim(total=Number(value=900, bound="above"), events=[event(), event(1)])
    (finding,) = check_arithmetic(said)
    assert not finding.is_fault
    assert "899 without time and place" in finding.message
    assert as_said(claim(events=[event()])).startswith("A: 1 listed violations")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "bang"}, "the kind 'bang' is not known"),
        ({"sigma_m": None}, "an error in metres"),
        ({"area": "S01"}, "either a place or an area"),
        ({"lat": 91.0}, "less than or equal to 90"),
        ({"sigma_m": 0}, "greater than 0"),
    ],
)
def test_an_event_is_of_a_known_kind_and_has_one_place_with_its_error(fields, said):
    with pytest.raises(ValueError, match=said):
        event(**fields)
