"""What changed since the last bulletin, incident by incident."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.publish.bulletins.listing import within
from truceline.publish.bulletins.tables import CHANGE, LISTED

#: A probability that moved by less than this is not called a change.
NOTABLE_SHIFT = 0.05


@dataclass(frozen=True)
class Published:
    """A bulletin that is out: its identity, period and two lists.

    Attributes
    ----------
    identity : str
        As printed on it.
    period : tuple of int
        What it covered, UTC microseconds.
    incidents : polars.DataFrame
        Table of the schema `LISTED`.
    """

    identity: str
    period: tuple[int, int]
    incidents: pl.DataFrame


def read_published(path: Path) -> Published:
    """Read the data file of a bulletin that is out."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        start, end = data["period"]
        rows = data["tables"]["incidents"]
        return Published(
            data["identity"],
            (int(start), int(end)),
            LISTED.conform(pl.DataFrame(rows, schema=LISTED.dtypes())),
        )
    except (ValueError, KeyError, TypeError) as cause:
        raise InputError(
            "this is not the data file of a bulletin.",
            where=Where(str(path)),
            hint="Give the bulletin.json that was written with the last bulletin.",
        ) from cause


def changes(published: Published, incidents: pl.DataFrame, labels: pl.DataFrame) -> pl.DataFrame:
    """Return how what we now say differs from what was published, in its period.

    Parameters
    ----------
    published : Published
        The last bulletin.
    incidents : polars.DataFrame
        All incidents as judged now, with their assessments.
    labels : polars.DataFrame
        `incident_id` and `label` of the incidents listed now.
    """
    rows: list[dict[str, object]] = []
    old = published.incidents.sort("t_best", "incident_id")
    still = incidents.join(old, on="incident_id", how="semi")
    current = {row["incident_id"]: row for row in still.iter_rows(named=True)}
    for row in old.iter_rows(named=True):
        rows.extend(_differences(row, current.get(row["incident_id"])))
    known = set(old["incident_id"])
    late = within(incidents, published.period).filter(pl.col("listed") != "background")
    for row in late.sort("t_best", "incident_id").iter_rows(named=True):
        if row["incident_id"] not in known:
            rows.append(_row(row["incident_id"], "late", None, row["listed"]))
    table = pl.DataFrame(rows, schema={**CHANGE.dtypes()}).drop("label")
    return CHANGE.conform(
        table.join(
            labels.select("incident_id", "label"),
            on="incident_id",
            how="left",
            maintain_order="left",
        )
    )


def _differences(
    old: Mapping[str, object], new: Mapping[str, object] | None
) -> list[dict[str, object]]:
    identity = old["incident_id"]
    if new is None:
        return [_row(identity, "withdrawn", old["listed"], None)]
    found = [
        _row(identity, change, old[field], new[field])
        for field, change in (("listed", "moved"), ("party", "party"), ("clause", "clause"))
        if old[field] != new[field]
    ]
    before, after = float(str(old["p_violation"])), float(str(new["p_violation"]))
    if abs(after - before) >= NOTABLE_SHIFT:
        found.append(_row(identity, "probability", repr(before), repr(after)))
    return found


def _row(identity: object, change: str, before: object, after: object) -> dict[str, object]:
    return {
        "incident_id": identity,
        "label": None,
        "change": change,
        "before": before,
        "after": after,
    }
