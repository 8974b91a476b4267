"""The bulletin as data: one JSON file with every number, and a CSV file for each table."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import polars as pl

from truceline.core.types import tables as core
from truceline.core.types.schema import Column, Schema
from truceline.judgement.judgement import UNWATCHED
from truceline.publish.bulletins import tables
from truceline.publish.bulletins.report import Bulletin

#: Which schema each data file has.
SCHEMAS = {
    "summary": tables.SUMMARY,
    "incidents": tables.LISTED,
    "counts": tables.COUNT,
    "attribution": tables.SHARE,
    "unwatched": UNWATCHED,
    "not_watched": tables.BLIND,
    "truce_states": tables.TRUCE,
    "truce_series": core.STATE,
    "claims": tables.CLAIM,
    "claim_items": tables.CLAIM_ITEM,
    "changes": tables.CHANGE,
    "sources": tables.SOURCE_USE,
    "weights": core.WEIGHT,
    "party_probabilities": core.ATTRIBUTION,
    "findings": core.FINDING,
    "observations": core.OBSERVATION,
}


def as_json(bulletin: Bulletin) -> str:
    """Return the bulletin as JSON, to the last digit; `read_published` reads it back."""
    data = {
        "schema": "truceline-bulletin-1",
        "identity": bulletin.identity,
        "kind": bulletin.kind,
        "issued": bulletin.issued,
        "period": list(bulletin.period),
        "period_before": None if bulletin.period_before is None else list(bulletin.period_before),
        "judged_period": list(bulletin.judged_period),
        "previous": bulletin.previous,
        "settings": dataclasses.asdict(bulletin.settings),
        "provenance": dict(bulletin.provenance),
        "tables": {name: table.to_dicts() for name, table in bulletin.tables().items()},
    }
    return json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def as_csv(bulletin: Bulletin) -> Iterator[tuple[str, str]]:
    """Yield each table's file name and text, and last the meaning of every column."""
    for name, table in bulletin.tables().items():
        yield f"{name}.csv", table.write_csv()
    rows = [
        {"file": f"{name}.csv", "column": c.name, "type": str(c.dtype), "meaning": c.doc}
        for name, schema in SCHEMAS.items()
        for c in _columns(name, schema)
    ]
    yield "columns.csv", pl.DataFrame(rows).write_csv()


def _columns(name: str, schema: Schema) -> tuple[Column, ...]:
    if name != "observations":
        return schema.columns
    return (core.INCIDENT.columns[0], *schema.columns)
