"""Reports sent in from the field: kept once each, then laid out as files for the pipeline."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from sqlalchemy import select

from truceline.core.store.sql import Database
from truceline.core.types.errors import InputError


def form_of(body: bytes) -> str:
    """Return the source that reads a form, from the form's own name in it.

    Raises
    ------
    InputError
        If the body is no JSON object, or of a form that is not known.
    """
    try:
        read = json.loads(body)
    except ValueError as cause:
        raise InputError("the report is not JSON.", hint="Send one JSON object.") from cause
    named = read.get("form") if isinstance(read, dict) else None
    known = {
        "truceline-patrol-report/1": "patrol_form",
        "truceline-hotline-report/1": "hotline_form",
    }
    if named not in known:
        raise InputError(
            "the report is of no known form.", hint=f"`form` is one of {', '.join(known)}."
        )
    return known[named]


def sha256_of(body: bytes) -> str:
    """Return the SHA-256 of a body, hex."""
    return hashlib.sha256(body).hexdigest()


def spool(database: Database, folder: Path) -> Path:
    """Lay out every report as a file, named by its number and hash; return the folder.

    What lies there already is left alone, so a stop in the middle does no harm.
    """
    from truceline.web.room.tables import REPORT

    with database.reading() as connection:
        rows = connection.execute(select(REPORT).order_by(REPORT.c.number)).all()
    for row in rows:
        target = folder / row.form / f"{row.number:08d}-{row.sha256[:16]}.json"
        if target.exists():
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_suffix(".part")
        draft.write_bytes(row.body)
        draft.replace(target)
    return folder
