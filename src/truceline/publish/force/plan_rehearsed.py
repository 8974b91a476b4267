"""What rehearsals say of forces like the plan's: a sweep, and one force put to the test."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from truceline.core.store.declared_csv import read_declared
from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Schema
from truceline.publish.bulletins.page import Cell, Figure, Section, Sheet
from truceline.publish.draw.force.changes import changes_chart, changes_pieces, widest_first
from truceline.publish.draw.force.late_steps import late_steps
from truceline.publish.draw.sweeps import sweep_chart
from truceline.publish.force.plan_cells import hours, of_line, people, percent, said, sheet
from truceline.publish.force.sweep_words import clock_rows, points_between, steps_drawn
from truceline.rehearsal.sweeps.ladder import CLOCKS_BY_FORCE
from truceline.rehearsal.sweeps.stress import STRESS
from truceline.rehearsal.sweeps.summary import GAINS, SUMMARY


@dataclass(frozen=True)
class Rehearsed:
    """What `truceline plan sweep` wrote.

    Attributes
    ----------
    sweep : polars.DataFrame
        `SUMMARY`: a row a force.
    stress : polars.DataFrame or None
        `STRESS`: one of the forces after each loss and at both ends of each assumption.
    gains : polars.DataFrame or None
        `GAINS`: what the next battalion and the next hundred sensors add.
    clocks : polars.DataFrame or None
        `CLOCKS_BY_FORCE`: the ladder with what each force finds.
    """

    sweep: pl.DataFrame
    stress: pl.DataFrame | None = None
    gains: pl.DataFrame | None = None
    clocks: pl.DataFrame | None = None


def read_rehearsed(folder: Path) -> Rehearsed:
    """Return the tables of a folder that `truceline plan sweep` wrote.

    Raises
    ------
    InputError
        If there is no sweep in it.
    SchemaError
        If a table is not what a sweep writes.
    """
    curves = folder / "sweep.csv"
    if not curves.is_file():
        raise InputError(
            "there is no sweep in this folder.",
            where=Where(str(folder)),
            hint="Give the folder that `truceline plan sweep --out FOLDER` wrote.",
        )
    beside = (("stress", STRESS), ("gains", GAINS), ("ladder", CLOCKS_BY_FORCE))
    return Rehearsed(
        read_declared(curves, SUMMARY), *(_read(folder / f"{n}.csv", kind) for n, kind in beside)
    )


def _read(path: Path, schema: Schema) -> pl.DataFrame | None:
    return read_declared(path, schema) if path.is_file() else None


def rehearsed(made: Rehearsed) -> Section:
    """Return the curves of a sweep, and what each loss and assumption changes in one force."""
    first = made.sweep.filter(pl.col("people") > 0).row(0, named=True)
    long = of_line(first["people"] / first["people_per_km"])
    tested = [] if made.stress is None else _tested(made.stress, long)
    steps = [] if made.gains is None else _steps(made.gains, long)
    clocks = [] if made.clocks is None else [_clocks(made.clocks, long)]
    return Section(
        "rehearsed",
        "What rehearsals say",
        (
            said(
                "Forces of these sizes on the same rehearsed truces; nothing in them happened.",
                f"Reckoned on {long}.",
            ),
            _curves(made.sweep, long),
            *steps,
            *clocks,
            *tested,
        ),
    )


def _curves(sweep: pl.DataFrame, long: str) -> Figure:
    title = f"Rehearsed on {long}: violations found, verified and attributed, by size of the force"

    def drawn(width: float, ident: str) -> str | None:
        return sweep_chart(sweep, width=width, ident=ident, title=title)

    rows = [
        (r["force"], people(r["people"]), f"{r['people_per_km']:.1f}", people(r["cameras"]),
         percent(r["found"]), percent(r["verified"]), percent(r["attributed"]),
         hours(r["hours_to_found"]), hours(r["hours_to_verified"]),
         hours(r["hours_to_attributed"]), percent(r["unwatched"]))
        for r in sweep.to_dicts()
    ]  # fmt: skip
    heads = ("force", "people", "a km", "cameras", "found", "verified", "attributed",
             "hours to find", "to verify", "to name, at most", "impacts not watched")  # fmt: skip
    return Figure("sweep", title, drawn, sheet(title, heads, rows, numeric=range(1, 11)))


def _steps(gains: pl.DataFrame, long: str) -> list[Figure]:
    """Return what the next battalion, and the next hundred sensors, add to the share verified."""
    asked = (
        ("step-people", "the next battalion of 600 adds", ["people"]),
        ("step-sensors", "the next hundred sensors add", ["cameras", "arrays"]),
    )
    figures = []
    for name, what, more in asked:
        title = f"Rehearsed on {long}: what {what} to the share verified"
        drawn = steps_drawn(gains, more)
        if not drawn.is_empty():
            figures.append(
                Figure(name, title, partial(_steps_drawn, drawn, title), _sheet(drawn, title))
            )
    return figures


def _steps_drawn(rows: pl.DataFrame, title: str, width: float, ident: str) -> str | None:
    return changes_chart(
        rows, "verified", width=width, ident=ident, title=title, against="for one step"
    )


def _clocks(clocks: pl.DataFrame, long: str) -> Figure:
    title = f"Rehearsed on {long}: share of each step on time, with all that a force finds"

    def drawn(width: float, ident: str) -> str | None:
        return late_steps(clocks, width=width, ident=ident, title=title,
                          rows="force", columns="step", head="step of the ladder")  # fmt: skip

    heads, rows = clock_rows(clocks)
    return Figure("clocks", title, drawn, sheet(title, heads, rows, numeric=range(1, 2)))


def _tested(stress: pl.DataFrame, long: str) -> list[Figure]:
    base, start = stress["base"][0], f"Rehearsed on {long}"
    return [
        _changes(stress.filter(family=family), ident, title)
        for family, ident, title in (
            ("loss", "lost", f"{start}: what {base} still verify when something fails"),
            ("assumption", "hung", f"{start}: what the share that {base} verify hangs on"),
        )
    ]


def _changes(table: pl.DataFrame, name: str, title: str) -> Figure:
    rows = widest_first(table, "verified")

    def drawn(width: float, ident: str) -> str | None:
        return changes_chart(rows, "verified", width=width, ident=ident, title=title)

    def pieces(width: float, ident: str) -> list[str]:
        return changes_pieces(rows, "verified", width=width, ident=ident, title=title)

    return Figure(name, title, drawn, _sheet(table, title), pieces=pieces)


def _sheet(table: pl.DataFrame, title: str) -> Sheet:
    def points(value: float | None) -> Cell:
        return Cell("-") if value is None else Cell(points_between(value, None, None), value)

    rows = [
        (r["what"], r["tried"], *([percent(r["verified"])] if "verified" in r else []),
         *(points(r[f"verified_change{end}"]) for end in ("", "_low", "_high")))
        for r in table.to_dicts()
    ]  # fmt: skip
    share = ["verified"] if "verified" in table.columns else []
    heads = ("what", "tried", *share, "change, points", "from", "to (90 %)")
    return sheet(title, heads, rows, numeric=range(2, len(heads)), folded=True)
