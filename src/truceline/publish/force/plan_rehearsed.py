"""What rehearsals say of forces like the plan's: a sweep, and one force put to the test."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from truceline.core.store.declared_csv import read_declared
from truceline.core.types.errors import InputError, Where
from truceline.publish.bulletins.page import Cell, Figure, Section, Sheet
from truceline.publish.draw.force.changes import changes_chart
from truceline.publish.draw.sweeps import sweep_chart
from truceline.publish.force.plan_cells import hours, people, percent, said, sheet
from truceline.rehearsal.sweeps.stress import STRESS
from truceline.rehearsal.sweeps.summary import SUMMARY


@dataclass(frozen=True)
class Rehearsed:
    """What `truceline plan sweep` wrote.

    Attributes
    ----------
    sweep : polars.DataFrame
        `SUMMARY`: a row a force.
    stress : polars.DataFrame or None
        `STRESS`: one of the forces after each loss and at both ends of each assumption.
    """

    sweep: pl.DataFrame
    stress: pl.DataFrame | None = None


def read_rehearsed(folder: Path) -> Rehearsed:
    """Return the tables of a folder that `truceline plan sweep` wrote.

    Raises
    ------
    InputError
        If there is no sweep in it.
    SchemaError
        If a table is not what a sweep writes.
    """
    curves, tested = folder / "sweep.csv", folder / "stress.csv"
    if not curves.is_file():
        raise InputError(
            "there is no sweep in this folder.",
            where=Where(str(folder)),
            hint="Give the folder that `truceline plan sweep --out FOLDER` wrote.",
        )
    stress = read_declared(tested, STRESS) if tested.is_file() else None
    return Rehearsed(read_declared(curves, SUMMARY), stress)


def rehearsed(made: Rehearsed) -> Section:
    """Return the curves of a sweep, and what each loss and assumption changes in one force."""
    first = made.sweep.filter(pl.col("people") > 0).row(0, named=True)
    tested = [] if made.stress is None else _tested(made.stress)
    return Section(
        "rehearsed",
        "What rehearsals say",
        (
            said(
                "Forces of these sizes on the same rehearsed truces; nothing in them happened.",
                f"Reckoned on {first['people'] / first['people_per_km']:,.0f} km of line.",
            ),
            _curves(made.sweep),
            *tested,
        ),
    )


def _curves(sweep: pl.DataFrame) -> Figure:
    title = "Rehearsed: violations found, verified and attributed, by the size of the force"

    def drawn(width: float, ident: str) -> str | None:
        return sweep_chart(sweep, width=width, ident=ident, title=title)

    rows = [
        (r["force"], people(r["people"]), f"{r['people_per_km']:.1f}", percent(r["found"]),
         percent(r["verified"]), percent(r["attributed"]), hours(r["hours_to_verified"]))
        for r in sweep.to_dicts()
    ]  # fmt: skip
    heads = ("force", "people", "a km", "found", "verified", "attributed", "hours to verify")
    return Figure("sweep", title, drawn, sheet(title, heads, rows, numeric=range(1, 7)))


def _tested(stress: pl.DataFrame) -> list[Figure]:
    base = stress["base"][0]
    return [
        _changes(stress.filter(family=family), ident, title)
        for family, ident, title in (
            ("loss", "lost", f"Rehearsed: what {base} still verify when something fails"),
            ("assumption", "hung", f"Rehearsed: what the share that {base} verify hangs on"),
        )
    ]


def _changes(table: pl.DataFrame, name: str, title: str) -> Figure:
    def drawn(width: float, ident: str) -> str | None:
        return changes_chart(table, "verified", width=width, ident=ident, title=title)

    return Figure(name, title, drawn, _sheet(table, title))


def _sheet(table: pl.DataFrame, title: str) -> Sheet:
    def points(value: float | None) -> Cell:
        return Cell("-") if value is None else Cell(f"{100 * value:+.1f}", value)

    rows = [
        (r["what"], r["tried"], percent(r["verified"]), points(r["verified_change"]),
         points(r["verified_change_low"]), points(r["verified_change_high"]))
        for r in table.to_dicts()
    ]  # fmt: skip
    heads = ("what", "tried", "verified", "change, points", "from", "to (90 %)")
    return sheet(title, heads, rows, numeric=range(2, 6), folded=True)
