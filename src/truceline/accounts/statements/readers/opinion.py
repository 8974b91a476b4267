"""Readers of positions of nations on a force, and of polls."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import polars as pl

from truceline.accounts.statements.form import read_date
from truceline.accounts.statements.positions import POLLS, POSITIONS, stance_of
from truceline.core.store.declared_csv import separator_of
from truceline.core.types.errors import InputError, Where

_POSITION_COLUMNS: Final = (
    "date",
    "nation",
    "role",
    "position",
    "troops_min",
    "troops_max",
    "caveat",
    "source_url",
    "source_reliability",
)
_POLL_COLUMNS: Final = (
    "fieldwork_start",
    "fieldwork_end",
    "published",
    "pollster",
    "client",
    "country",
    "question_in_own_words",
    "support_pct",
    "oppose_pct",
    "dont_know_pct",
    "n",
    "source_url",
)


def read_positions(path: Path) -> pl.DataFrame:
    """Read positions of nations (date, nation, role, position, troops, caveat, source)."""
    rows = []
    for number, row in _rows(path, _POSITION_COLUMNS):
        where = Where(str(path), row=number)
        day, precision = _day(row["date"], where, "date")
        text = f"{row['position']} {row['caveat']}".lower()
        rows.append(
            {
                "date": day,
                "date_precision": precision,
                "nation": row["nation"],
                "role": row["role"],
                "stance": stance_of(row["role"]),
                "position": row["position"],
                "troops_min": _number(row["troops_min"], where, "troops_min"),
                "troops_max": _number(row["troops_max"], where, "troops_max"),
                "caveat": row["caveat"] or None,
                "official": not ("unofficial" in text or text.startswith("press ")),
                "source": row["source_url"],
                "reliability": row["source_reliability"],
            }
        )
    return POSITIONS.conform(pl.DataFrame(rows, schema=POSITIONS.dtypes()))


def read_polls(path: Path) -> pl.DataFrame:
    """Read polls (who asked whom, when, in which words, with which shares)."""
    rows = []
    for number, row in _rows(path, _POLL_COLUMNS):
        where = Where(str(path), row=number)
        end, precision = _day(row["fieldwork_end"] or row["published"], where, "fieldwork_end")
        rows.append(
            {
                "date": end,
                "date_precision": precision,
                "country": row["country"],
                "pollster": row["pollster"],
                "client": row["client"] or None,
                "question": row["question_in_own_words"],
                "support_pct": _number(row["support_pct"], where, "support_pct"),
                "oppose_pct": _number(row["oppose_pct"], where, "oppose_pct"),
                "dont_know_pct": _number(row["dont_know_pct"], where, "dont_know_pct"),
                "n": _number(row["n"], where, "n"),
                "source": row["source_url"],
            }
        )
    return POLLS.conform(pl.DataFrame(rows, schema=POLLS.dtypes(), strict=False))


def _rows(path: Path, needed: tuple[str, ...]) -> list[tuple[int, Mapping[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        separator = separator_of(stream.readline())
        stream.seek(0)
        reader = csv.DictReader(stream, delimiter=separator)
        names = [name.strip() for name in reader.fieldnames or []]
        reader.fieldnames = names
        missing = [name for name in needed if name not in names]
        if missing:
            raise InputError(
                f"the table lacks the column {missing[0]!r}.",
                where=Where(str(path), row=1, field=missing[0]),
                hint=f"Expected are {', '.join(needed)}.",
            )
        return [
            (number, {k: (v or "").strip() for k, v in row.items() if k})
            for number, row in enumerate(reader, start=1)
        ]


def _day(text: str, where: Where, field: str) -> tuple[dt.date | None, str]:
    try:
        return read_date(text)
    except InputError as cause:
        place = Where(where.file, where.row, field)
        raise InputError(cause.message, where=place, hint=cause.hint) from cause


def _number(text: str, where: Where, field: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError as cause:
        raise InputError(
            f"{text!r} is not a number.",
            where=Where(where.file, where.row, field),
            hint="Write it as 40.5, or leave it empty where it is not known.",
        ) from cause
