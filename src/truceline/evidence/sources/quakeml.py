"""QuakeML 1.2: seismic events, among them explosions, with the error of time and place."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast
from xml.etree import ElementTree

import polars as pl

from truceline.core.types.errors import InputError, TrucelineError, Where
from truceline.core.types.tables import OBSERVATION, REJECT
from truceline.core.types.time import SECOND, parse_time
from truceline.evidence.observations import file_digest, observation_id
from truceline.evidence.sources.checks import moment
from truceline.evidence.sources.damage import RAW_LENGTH
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

#: A document is held as a whole, and a longer one is refused: ask the service for less.
LARGEST_BYTES: Final = 256 << 20

#: Elements deeper than this are no QuakeML.
_DEEPEST: Final = 32

_NAMESPACE: Final = b"http://quakeml.org/xmlns/"
_DECLARATIONS: Final = re.compile(r"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)

#: One degree of latitude, metres.
_DEGREE_M: Final = 111_320.0

#: Event types that are explosions; all others are kept as `other` with their type.
EXPLOSIONS: Final = frozenset(
    {
        "explosion", "accidental explosion", "chemical explosion", "controlled explosion",
        "experimental explosion", "industrial explosion", "mining explosion", "nuclear explosion",
        "quarry blast", "road cut", "blasting levee",
    }
)  # fmt: skip

#: Types that are work and not fighting; the weighing reads them from the attributes.
INDUSTRIAL: Final = frozenset(
    {
        "quarry blast", "road cut", "blasting levee", "mining explosion", "industrial explosion",
        "controlled explosion", "experimental explosion",
    }
)  # fmt: skip

INFO = SourceInfo(
    name="quakeml",
    title="QuakeML 1.2: seismic events",
    publisher="The agency that located them; it is the witness",
    licence="The agency's",
    instrument="seismic",
    phenomena=("explosion", "other"),
    witness="One agency, however many solutions it gives of an event.",
    effort="None: a network's silence means nothing without its detection threshold.",
    limits=(
        "Small charges are below the threshold. An event without a stated error of place is given "
        "a wide one. Earthquakes are kept, as `other`, so that they can explain what was felt; "
        "an event without a type is `other` too."
    ),
    settings={
        "default_sigma_m": "Error of a place that states none, metres; 10,000 unless told.",
        "default_time_s": "Error of an origin time that states none, seconds; 2 unless told.",
        "handling": "Traffic Light Protocol mark of the observations; CLEAR unless told.",
        "received_before": "A time with its offset; events from later are rejected.",
    },
)


@dataclass(frozen=True)
class _Defaults:
    sigma_m: float
    time_s: float
    handling: str
    latest: int | None


@dataclass(frozen=True)
class QuakeMlSource:
    """Reads QuakeML without entities, external references or documents of any depth."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the text names the namespace of QuakeML."""
        return _NAMESPACE in sample.head and b"<" in sample.head[:256]

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield the events of a document, and the rejected ones."""
        root = _document(path)
        defaults = _defaults(settings, path)
        rows: list[dict[str, object]] = []
        rejects: list[dict[str, object]] = []
        for number, event in enumerate(_all(root, "event"), start=1):
            try:
                rows.append(_event(event, defaults) | {"raw_row": number})
            except TrucelineError as fault:
                rejects.append(_reject(path, number, event, fault))
        yield Batch(
            _observations(rows, self.info.name, file_digest(path), defaults),
            rejects=pl.DataFrame(rejects, schema=REJECT.dtypes()),
            rows=len(rows) + len(rejects),
        )


def _document(path: Path) -> ElementTree.Element:
    where = Where(str(path))
    text = _text_of(path, where)
    if _DECLARATIONS.search(text):
        raise InputError(
            "the document declares a type or entities, which QuakeML does not need.",
            where=where,
            hint="Remove the declaration; it may hide an attack.",
        )
    try:
        root = _parsed(text)
    except ElementTree.ParseError as cause:
        raise InputError(
            f"the document is no whole XML: {cause}.", where=where, hint="Fetch it again."
        ) from cause
    if root is None:
        raise InputError(
            "the document is nested too deeply.", where=where, hint="Check its origin."
        )
    if _local(root) != "quakeml":
        raise InputError(
            "the document is no QuakeML.", where=where, hint="Ask the service for QuakeML 1.2."
        )
    return root


def _text_of(path: Path, where: Where) -> str:
    """Return the text, in the one encoding in which a declaration cannot hide."""
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(
            f"the document is longer than {LARGEST_BYTES >> 20} MiB.",
            where=where,
            hint="Ask the service for a shorter time.",
        )
    raw = path.read_bytes()
    encoding = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)", raw[:200])
    told = b"utf-8" if encoding is None else encoding.group(1).lower()
    if told not in {b"utf-8", b"us-ascii", b"ascii"} or b"\x00" in raw:
        raise _other_encoding(where)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as cause:
        raise _other_encoding(where) from cause


def _other_encoding(where: Where) -> InputError:
    return InputError("the document is not UTF-8.", where=where, hint="Save it as UTF-8.")


def _parsed(text: str) -> ElementTree.Element | None:
    """Return the root, or none where elements are nested too deeply.

    Without a declaration there are no entities, so the parser has nothing to expand or fetch.
    """
    parser: ElementTree.XMLPullParser[ElementTree.Element] = ElementTree.XMLPullParser(
        events=("start", "end")
    )
    root: ElementTree.Element | None = None
    depth = 0
    for start in range(0, len(text), 1 << 20):
        parser.feed(text[start : start + (1 << 20)])
        told = cast("Iterator[tuple[str, ElementTree.Element]]", parser.read_events())
        for kind, element in told:
            root = element if root is None else root
            depth += 1 if kind == "start" else -1
            if depth > _DEEPEST:
                return None
    parser.close()
    return root


def _defaults(settings: Mapping[str, object], path: Path) -> _Defaults:
    try:
        sigma = float(str(settings.get("default_sigma_m", 10_000)))
        seconds = float(str(settings.get("default_time_s", 2)))
    except ValueError:
        sigma, seconds = math.nan, math.nan
    if not (0 <= sigma <= 1e6 and 0 <= seconds <= 86_400):
        raise InputError(
            "default_sigma_m or default_time_s is not a number in bounds.",
            where=Where(str(path)),
            hint="Give metres and seconds.",
        )
    latest = moment(settings.get("received_before"))
    return _Defaults(sigma, seconds, str(settings.get("handling", "CLEAR")), latest)


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rsplit("}", 1)[-1]


def _all(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [child for child in element.iter() if _local(child) == name]


def _child(element: ElementTree.Element | None, *names: str) -> ElementTree.Element | None:
    for name in names:
        if element is None:
            return None
        element = next((child for child in element if _local(child) == name), None)
    return element


def _text(element: ElementTree.Element | None, *names: str) -> str | None:
    found = _child(element, *names)
    return None if found is None or found.text is None else found.text.strip() or None


def _number(
    element: ElementTree.Element | None, *names: str, low: float, high: float
) -> float | None:
    text = _text(element, *names)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not low <= value <= high:
        raise InputError(
            f"{names[-2] if names[-1] == 'value' else names[-1]} is {text[:40]!r}, "
            f"not a number from {low:g} to {high:g}.",
            hint="Ask the agency for the event again.",
        )
    return value


def _event(event: ElementTree.Element, defaults: _Defaults) -> dict[str, object]:
    origin = _preferred(event, "origin", "preferredOriginID")
    if origin is None:
        raise InputError("the event has no origin.", hint="Leave out events that are not located.")
    text = _text(origin, "time", "value")
    if text is None:
        raise InputError("the origin has no time.", hint="Ask the agency for the event again.")
    # QuakeML means UTC where no offset is written.
    time = parse_time(text if re.search(r"(Z|[+-]\d{2}:?\d{2})$", text) else f"{text}Z")
    error = _number(origin, "time", "uncertainty", low=0, high=86_400)
    spread = round((defaults.time_s if error is None else error) * SECOND)
    if defaults.latest is not None and time - spread > defaults.latest:
        raise InputError("the event is from the future.", hint="Check the clock of the sender.")
    lat = _number(origin, "latitude", "value", low=-90, high=90)
    lon = _number(origin, "longitude", "value", low=-180, high=180)
    if lat is None or lon is None:
        raise InputError("the origin has no place.", hint="Ask the agency for the event again.")
    kind = _text(event, "type")
    creation = _text(origin, "creationInfo", "creationTime")
    return {
        "public_id": str(event.get("publicID", "")),
        "content": f"{text} {lat!r} {lon!r} {kind}",
        "witness": _agency(event, origin),
        "t_start": time - spread,
        "t_end": time + spread,
        "received_at": _received(creation, time),
        "lon": lon,
        "lat": lat,
        "sigma_m": _sigma_m(origin, lat, defaults),
        "phenomenon": "explosion" if kind in EXPLOSIONS else "other",
        "attributes": _attributes(event, origin, kind),
    }


def _attributes(event: ElementTree.Element, origin: ElementTree.Element, kind: str | None) -> str:
    said = {
        "type": kind,
        "certainty": _text(event, "typeCertainty"),
        "industrial": kind in INDUSTRIAL if kind else None,
        "magnitude": _magnitude(event),
        "depth_m": _number(origin, "depth", "value", low=-20_000, high=1e6),
        "status": _text(origin, "evaluationStatus"),
        "mode": _text(origin, "evaluationMode"),
    }
    known = {name: value for name, value in said.items() if value is not None}
    return json.dumps(known, ensure_ascii=False)


def _preferred(event: ElementTree.Element, name: str, key: str) -> ElementTree.Element | None:
    """Return the solution that the agency prefers, or the first."""
    solutions = [child for child in event if _local(child) == name]
    wanted = _text(event, key)
    named = [s for s in solutions if wanted is not None and s.get("publicID") == wanted]
    return next(iter([*named, *solutions]), None)


def _magnitude(event: ElementTree.Element) -> float | None:
    best = _preferred(event, "magnitude", "preferredMagnitudeID")
    return _number(best, "mag", "value", low=-10, high=12)


def _agency(event: ElementTree.Element, origin: ElementTree.Element) -> str:
    named = _text(origin, "creationInfo", "agencyID") or _text(event, "creationInfo", "agencyID")
    return f"agency {named}" if named else "not stated"


def _received(creation: str | None, time: int) -> int:
    """Return when the solution was made, if that can be read and is not before the event."""
    if creation is None:
        return time
    try:
        made = parse_time(creation if creation.endswith("Z") else f"{creation}Z")
    except InputError:
        return time
    return max(made, time)


def _sigma_m(origin: ElementTree.Element, lat: float, defaults: _Defaults) -> float:
    """Return the error of the place, one sigma, circular.

    From the errors of latitude and longitude (degrees, one sigma), their mean square; else
    from `horizontalUncertainty` (metres); else the default.
    """
    north = _number(origin, "latitude", "uncertainty", low=0, high=90)
    east = _number(origin, "longitude", "uncertainty", low=0, high=180)
    if north is not None and east is not None:
        metres = (north * _DEGREE_M, east * _DEGREE_M * math.cos(math.radians(lat)))
        return round(math.hypot(*metres) / math.sqrt(2.0), 3)
    told = _number(origin, "originUncertainty", "horizontalUncertainty", low=0, high=2.1e7)
    return defaults.sigma_m if told is None else told


def _reject(
    path: Path, number: int, event: ElementTree.Element, fault: TrucelineError
) -> dict[str, object]:
    return {
        "file": str(path),
        "raw_row": number,
        "field": None,
        "problem": fault.message,
        "remedy": fault.hint or "Ask the agency for the event again.",
        "raw": ElementTree.tostring(event, encoding="unicode")[:RAW_LENGTH],
    }


def _observations(
    rows: list[dict[str, object]], source: str, sha256: str, defaults: _Defaults
) -> pl.DataFrame:
    if not rows:
        return OBSERVATION.empty()
    return OBSERVATION.conform(
        pl.DataFrame(rows, infer_schema_length=None).with_columns(
            obs_id=observation_id(source, ["public_id", "content", "witness"]),
            source=pl.lit(source),
            instrument=pl.lit("seismic"),
            count=pl.lit(1.0),
            handling=pl.lit(defaults.handling),
            raw_file=pl.lit(sha256),
        )
    )


SOURCE = QuakeMlSource()
