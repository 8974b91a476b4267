"""Observations as sensors send them: alone, or many in a data array (OGC 18-088, section 13)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError

from truceline.core.types.errors import InputError
from truceline.evidence.sources.sensor_form import fault_of
from truceline.evidence.sources.sensor_form.form import FORM, Observed, Stream
from truceline.web.room.intake import Sent
from truceline.web.room.reports import sha256_of

#: Columns of a data array; a slash leads into a column.
COMPONENTS: Final = (
    "phenomenonTime", "resultTime", "result", "FeatureOfInterest", "parameters",
)  # fmt: skip

#: Observations in one request at most.
MOST: Final = 1_000


def one_of(body: object, streams: Mapping[str, Stream], within: str | None) -> tuple[Stream, Any]:
    """Return an observation and the datastream it belongs to.

    Parameters
    ----------
    within : str or None
        The datastream that the address names.

    Raises
    ------
    InputError
        In one sentence, where it is no good.
    """
    if not isinstance(body, dict):
        raise InputError("the observation is no JSON object.")
    rest = {key: value for key, value in body.items() if key != "Datastream"}
    stream = _stream(body.get("Datastream", {"@iot.id": within}), streams)
    if within is not None and stream.id != within:
        raise InputError("the observation and the address name different datastreams.")
    try:
        Observed.model_validate(rest)
    except ValidationError as fault:
        raise InputError(fault_of(fault)[1]) from None
    return stream, rest


def many_of(body: object, streams: Mapping[str, Stream]) -> list[tuple[Stream, Any]]:
    """Return the observations of data arrays, the bad ones as they are.

    Raises
    ------
    InputError
        Where the arrays themselves cannot be read.
    """
    if not isinstance(body, list):
        raise InputError("the body is no list of data arrays.")
    found = [pair for array in body for pair in _rows(array, streams)]
    if not 1 <= len(found) <= MOST:
        raise InputError(
            f"there are {len(found)} observations.", hint=f"Send 1 to {MOST} at a time."
        )
    return found


def is_good(observation: object) -> bool:
    """Return whether an observation would be taken alone."""
    try:
        Observed.model_validate(observation)
    except ValidationError:
        return False
    return True


def report_of(stream: Stream, observation: object, account: str) -> Sent:
    """Return the report that is kept of an observation; the same one has the same key."""
    told = {"form": FORM, "stream": stream.model_dump(mode="json"), "observation": observation}
    try:
        body = json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except ValueError as cause:
        raise InputError("the observation is not JSON.") from cause
    digest = sha256_of(body)
    return Sent(f"sta-{digest[:40]}", FORM, digest, body, account)


def _stream(link: object, streams: Mapping[str, Stream]) -> Stream:
    key = link.get("@iot.id") if isinstance(link, dict) else None
    if not isinstance(key, str) or key not in streams:
        raise InputError(
            "there is no such datastream.", hint="Its name is in Datastreams, as @iot.id."
        )
    return streams[key]


def _rows(array: object, streams: Mapping[str, Stream]) -> list[tuple[Stream, Any]]:
    given = array if isinstance(array, dict) else {}
    stream = _stream(given.get("Datastream"), streams)
    names, rows = given.get("components"), given.get("dataArray")
    if not isinstance(names, list) or not isinstance(rows, list):
        raise InputError("a data array has `components` and `dataArray`.")
    strange = [name for name in names if not _is_component(name)]
    if strange:
        raise InputError(
            f"there is no component {str(strange[0])[:40]!r}.",
            hint=f"Known: {', '.join(COMPONENTS)}, and parameters/NAME.",
        )
    return [(stream, _row(names, row)) for row in rows]


def _is_component(name: object) -> bool:
    return isinstance(name, str) and (name in COMPONENTS or name.startswith("parameters/"))


def _row(names: list[str], row: object) -> object:
    """Return a row as an observation; one of another length stays as it is, and is rejected."""
    if not isinstance(row, list) or len(row) != len(names):
        return row
    told: dict[str, Any] = {}
    for name, value in zip(names, row, strict=True):
        column, _, inner = name.partition("/")
        if not inner:
            told[column] = value
        elif isinstance(told.setdefault(column, {}), dict):
            told[column][inner] = value
    return told
