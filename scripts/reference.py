"""Write the pages of the reference that are made from the code: its commands and its tables.

    python scripts/reference.py [--check]

With `--check` nothing is written, and a page that is not as the code says ends it with 1.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

from truceline.core.types import tables
from truceline.core.types.schema import Column, Schema

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"

TABLES = """# Tables

The tables that go through the whole system, as `truceline/core/types/tables.py` declares them.
Times are UTC microseconds, places WGS 84 degrees, lengths metres. What is not known is null.
"""

COMMANDS = """# Commands

What each command says of itself with `--help`.
"""


def commands() -> str:
    """Return the page of the commands, as Typer writes it."""
    told = subprocess.run(
        [sys.executable, "-m", "typer", "truceline.cli.main", "utils", "docs"],
        capture_output=True, text=True, check=True, env={**os.environ, "TERM": "dumb"},
    ).stdout  # fmt: skip
    at = told.index("## `truceline ")
    return COMMANDS + "\n" + html.unescape(re.sub(r"\n{3,}", "\n\n", told[at:])).strip() + "\n"


def schemas() -> str:
    """Return the page of the tables."""
    found = [value for value in vars(tables).values() if isinstance(value, Schema)]
    return "\n".join([TABLES, *(_table(schema) for schema in found)])


def _table(schema: Schema) -> str:
    rows = "\n".join(_row(column) for column in schema.columns)
    return (
        f"## {schema.name}\n\n| column | type | may be null | bounds | what it means |\n"
        f"| --- | --- | --- | --- | --- |\n{rows}\n"
    )


def _row(column: Column) -> str:
    kind = str(column.dtype).split("(")[0]
    bounds = "" if column.low is None else f"from {column.low:g}"
    bounds += "" if column.high is None else f" to {column.high:g}"
    null = "yes" if column.nullable else ""
    return f"| `{column.name}` | {kind} | {null} | {bounds.strip()} | {column.doc} |"


PAGES = {"commands.md": commands, "tables.md": schemas}


def main() -> None:
    """Write the pages, or say which are not as the code says."""
    stale = []
    for name, made in PAGES.items():
        page, text = REFERENCE / name, made()
        if "--check" not in sys.argv:
            page.write_text(text, encoding="utf-8")
        elif not page.is_file() or page.read_text(encoding="utf-8") != text:
            stale.append(name)
    if stale:
        sys.exit(f"{', '.join(stale)}: not what the code says; run `make reference`.")


if __name__ == "__main__":
    main()
