"""A patrol's report becomes observations, obstruction and effort; one bad entry spoils no other."""

from __future__ import annotations

import copy
import json
import math
import re
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.space.geodesy import distance_m
from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.evidence.sources.patrol_form import SCHEMA_FILE, SOURCE, schema_text
from truceline.testing.sources import Sampled, check_bytes, check_source, read_all

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "patrol-form.md"

OBSERVER = {"lon": 37.5, "lat": 48.0}
HEARD = {
    "time": "2025-04-20T09:10:00+03:00", "observer": OBSERVER, "bearing_deg": 90,
    "distance_m": 3000, "means": "heard", "type": "explosion", "description": "undetermined",
    "number": 4, "weapon": "mortar",
}  # fmt: skip
DENIED = {
    "kind": "denial", "start": "2025-04-20T11:00:00+03:00", "end": "2025-04-20T12:30:00+03:00",
    "lon": 37.6, "lat": 48.0, "radius_m": 3000, "by": "side a", "note": "Turned back at a post.",
}  # fmt: skip
REPORT: dict[str, object] = {
    "form": "truceline-patrol-report/1",
    "patrol": "EAST-7",
    "monitors": 4,
    "sent": "2025-04-20T19:30:00+03:00",
    "handling": "GREEN",
    "reliability": "B",
    "track": [
        {"time": f"2025-04-20T09:{m:02}:00+03:00", "lon": 37.5 + m / 1000, "lat": 48.0}
        for m in range(0, 60, 10)
    ],
    "observations": [
        HEARD,
        {**HEARD, "time": "2025-04-20T09:20:00+03:00", "means": "seen", "type": "shot",
         "description": None, "event": {"lon": 37.55, "lat": 48.01, "sigma_m": 100}},
        {**HEARD, "number": -1},
        {**HEARD, "time": "2025-04-20T09:20:00"},
    ],
    "denials": [DENIED, {**DENIED, "end": DENIED["start"]}],
}  # fmt: skip


def packed(*reports: object) -> bytes:
    return json.dumps(reports[0] if len(reports) == 1 else reports).encode()


SAMPLE = Sampled("report.json", packed(REPORT), rows=6, rejects=3)


def read(tmp_path: Path, *reports: object, **told: object):
    path = tmp_path / "report.json"
    path.write_bytes(packed(*reports))
    return read_all(SOURCE, path, told)


def one(tmp_path: Path, **changed: object) -> dict[str, object]:
    entry = {k: v for k, v in {**HEARD, **changed}.items() if v is not None}
    found = read(tmp_path, {**REPORT, "observations": [entry], "denials": []})
    assert found.rejects.is_empty(), found.rejects["problem"].to_list()
    return found.observations.row(0, named=True)


def test_the_form_passes_the_battery(tmp_path: Path) -> None:
    check_source(SOURCE, SAMPLE, tmp_path, [Sampled("x.json", b'{"form": "other"}', rows=1)])


def test_what_was_heard_is_an_observation_with_all_it_says(tmp_path: Path) -> None:
    seen = one(tmp_path)
    assert seen["phenomenon"] == "explosion_undetermined"
    assert (seen["count"], seen["weapon_class"], seen["witness"]) == (4, "mortar", "patrol EAST-7")
    assert (seen["instrument"], seen["handling"], seen["reliability"]) == ("patrol", "GREEN", "B")
    assert seen["t_start"] == parse_time("2025-04-20T06:10:00Z")
    assert seen["received_at"] == parse_time("2025-04-20T16:30:00Z")
    # 3 km due east of 37.5, 48.0.
    assert distance_m(37.5, 48.0, seen["lon"], seen["lat"]) == pytest.approx(3000, abs=1)
    assert seen["lon"] > 37.5
    # Along: 35 % of 3 km; across: 15 degrees at 3 km; the observer's 50 m.
    along, across = 0.35 * 3000, 3000 * math.radians(15)
    assert seen["sigma_m"] == pytest.approx(math.sqrt((along**2 + across**2) / 2 + 50**2))


def test_stated_errors_are_taken_instead_of_habits(tmp_path: Path) -> None:
    seen = one(tmp_path, distance_sigma_m=200, bearing_sigma_deg=2)
    across = 3000 * math.radians(2)
    assert seen["sigma_m"] == pytest.approx(math.sqrt((200**2 + across**2) / 2 + 50**2))


