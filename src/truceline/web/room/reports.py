"""Reports sent in from the field: checked as they come, then laid out as files for the pipeline."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from truceline.core.store.sql import Database
from truceline.core.types.errors import InputError
from truceline.evidence.sources.hotline_form.form import HotlineReport
from truceline.evidence.sources.patrol_form import PatrolReport
from truceline.evidence.sources.sensor_form.form import SensorReport
from truceline.web.room.tables import REPORT

#: Forms that are taken: the source that reads each, and the model that checks it.
FORMS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "truceline-patrol-report/1": ("patrol_form", PatrolReport),
    "truceline-hotline-report/1": ("hotline_form", HotlineReport),
    "truceline-sensor-report/1": ("sensor_form", SensorReport),
}

#: Reports and bytes in one file at most.
MOST_IN_FILE: Final = 5_000
MOST_BYTES: Final = 32 << 20

_NO_JSON: Final = "the report is not JSON."


def read_report(text: bytes | str) -> object:
    """Return what a text says.

    Raises
    ------
    InputError
        If it is not JSON.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as cause:
        raise InputError(_NO_JSON, hint="Send one JSON object.") from cause


def checked(report: object) -> tuple[str, bytes]:
    """Return a report's form and its body as it is kept: on one line, in one spelling.

    So a report that is sent again with other blanks or another order of fields is the same one.

    Raises
    ------
    InputError
        If it is of no known form, or not as the form asks; in one sentence with its field.
    """
    form = report.get("form") if isinstance(report, dict) else None
    if not isinstance(form, str) or form not in FORMS:
        raise InputError(
            "the report is of no known form.", hint=f"`form` is one of {', '.join(FORMS)}."
        )
    try:
        body = json.dumps(report, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as cause:
        raise InputError(_NO_JSON, hint="Send one JSON object.") from cause
    try:
        FORMS[form][1].model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the report"
        raise InputError(f"{field}: {first['msg']}.") from None
    return form, body


def sha256_of(body: bytes) -> str:
    """Return the SHA-256 of a body, hex."""
    return hashlib.sha256(body).hexdigest()


def lay_out(database: Database, folder: Path) -> list[Path]:
    """Lay out the reports that came since the last time, many to a file; return the new files.

    A line of a file is a report, and its SHA-256 is the one in the record. A file is named by
    the first and the last number in it and is there whole or not at all, so that after a stop
    it goes on behind the last one.
    """
    return [path for form in FORMS for path in _files_of(database, folder, form)]


def laid_out(folder: Path) -> int:
    """Return the number of the last report that was laid out; -1 before the first."""
    return max(_last(folder / source) for source, _ in FORMS.values())


def _files_of(database: Database, folder: Path, form: str) -> Iterator[Path]:
    target = folder / FORMS[form][0]
    target.mkdir(parents=True, exist_ok=True)
    while rows := _next(database, form, _last(target)):
        path = target / f"{rows[0][0]:010d}-{rows[-1][0]:010d}.jsonl"
        draft = path.with_suffix(".part")
        with draft.open("wb") as stream:
            stream.writelines(body + b"\n" for _, body in rows)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
        yield path


def _next(database: Database, form: str, after: int) -> list[tuple[int, bytes]]:
    """Return the next reports of a form, as many as go into a file."""
    wanted = (
        select(REPORT.c.number, REPORT.c.body)
        .where(REPORT.c.form == form, REPORT.c.number > after)
        .order_by(REPORT.c.number)
        .limit(MOST_IN_FILE)
    )
    rows: list[tuple[int, bytes]] = []
    size = 0
    with database.reading() as connection:
        for number, body in connection.execute(wanted):
            size += len(body)
            if rows and size > MOST_BYTES:
                break
            rows.append((number, bytes(body)))
    return rows


def _last(folder: Path) -> int:
    """Return the number of the last report that lies in a folder; -1 where there is none."""
    return max((int(path.stem.split("-")[1]) for path in folder.glob("*.jsonl")), default=-1)
