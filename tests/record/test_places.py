"""Blurred places: true to their file, no finer than allowed, and verified without it."""

import json
from dataclasses import replace

import polars as pl
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.agreement.case import load_case
from truceline.cli.case import find_case
from truceline.core.store.sql import open_database
from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.parameters import shipped_parameters
from truceline.recompute import publish, recompute
from truceline.record.bundle import faults_of, redacted_bundle, write_bundle
from truceline.record.checkpoints import signed
from truceline.record.entries import entry
from truceline.record.keys import public_text
from truceline.record.log import Log
from truceline.record.places import BLURS, blurred
from truceline.record.redaction import Audience

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


def observed(*rows):
    """Rows of file, longitude, latitude, error and handling."""
    names = ("raw_file", "lon", "lat", "sigma_m", "handling")
    types = (pl.String, pl.Float64, pl.Float64, pl.Float64, pl.String)
    schema = dict(zip(names, types, strict=True))
    return pl.DataFrame([dict(zip(names, row, strict=True)) for row in rows], schema=schema)


def test_cells_are_counted_by_file_as_far_as_the_error_allows():
    made = blurred(
        observed(
            ("a", 37.0, 48.0, 100.0, "AMBER"), ("a", 37.0001, 48.0, None, "CLEAR"),
            ("a", 37.0, 48.0, 20_000.0, "GREEN"), ("a", None, None, None, "CLEAR"),
            ("a", 37.0, 48.0, 100.0, "RED"), ("b", 20.0, 10.0, 500_000.0, "CLEAR"),
        )
    )  # fmt: skip
    assert [n for _, n in made["a"]["places_10km"]] == [2]
    assert [n for _, n in made["a"]["places_26km"]] == [3]
    assert made["b"] == {field: [] for field in BLURS}


POINTS = st.lists(
    st.tuples(st.floats(-179, 179), st.floats(-80, 80), st.floats(0, 9000)), max_size=30
)


@settings(max_examples=50, deadline=None)
@given(points=POINTS)
def test_every_form_counts_each_placed_observation_once_whatever_their_order(points):
    rows = [("a", lon, lat, sigma, "CLEAR") for lon, lat, sigma in points]
    made = blurred(observed(*rows, ("a", None, None, None, "CLEAR")))["a"]
    assert made == blurred(observed(*reversed(rows), ("a", None, None, None, "CLEAR")))["a"]
    for cells in made.values():
        assert sum(n for _, n in cells) == len(points)
    assert len(made["places_69km"]) <= len(made["places_10km"])


REPORT = {
    "form": "truceline-patrol-report/1", "patrol": "P1", "monitors": 2,
    "sent": "2021-03-03T12:00:00+05:30", "observations": [
        {"time": "2021-03-03T10:00:00+05:30", "observer": {"lon": 74.123456, "lat": 33.654321},
         "means": "heard", "type": "explosion", "description": "undetermined", "number": 4}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Return the bundle of a case into which one patrol's report was taken."""
    folder = tmp_path_factory.mktemp("reports")
    reports = folder / "reports" / "patrol_form"
    reports.mkdir(parents=True)
    (reports / "one.json").write_text(json.dumps(REPORT), encoding="utf-8")
    return publish(
        load_case(find_case("loc-2021")), Log(open_database(folder / "log.sqlite")), KEY,
        origin="example", sources=installed_sources(), parameters=shipped_parameters(), data=None,
        output=folder / "out", until=None, now=parse_time("2026-11-01T08:00:00Z"),
        reports=folder / "reports",
    )  # fmt: skip


def batch(bundle):
    (found,) = (item for item in bundle.entries if item.kind == "batch")
    return found.values()


@pytest.mark.parametrize("km", [0, 10, 26, 50])
def test_a_blurred_copy_verifies_and_holds_no_finer_place(whole, km):
    copy = redacted_bundle(whole, Audience("RED", blur_km=km))
    assert faults_of(copy, public_text(KEY)) == []
    assert copy.checkpoint == whole.checkpoint
    shown = {field for field in BLURS if field in batch(copy)}
    assert shown == {field for field, (_, edge) in BLURS.items() if edge >= km}
    assert "file" not in batch(copy)
    assert not any(name.startswith("reports/") for name in copy.files)
    hidden = {str(batch(whole)[field][0][0]) for field in BLURS} - {
        str(batch(whole)[field][0][0]) for field in shown
    }
    data = write_bundle(copy) + "".join(map(str, copy.entries)).encode()
    assert not any(cell.encode() in data for cell in hidden)
    assert b"74.123456" not in data


def test_a_blur_that_nobody_committed_is_refused():
    with pytest.raises(InputError, match="as coarse as 100 km"):
        Audience("CLEAR", blur_km=100)


def test_a_blurred_form_that_is_not_its_files_is_found_by_running_again(whole, tmp_path):
    assert recompute(whole, installed_sources(), shipped_parameters()) == []
    number, item = next((n, e) for n, e in enumerate(whole.entries) if e.kind == "batch")
    moved = item.values() | {"places_26km": [["8460001ffffffff", 1]]}
    log = Log(open_database(tmp_path / "log.sqlite"))
    for at, old in enumerate(whole.entries):
        made = entry("batch", old.at, moved, lambda n: bytes(n)) if at == number else old
        log.append(made, str(at))
    lying = replace(
        whole, checkpoint=signed(log.checkpoint("example"), KEY), entries=tuple(log.entries())
    )
    assert faults_of(lying, public_text(KEY)) == []
    told = recompute(lying, installed_sources(), shipped_parameters())
    assert told == [f"entry {number} (batch): 'places_26km' is not what its file makes."]