def test_without_bearing_the_place_is_the_observer_with_a_large_error(tmp_path: Path) -> None:
    seen = one(tmp_path, bearing_deg=None, distance_m=None)
    assert (seen["lon"], seen["lat"]) == (37.5, 48.0)
    assert seen["sigma_m"] > 3000


def test_an_assessed_place_wins_over_bearing_and_distance(tmp_path: Path) -> None:
    seen = one(tmp_path, event={"lon": 37.7, "lat": 48.2, "sigma_m": 80})
    assert (seen["lon"], seen["lat"], seen["sigma_m"]) == (37.7, 48.2, 80)


def test_cameras_and_drones_are_their_own_instruments(tmp_path: Path) -> None:
    assert one(tmp_path, means="camera")["instrument"] == "camera"
    assert one(tmp_path, means="uav")["instrument"] == "uav"
    flare = one(tmp_path, type="illumination_flare", description=None)
    assert flare["phenomenon"] == "flare"


def test_the_direction_fire_came_from_is_not_the_bearing_to_the_event(tmp_path: Path) -> None:
    assert one(tmp_path)["bearing_deg"] is None
    told = one(tmp_path, fire_from_deg=200, fire_from_sigma_deg=10)
    assert (told["bearing_deg"], told["bearing_sigma_deg"]) == (200, 10)
    assert json.loads(told["attributes"])["bearing_deg"] == 90


def test_a_denial_is_an_obstruction_and_blinds(tmp_path: Path) -> None:
    found = read(tmp_path, {**REPORT, "observations": [], "denials": [DENIED]})
    seen = found.observations.row(0, named=True)
    assert (seen["phenomenon"], seen["party_claimed"]) == ("obstruction", "side a")
    assert seen["sigma_m"] == 1500
    blind = found.effort.filter(found.effort["reason"] == "denied")
    assert set(blind["p_detect"]) == {0.0}
    assert set(blind["t_start"]) == {seen["t_start"]}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("jamming", "jamming"),
        ("attack_on_uav", "down"),
        ("mines_uxo", "denied"),
        ("delay", "denied"),
    ],
)
def test_every_kind_of_denial_has_its_reason(tmp_path: Path, kind: str, reason: str) -> None:
    found = read(tmp_path, {**REPORT, "track": [], "denials": [{**DENIED, "kind": kind}]})
    assert set(found.effort["reason"]) == {reason}


def test_the_track_by_day_is_effort(tmp_path: Path) -> None:
    effort = read(tmp_path, {**REPORT, "denials": []}).effort
    assert set(effort["reason"]) == {"watching"}
    assert set(effort["instrument"]) == {"patrol"}
    assert {"explosion", "shot"} <= set(effort["phenomenon"])
    assert effort["p_detect"].max() > 0.8


def test_a_track_that_jumps_is_no_effort(tmp_path: Path) -> None:
    jump = [
        {"time": "2025-04-20T09:00:00Z", "lon": -170, "lat": 10},
        {"time": "2025-04-20T09:01:00Z", "lon": 170, "lat": -10},
    ]
    assert read(tmp_path, {**REPORT, "track": jump, "denials": []}).effort.is_empty()


def test_one_bad_entry_spoils_no_other(tmp_path: Path) -> None:
    found = read(tmp_path, REPORT)
    assert found.observations.height == 3
    assert found.rejects["raw_row"].to_list() == [3, 4, 6]
    assert found.rejects["field"].to_list() == ["number", "time", None]


def test_a_list_and_lines_of_reports_say_the_same(tmp_path: Path) -> None:
    second = {**copy.deepcopy(REPORT), "patrol": "EAST-8"}
    listed = read(tmp_path, REPORT, second).observations
    lines = tmp_path / "lines.jsonl"
    lines.write_text(f"{json.dumps(REPORT)}\n{json.dumps(second)}\n")
    assert listed["witness"].n_unique() == 2
    assert read_all(SOURCE, lines, {}).observations["obs_id"].equals(listed["obs_id"])


