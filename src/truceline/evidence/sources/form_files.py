"""Files of JSON forms: one report, a list of them, or one a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import OBSERVATION
from truceline.evidence.observations import file_digest, observation_id

#: A longer file is no report.
LARGEST_BYTES: Final = 64 << 20


def reports_in(path: Path) -> list[object]:
    """Return the reports of a file, not checked yet.

    Raises
    ------
    InputError
        If the file is too large, no UTF-8, or no JSON.
    """
    where = Where(str(path))
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError("the file is too large for reports.", where=where, hint="Split it.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as cause:
        raise InputError("the file is not UTF-8.", where=where, hint="Save it as UTF-8.") from cause
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as whole:
        lines = _lines(text)
        if not lines:
            raise InputError(
                f"the file is no whole JSON: {whole}.", where=where, hint="Send the report again."
            ) from whole
        return lines
    return document if isinstance(document, list) else [document]


def observed(
    rows: Sequence[dict[str, object]], source: str, named_by: tuple[str, ...], path: Path
) -> pl.DataFrame:
    """Return the observations of a file's entries.

    Parameters
    ----------
    rows : sequence of dict
        Columns of the schema `OBSERVATION` but those that follow here, and those of `named_by`.
    source : str
        Name of the source.
    named_by : tuple of str
        Columns of text that make an entry what it is, whatever file it comes in.
    path : Path
        The file.
    """
    if not rows:
        return OBSERVATION.empty()
    own = {name: dtype for name, dtype in OBSERVATION.dtypes().items() if name != "obs_id"}
    table = pl.DataFrame(rows, schema=own | dict.fromkeys(named_by, pl.String()), strict=False)
    return OBSERVATION.conform(
        table.with_columns(
            obs_id=observation_id(source, list(named_by)),
            source=pl.lit(source),
            raw_file=pl.lit(file_digest(path)),
        )
    )


def _lines(text: str) -> list[object]:
    """Return what the lines say; one that is no JSON among others that are is its own text."""
    # Only at line feeds: JSON may hold the other marks that `splitlines` parts at.
    read = [_line(line) for line in text.split("\n") if line.strip()]
    return read if any(isinstance(said, dict) for said in read) else []


def _line(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return line
