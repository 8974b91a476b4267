"""Files of JSON forms: one report, a list of them, or one a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from truceline.core.types.errors import InputError, Where

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
