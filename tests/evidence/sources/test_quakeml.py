"""Seismic events with their errors; documents that attack the parser are refused."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import InputError
from truceline.core.types.time import SECOND, parse_time
from truceline.evidence.sources.quakeml import SOURCE
from truceline.testing.sources import Sampled, check_bytes, check_source, read_all

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<q:quakeml xmlns:q="http://quakeml.org/xmlns/quakeml/1.2" '
    'xmlns="http://quakeml.org/xmlns/bed/1.2"><eventParameters publicID="smi:x/ep">'
)
TAIL = "</eventParameters></q:quakeml>"

ORIGIN = (
    '<origin publicID="smi:x/o{n}"><time><value>{time}</value><uncertainty>1.5</uncertainty></time>'
    "<latitude><value>{lat}</value><uncertainty>0.02</uncertainty></latitude>"
    "<longitude><value>{lon}</value><uncertainty>0.03</uncertainty></longitude>"
    "<depth><value>0</value></depth>"
    "<creationInfo><agencyID>NET</agencyID><creationTime>2025-04-20T07:00:00Z</creationTime>"
    "</creationInfo></origin>"
)


def origin(
    n: int = 1, time: str = "2025-04-20T06:10:00.5Z", lat: object = 48.1, lon: object = 37.5
) -> str:
    return ORIGIN.format(n=n, time=time, lat=lat, lon=lon)


def event(*origins: str, kind: str | None = "explosion", more: str = "", n: int = 1) -> str:
    typed = "" if kind is None else f"<type>{kind}</type>"
    return f'<event publicID="smi:x/e{n}">{typed}{more}{"".join(origins)}</event>'


def document(*events: str) -> bytes:
    return (HEAD + "".join(events) + TAIL).encode()


SAMPLE = Sampled(
    "events.xml",
    document(
        event(origin(), n=1),
        event(origin(2), kind="earthquake", n=2),
        event(n=3),
        event(origin(4, lat="148"), n=4),
        event(origin(5, time="2025-02-30T00:00:00Z"), n=5),
        event(origin(6, lon="nan"), n=6),
    ),
    rows=6,
    rejects=4,
)


def only(tmp_path: Path, *events: str, **told: object) -> dict[str, object]:
    path = tmp_path / "events.xml"
    path.write_bytes(document(*events))
    read = read_all(SOURCE, path, told)
    assert read.rejects.is_empty(), read.rejects["problem"].to_list()
    assert read.observations.height == 1
    return read.observations.row(0, named=True)


def test_quakeml_passes_the_battery(tmp_path: Path) -> None:
    check_source(SOURCE, SAMPLE, tmp_path, [Sampled("x.xml", b"<html>quake</html>", rows=1)])


def test_an_explosion_with_its_errors(tmp_path: Path) -> None:
    seen = only(tmp_path, event(origin()))
    middle = parse_time("2025-04-20T06:10:00.5Z")
    assert (seen["t_start"], seen["t_end"]) == (middle - 1.5 * SECOND, middle + 1.5 * SECOND)
    assert seen["received_at"] == parse_time("2025-04-20T07:00:00Z")
    north, east = 0.02 * 111_320, 0.03 * 111_320 * math.cos(math.radians(48.1))
    assert seen["sigma_m"] == pytest.approx(math.sqrt((north**2 + east**2) / 2), abs=0.01)
    assert (seen["phenomenon"], seen["instrument"]) == ("explosion", "seismic")
    assert seen["witness"] == "agency NET"


@pytest.mark.parametrize(
    ("kind", "phenomenon", "industrial"),
    [
        ("explosion", "explosion", False),
        ("quarry blast", "explosion", True),
        ("earthquake", "other", False),
        (None, "other", None),
    ],
)
def test_types_are_kept_and_told_apart(
    tmp_path: Path, kind: str | None, phenomenon: str, industrial: bool | None
) -> None:
    seen = only(tmp_path, event(origin(), kind=kind))
    attributes = json.loads(seen["attributes"])
    assert seen["phenomenon"] == phenomenon
    assert attributes.get("type") == kind
    assert attributes.get("industrial") == industrial


def test_the_preferred_origin_is_read(tmp_path: Path) -> None:
    preferred = "<preferredOriginID>smi:x/o2</preferredOriginID>"
    seen = only(tmp_path, event(origin(1), origin(2, lat=48.5), more=preferred))
    assert seen["lat"] == 48.5


def test_magnitude_and_horizontal_error(tmp_path: Path) -> None:
    bare = (
        "<origin><time><value>2025-04-20T06:10:00</value></time><latitude><value>48</value>"
        "</latitude><longitude><value>37</value></longitude><originUncertainty>"
        "<horizontalUncertainty>2500</horizontalUncertainty></originUncertainty></origin>"
    )
    size = '<magnitude publicID="m"><mag><value>2.1</value></mag></magnitude>'
    seen = only(tmp_path, event(bare, more=size))
    assert seen["sigma_m"] == 2500
    assert json.loads(seen["attributes"])["magnitude"] == 2.1
    assert seen["witness"] == "not stated"
    assert seen["t_end"] - seen["t_start"] == 4 * SECOND


def test_a_place_without_an_error_gets_the_wide_one_of_the_case(tmp_path: Path) -> None:
    bare = (
        "<origin><time><value>2025-04-20T06:10:00Z</value></time><latitude><value>48</value>"
        "</latitude><longitude><value>37</value></longitude></origin>"
    )
    assert only(tmp_path, event(bare))["sigma_m"] == 10_000
    assert only(tmp_path, event(bare), default_sigma_m=4000)["sigma_m"] == 4000
    with pytest.raises(InputError, match="default_sigma_m"):
        only(tmp_path, event(bare), default_sigma_m="wide")


def test_events_from_the_future_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "events.xml"
    path.write_bytes(document(event(origin())))
    read = read_all(SOURCE, path, {"received_before": "2025-04-20T06:00:00Z"})
    assert "future" in read.rejects["problem"][0]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a "b">]><q>&a;</q>', "declares"),
        (b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><q/>', "declares"),
        (document(event(origin())).replace(b"UTF-8", b"UTF-16"), "not UTF-8"),
        (document(event(origin())).decode().encode("utf-16"), "not UTF-8"),
        (document(event(origin()))[:-30], "no whole XML"),
        (b"", "no whole XML"),
        (b"<html><body/></html>", "no QuakeML"),
        (b"<a>" * 200 + b"</a>" * 200, "nested too deeply"),
        (HEAD.encode() + b"&undefined;" + TAIL.encode(), "no whole XML"),
    ],
    ids=[
        "entity",
        "external",
        "utf-16 told",
        "utf-16",
        "cut",
        "empty",
        "html",
        "deep",
        "undefined",
    ],
)
def test_what_attacks_or_is_broken_is_refused(tmp_path: Path, data: bytes, said: str) -> None:
    path = tmp_path / "events.xml"
    path.write_bytes(data)
    with pytest.raises(InputError, match=said) as refused:
        read_all(SOURCE, path, {})
    assert refused.value.where is not None


def test_a_document_that_is_too_long_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("truceline.evidence.sources.quakeml.LARGEST_BYTES", 100)
    path = tmp_path / "events.xml"
    path.write_bytes(SAMPLE.data)
    with pytest.raises(InputError, match="longer than"):
        read_all(SOURCE, path, {})


@settings(max_examples=80, deadline=None)
@given(
    where=st.floats(0, 1),
    removed=st.integers(0, 9),
    junk=st.binary(max_size=5) | st.sampled_from([b"<!DOCTYPE x>", b"<a>", b"</event>", b"1e999"]),
)
def test_a_damaged_document_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, where: float, removed: int, junk: bytes
) -> None:
    at = int(where * len(SAMPLE.data))
    data = SAMPLE.data[:at] + junk + SAMPLE.data[at + removed :]
    check_bytes(SOURCE, data, tmp_path_factory.mktemp("damaged"), name="events.xml")