def test_a_report_of_another_form_or_with_a_name_is_one_reject(tmp_path: Path) -> None:
    for wrong in (
        {"form": "mine/2"},
        {"monitor_names": ["N. N."]},
        {"monitors": 0},
        {"patrol": ""},
    ):
        found = read(tmp_path, {**REPORT, **wrong})
        assert found.observations.is_empty()
        assert found.rows == found.rejects.height == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "shot"},
        {"weapon": "catapult"},
        {"number_low": 9},
        {"end": "2025-04-20T08:00:00+03:00"},
        {"bearing_deg": None},
        {"observer": {"lon": 37.5}},
        {"observer": {"lon": 37.5, "lat": 148}},
        {"means": "smelt"},
        {"distance_m": float("nan")},
        {"who": "N. N."},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_what_contradicts_itself_is_rejected(tmp_path: Path, wrong: dict[str, object]) -> None:
    found = read(tmp_path, {**REPORT, "observations": [{**HEARD, **wrong}], "denials": []})
    assert found.rejects.height == 1
    assert found.rejects["problem"][0].endswith(".")


def test_entries_from_the_future_are_rejected(tmp_path: Path) -> None:
    found = read(tmp_path, {**REPORT, "denials": []}, received_before="2025-04-20T06:15:00Z")
    assert found.observations.height == 1
    assert "future" in found.rejects["problem"].str.join("|").item()


def test_text_that_is_no_json_is_refused(tmp_path: Path) -> None:
    for data in (b"", b"{", b"\xff\xfe", b"a\nb"):
        path = tmp_path / "report.json"
        path.write_bytes(data)
        with pytest.raises(InputError):
            read_all(SOURCE, path, {})


def test_the_packaged_schema_is_that_of_the_form_and_takes_a_good_report() -> None:
    told = (
        "write it anew: python -c 'from truceline.evidence.sources.patrol_form import *; "
        "SCHEMA_FILE.write_text(schema_text())'"
    )
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), told
    schema = json.loads(schema_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    good = {**REPORT, "observations": [HEARD], "denials": [DENIED]}
    jsonschema.validate(good, schema)
    for wrong in ({"who": "N. N."}, {"monitors": 0}, {"handling": "SECRET"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**good, **wrong}, schema)


def test_the_page_shows_a_report_that_is_read_whole(tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    example = re.search(r"```json\n(.*?)```", page, flags=re.DOTALL)
    assert example is not None
    found = read(tmp_path, json.loads(example.group(1)))
    assert found.rejects.is_empty()
    assert found.observations.height >= 2
    schema = json.loads(schema_text())
    for model in ("Entry", "Denial", "Position", "Place"):
        for name in schema["$defs"][model]["properties"]:
            assert f"`{name}`" in page
    for name in schema["properties"]:
        assert f"`{name}`" in page


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    where=st.sampled_from(["observations", "denials", "track", "patrol", "sent", None]),
    field=st.sampled_from(sorted(HEARD) + sorted(DENIED)),
    value=JSON,
)
def test_anything_in_a_report_is_read_or_rejected(
    tmp_path_factory: pytest.TempPathFactory, where: str | None, field: str, value: object
) -> None:
    report = copy.deepcopy(REPORT)
    if where in {"observations", "denials"}:
        report[where][0][field] = value
    elif where is not None:
        report[where] = value
    data = json.dumps(value if where is None else report).encode()
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("form"), name="report.json")


@settings(max_examples=40, deadline=None)
@given(where=st.floats(0, 1), removed=st.integers(0, 9), junk=st.binary(max_size=5))
def test_a_damaged_report_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, where: float, removed: int, junk: bytes
) -> None:
    at = int(where * len(SAMPLE.data))
    data = SAMPLE.data[:at] + junk + SAMPLE.data[at + removed :]
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("damaged"), name="report.json")


@settings(max_examples=40, deadline=None)
@given(bearing=st.floats(0, 360), distance=st.floats(0, 20_000))
def test_mirrored_reports_give_mirrored_places(
    tmp_path_factory: pytest.TempPathFactory, bearing: float, distance: float
) -> None:
    folder = tmp_path_factory.mktemp("mirror")
    east = one(folder, bearing_deg=bearing, distance_m=distance)
    west = one(
        folder, bearing_deg=360 - bearing, distance_m=distance, observer={"lon": -37.5, "lat": 48.0}
    )
    assert west["lon"] == pytest.approx(-east["lon"], abs=1e-9)
    assert west["lat"] == pytest.approx(east["lat"], abs=1e-9)
    assert west["sigma_m"] == pytest.approx(east["sigma_m"])
