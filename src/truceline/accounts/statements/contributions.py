"""Positions of nations as a document of contributions that the planning of a force reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import yaml


def contributions_yaml(positions: pl.DataFrame, *, title: str) -> str:
    """Return what nations themselves stated, as `read_coalition` of the force reads it.

    Press figures, undated positions and those of nations against the force are left out. A
    nation's positions of one day become one; the last stands, and the words of all are kept.
    A caveat in words stays words, in the stance: which rule it means for a unit (kept off the
    line, only after an event) is for a planner to write.

    Parameters
    ----------
    positions : polars.DataFrame
        Of the schema `POSITIONS`.
    title : str
        What the document is about.
    """
    known = positions.filter(
        pl.col("official"), pl.col("date").is_not_null(), pl.col("stance") != "opposed"
    )
    by_day: dict[tuple[str, dt.date], list[dict[str, Any]]] = {}
    for row in known.sort("date", "nation", maintain_order=True).iter_rows(named=True):
        by_day.setdefault((row["nation"], row["date"]), []).append(row)
    entries = [_entry(nation, day, rows) for (nation, day), rows in by_day.items()]
    document = {"title": title, "positions": entries}
    return yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=96)


def _entry(nation: str, day: dt.date, rows: list[dict[str, Any]]) -> dict[str, Any]:
    words = [r["position"] + (f" (caveat: {r['caveat']})" if r["caveat"] else "") for r in rows]
    last = rows[-1]
    entry: dict[str, Any] = {
        "nation": nation,
        "date": day,
        "stance": "; ".join(dict.fromkeys(words)),
        "sources": list(dict.fromkeys(r["source"] for r in rows if r["source"])) or ["not given"],
        "source_kind": last["reliability"] or "press",
    }
    sizes = (("troops_low", last["troops_min"]), ("troops_high", last["troops_max"]))
    return entry | {name: int(value) for name, value in sizes if value is not None}
