"""Events of a claim as lines of text: read one by one, each bad line with its own sentence."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Any, Final

from pydantic import ValidationError

from truceline.core.types.errors import InputError
from truceline.core.types.time import parse_time
from truceline.core.types.vocabulary import PHENOMENA
from truceline.record.claimed_events import MOST_EVENTS, ClaimedEvent

#: A line as it is to be written, shown on the form and in what is said of a bad one.
EXAMPLE: Final = "2026-11-01T04:30+02:00; 37.12, 48.31, 500; explosion_impact; near the mill"

#: What looks like a coordinate is never taken for an area's name.
_COORDINATE: Final = re.compile(r"°|\d[.,]\d\d|^[\d\s.,+\-−]+$")

#: What a field of an event is called on the form, and what to write.
_REMEDIES: Final = {
    "lon": "the longitude is a number from -180 to 180, and comes first",
    "lat": "the latitude is a number from -90 to 90, and comes second",
    "sigma_m": "the error is in metres, above 0 and up to 1,000,000",
    "area": "the name of an area has up to 100 characters",
    "words": "the words have up to 200 characters",
}


@dataclass(frozen=True)
class EventLines:
    """What lines of text say.

    Attributes
    ----------
    events : tuple of ClaimedEvent
        In the order of the lines.
    problems : tuple of str
        One sentence for each line that cannot be read, with its number and what to write.
    """

    events: tuple[ClaimedEvent, ...]
    problems: tuple[str, ...]


def read_event_lines(text: str) -> EventLines:
    """Read events, one a line: `time; longitude, latitude, error in metres; kind; words`.

    In place of the three numbers may stand the name of an area or a sector, and the words may
    be left out. Lines are counted from 1, empty ones too.
    """
    lines = [(n, line.strip()) for n, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) > MOST_EVENTS:
        return EventLines(
            (),
            (f"There are {len(lines):,} events: enter up to {MOST_EVENTS} with one claim.",),
        )
    events, problems = [], []
    for number, line in lines:
        try:
            events.append(_event(line))
        except InputError as error:
            problems.append(f"Line {number}: {error.message.rstrip('.')}; {error.hint}")
    return EventLines(tuple(events), tuple(problems))


def _event(line: str) -> ClaimedEvent:
    parts = [part.strip() for part in line.split(";", 3)]
    if len(parts) < 3:
        raise InputError(
            f"it has {len(parts)} of the three parts time; place; kind",
            hint=f"write it as {EXAMPLE}.",
        )
    said: dict[str, Any] = {"t": _time(parts[0]), "kind": _kind(parts[2]), **_place(parts[1])}
    try:
        return ClaimedEvent(**said, words="".join(parts[3:]))
    except ValidationError as error:
        name = str(error.errors()[0]["loc"][0])
        shown = str(said.get(name, parts[-1]))[:40]
        raise InputError(f"{shown!r} cannot be", hint=f"{_REMEDIES[name]}.") from None


def _time(text: str) -> int:
    try:
        return parse_time(text)
    except InputError as error:
        raise InputError(
            error.message.replace(repr(text), repr(text[:40])),
            hint="write it as 2026-11-01T04:30+02:00.",
        ) from None


def _kind(text: str) -> str:
    kind = text.lower().replace(" ", "_")
    if kind in PHENOMENA:
        return kind
    near = difflib.get_close_matches(kind, PHENOMENA, n=2, cutoff=0.5)
    hint = f"write {' or '.join(near)}." if near else "write a kind of the list below the lines."
    raise InputError(f"the kind {text[:40]!r} is not known", hint=hint)


def _place(text: str) -> dict[str, Any]:
    if not text:
        raise InputError(
            "it has no place", hint="write longitude, latitude, error in metres, or an area."
        )
    if not _COORDINATE.search(text):
        return {"area": text}
    try:
        lon, lat, sigma_m = (float(part.replace("−", "-")) for part in text.split(","))
    except ValueError:
        raise InputError(
            f"the place {text[:40]!r} is not three numbers",
            hint="write longitude, latitude and error in metres, such as 37.12, 48.31, 500.",
        ) from None
    return {"lon": lon, "lat": lat, "sigma_m": sigma_m}
