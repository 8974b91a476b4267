"""A person's report becomes observations; who called, and what was not allowed, never does."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.evidence.sources.hotline_form import SCHEMA_FILE, SOURCE, WITHHELD, schema_text
from truceline.testing.sources import Sampled, check_bytes, check_source, read_all

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "hotline-form.md"

PLACE = {"lon": 37.55, "lat": 48.01, "sigma_m": 1000}
HEARD = {
    "time": "2025-04-20T21:10:00+03:00", "place": PLACE, "means": "heard", "type": "explosion",
    "description": "undetermined", "number": 3, "weapon": "mortar", "note": "Windows shook.",
}  # fmt: skip
REPORT: dict[str, object] = {
    "form": "truceline-hotline-report/1",
    "call": "7d1f3b52-3f4d-4f0e-9d55-0f6c1f0a2b11",
    "consent": {"given": True, "words": "I agree that what I say here is kept and looked into."},
    "sent": "2025-04-20T22:00:00+03:00",
    "observations": [
        HEARD,
        {**HEARD, "means": "told", "type": "casualty", "description": None, "weapon": None},
        {**HEARD, "number": -1},
    ],
}  # fmt: skip


def packed(*reports: object) -> bytes:
    return json.dumps(reports[0] if len(reports) == 1 else reports).encode()


SAMPLE = Sampled("call.json", packed(REPORT), rows=3, rejects=1)


def read(tmp_path: Path, *reports: object, **told: object):
    path = tmp_path / "call.json"
    path.write_bytes(packed(*reports))
    return read_all(SOURCE, path, told)


def one(tmp_path: Path, report: dict[str, object] | None = None, **changed: object):
    entry = {k: v for k, v in {**HEARD, **changed}.items() if v is not None}
    return read(tmp_path, {**REPORT, **(report or {}), "observations": [entry]})


def test_the_form_passes_the_battery(tmp_path: Path) -> None:
    patrol = b'{"form": "truceline-patrol-report/1"}'
    check_source(SOURCE, SAMPLE, tmp_path, [Sampled("x.json", patrol, rows=1)])


def test_what_was_heard_is_an_observation_of_the_hotline(tmp_path: Path) -> None:
    seen = one(tmp_path).observations.row(0, named=True)
    assert (seen["instrument"], seen["phenomenon"]) == ("hotline", "explosion_undetermined")
    assert (seen["lon"], seen["lat"], seen["sigma_m"]) == (37.55, 48.01, 1000)
    assert seen["t_start"] == parse_time("2025-04-20T18:10:00Z")
    assert seen["received_at"] == parse_time("2025-04-20T19:00:00Z")
    assert (seen["count"], seen["weapon_class"], seen["reliability"]) == (3, "mortar", "F")
    assert seen["witness"] == f"hotline {REPORT['call']}"
    assert json.loads(seen["attributes"]) == {"means": "heard", "note": "Windows shook."}


def test_a_report_is_red_unless_the_person_allows_more(tmp_path: Path) -> None:
    assert one(tmp_path).observations["handling"].to_list() == ["RED"]
    amber = one(tmp_path, {"handling": "AMBER"})
    assert amber.observations["handling"].to_list() == ["AMBER"]
    for wider in ("CLEAR", "GREEN"):
        assert one(tmp_path, {"handling": wider}).observations.is_empty()


@pytest.mark.parametrize(
    "consent",
    [None, {}, {"given": False, "words": "I agree to what I say here."}, {"given": True},
     {"given": True, "words": ""}, {"given": "yes", "words": "I agree to what I say here."}],
    ids=str,
)  # fmt: skip
def test_without_consent_and_its_words_nothing_is_read(tmp_path: Path, consent: object) -> None:
    found = one(tmp_path, {"consent": consent})
    assert found.observations.is_empty()
    assert found.rejects.height == 1


@pytest.mark.parametrize(
    "place",
    [{**PLACE, "sigma_m": 499}, {**PLACE, "lon": 37.551}, {**PLACE, "lat": 48.012}],
    ids=("sigma", "lon", "lat"),
)
def test_a_place_more_exact_than_allowed_is_refused(tmp_path: Path, place) -> None:
    assert one(tmp_path, place=place).observations.is_empty()
    allowed = one(tmp_path, place={**place, "exact_allowed": True})
    assert allowed.observations["sigma_m"].to_list() == [place["sigma_m"]]


@settings(max_examples=100, deadline=None)
@given(lon=st.integers(-18000, 18000), lat=st.integers(-9000, 9000))
def test_every_place_of_two_decimals_is_blurred_enough(lon: int, lat: int) -> None:
    from truceline.evidence.sources.hotline_form.form import Spot

    assert Spot(lon=lon / 100, lat=lat / 100, sigma_m=500).lon == lon / 100


@pytest.mark.parametrize(
    "note",
    ["Call me: +380 44 123-45-67", "0441234567", "write to a@b.example", "(044) 123 45 67"],
)
def test_a_way_to_reach_a_person_is_refused_and_not_repeated(tmp_path: Path, note: str) -> None:
    found = one(tmp_path, note=note)
    assert found.observations.is_empty()
    assert note not in json.dumps(found.rejects.to_dicts())


@pytest.mark.parametrize("note", ["3 or 4, at 21:10", "122 mm, 152 mm", "In 2024 too."])
def test_counts_and_calibres_are_no_phone_numbers(tmp_path: Path, note: str) -> None:
    assert one(tmp_path, note=note).rejects.is_empty()


def test_rejects_hold_no_word_of_the_person_not_even_in_a_fields_name(tmp_path: Path) -> None:
    secret = "Olena of the blue house"
    for report, entry in (
        ({secret: 1}, {}), ({"phone": secret}, {}), ({"call": secret}, {}), ({}, {secret: 1}),
        ({}, {"weapon": secret}), ({}, {"means": secret}), ({}, {"time": secret}),
        ({"consent": secret}, {}), ({}, {"number": -1, "note": secret}),
    ):  # fmt: skip
        found = one(tmp_path, report, **entry)
        assert found.observations.is_empty()
        assert found.rejects["raw"].to_list() == [WITHHELD]
        assert secret not in json.dumps(found.rejects.to_dicts())


@pytest.mark.parametrize(
    "wrong",
    [{"type": "shot"}, {"weapon": "catapult"}, {"number_low": 9}, {"means": "camera"},
     {"end": "2025-04-20T08:00:00+03:00"}, {"time": "2025-04-20T21:10:00"},
     {"place": {"lon": 37.5}}, {"observer": PLACE}],
    ids=lambda wrong: next(iter(wrong)),
)  # fmt: skip
def test_what_contradicts_itself_is_rejected(tmp_path: Path, wrong: dict[str, object]) -> None:
    found = one(tmp_path, **wrong)
    assert found.observations.is_empty()
    assert found.rejects["problem"][0].endswith(".")


def test_silence_of_the_hotline_says_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, REPORT).effort.is_empty()


def test_one_bad_entry_spoils_no_other_and_two_calls_are_two_witnesses(tmp_path: Path) -> None:
    second = {**REPORT, "call": "0b0f9d6c-6f0f-4a64-8a39-3f2c8f4c9d77"}
    found = read(tmp_path, REPORT, second)
    assert found.rejects["raw_row"].to_list() == [3, 6]
    assert found.observations["witness"].n_unique() == 2
    assert found.observations["obs_id"].n_unique() == 4


def test_entries_from_the_future_are_rejected(tmp_path: Path) -> None:
    found = read(tmp_path, REPORT, received_before="2025-04-20T18:00:00Z")
    assert found.observations.is_empty()
    assert found.rejects["field"].to_list() == ["time", "time", "number"]


def test_text_that_is_no_json_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"{", b"\xff\xfe", b"a\nb"):
        path = tmp_path / "call.json"
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_all(SOURCE, path, {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=6,
)


@settings(max_examples=80, deadline=None)
@given(field=st.sampled_from(sorted(REPORT)), item=st.sampled_from(sorted(HEARD)), value=JSON)
def test_any_value_in_any_field_is_read_or_rejected(tmp_path_factory, field, item, value) -> None:
    folder = tmp_path_factory.mktemp("fuzz")
    changed = [{**REPORT, field: value}, {**REPORT, "observations": [{**HEARD, item: value}]}]
    check_bytes(SOURCE, json.dumps(changed).encode(), folder, name="call.json")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, len(SAMPLE.data)))
def test_damaged_bytes_are_read_rejected_or_refused(tmp_path_factory, junk, at) -> None:
    data = SAMPLE.data[:at] + junk + SAMPLE.data[at + len(junk) :]
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("damaged"), name="call.json")


def test_the_packaged_schema_is_that_of_the_form_and_takes_a_good_report() -> None:
    told = (
        "write it anew: python -c 'from truceline.evidence.sources.hotline_form import *; "
        "SCHEMA_FILE.write_text(schema_text())'"
    )
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), told
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {**REPORT, "observations": [HEARD]}
    jsonschema.validate(good, schema)
    for wrong in ({"name": "N. N."}, {"handling": "GREEN"}, {"consent": {"given": False}}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **wrong}, schema)


def test_the_form_has_no_field_for_who_called() -> None:
    names = set(re.findall(r'"([a-z_]+)": \{', schema_text()))
    assert not names & {"name", "phone", "caller", "address", "email", "contact", "age", "sex"}


def test_the_page_shows_a_report_that_is_read_whole(tmp_path: Path) -> None:
    example = re.search(r"```json\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert example is not None
    found = read(tmp_path, json.loads(example.group(1)))
    assert found.rejects.is_empty()
    assert found.observations.height == 1
