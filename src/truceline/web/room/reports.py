"""Reports sent in from the field: kept once each, then laid out as files for the pipeline."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError
from sqlalchemy import select

from truceline.core.store.sql import Database
from truceline.core.types.errors import InputError
from truceline.evidence.sources.hotline_form.form import HotlineReport
from truceline.evidence.sources.patrol_form import PatrolReport
from truceline.web.room.tables import REPORT

#: Forms that are taken: the source that reads each, and the model that checks it.
FORMS: Final[dict[str, tuple[str, type[BaseModel]]]] = {
    "truceline-patrol-report/1": ("patrol_form", PatrolReport),
    "truceline-hotline-report/1": ("hotline_form", HotlineReport),
}


def form_of(body: bytes) -> str:
    """Return the source that reads a form, from the form's own name in it.

    Raises
    ------
    InputError
        If the body is no JSON object, or of a form that is not known.
    """
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as cause:
        raise InputError("the report is not JSON.", hint="Send one JSON object.") from cause
    named = read.get("form") if isinstance(read, dict) else None
    if not isinstance(named, str) or named not in FORMS:
        raise InputError(
            "the report is of no known form.", hint=f"`form` is one of {', '.join(FORMS)}."
        )
    return named


def refusal_of(body: bytes) -> str | None:
    """Return why a report is not taken, in one sentence with its field; None where it is."""
    try:
        FORMS[form_of(body)][1].model_validate_json(body)
    except InputError as error:
        return str(error)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the report"
        return f"{field}: {first['msg']}."
    return None


def sha256_of(body: bytes) -> str:
    """Return the SHA-256 of a body, hex."""
    return hashlib.sha256(body).hexdigest()


def spool(database: Database, folder: Path) -> int:
    """Lay out every report as a file, named by its number and hash; return how many there are.

    What lies there already is left alone, so a stop in the middle does no harm.
    """
    with database.reading() as connection:
        rows = connection.execute(select(REPORT).order_by(REPORT.c.number)).all()
    for row in rows:
        target = folder / FORMS[row.form][0] / f"{row.number:08d}-{row.sha256[:16]}.json"
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        draft.write_bytes(row.body)
        draft.replace(target)
    return len(rows)
