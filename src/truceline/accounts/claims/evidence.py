"""What a check stands on, gathered from a data folder and a register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import polars as pl

from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.accounts.claims.check import Evidence
from truceline.accounts.claims.lexicon import Frame, shipped_frame
from truceline.accounts.claims.values import aid_history, aid_values, load_aid
from truceline.accounts.statements.positions import poll_signs, positions_on
from truceline.accounts.statements.readers.nuclear import read_nuclear_statements
from truceline.accounts.statements.readers.opinion import read_polls, read_positions
from truceline.accounts.statements.register import existing
from truceline.accounts.statements.seed import seed_codings, seed_statements
from truceline.accounts.statements.statement import Coding, Statement, statements_of

_NUCLEAR = Path("statements") / "hcss_redlines" / "nts_statements.json"
_RED_LINES = Path("statements") / "hcss_redlines" / "rrls_monthly.json"
_POLLS = Path("statements") / "positions" / "polls.csv"
_POSITIONS = Path("statements") / "positions" / "positions.csv"

#: Reads a folder of aid.
AidLoader = Callable[[Path], tuple[Mapping[str, AidRelease], Indicators]]


def gather(
    data: Path | None,
    register: Path | None,
    on: dt.date,
    frame: Frame | None = None,
    load: AidLoader = load_aid,
) -> Evidence:
    """Gather what there is; what is not there leaves its claims uncheckable, and says so.

    Parameters
    ----------
    data : Path or None
        A folder with `aid/` and `statements/` in it.
    register : Path or None
        A register of statements; the seed that ships stands in for it.
    on : date
        The day of the text.
    frame : Frame or None
        What the case leaves unsaid.
    load : callable
        How the folder of aid is read; who asks often passes one that remembers.
    """
    case = frame or shipped_frame()
    kept = None if register is None else existing(register)
    statements = seed_statements() if kept is None else tuple(kept.statements())
    codings = seed_codings() if kept is None else tuple(kept.codings())
    if data is None:
        return Evidence(statements=statements, codings=codings, frame=case)
    aid = load(data / "aid") if (data / "aid").is_dir() else None
    return Evidence(
        aid=None if aid is None else aid_values(*aid, on),
        aid_history=None if aid is None else cache(partial(aid_history, *aid, on)),
        collections=_collections(data),
        counts=_published(data, case.conflict_start, on),
        statements=statements,
        codings=codings,
        polls=read_polls(data / _POLLS) if (data / _POLLS).is_file() else None,
        frame=case,
    )


def positions_of(data: Path) -> pl.DataFrame | None:
    """Return every position on a force in a data folder (`POSITIONS`), or None without one."""
    path = data / _POSITIONS
    return read_positions(path) if path.is_file() else None


def polls_of(data: Path, day: dt.date) -> pl.DataFrame | None:
    """Return the polls of a data folder up to a day, with their sign; None without any."""
    path = data / _POLLS
    return poll_signs(read_polls(path).filter(pl.col("date") <= day)) if path.is_file() else None


def _collections(data: Path) -> dict[str, pl.DataFrame]:
    path = data / _NUCLEAR
    if not path.is_file():
        return {}
    return {"coded nuclear statements": read_nuclear_statements(path).statements}


def _published(data: Path, since: dt.date, on: dt.date) -> dict[str, int]:
    """Count red line statements by month, of the months that lie wholly in the period."""
    path = data / _RED_LINES
    if not path.is_file():
        return {}
    months = pl.read_json(path).with_columns((pl.col("month") + "-01").str.to_date().alias("first"))
    whole = months.filter((pl.col("first") >= since) & (pl.col("first").dt.month_end() <= on))
    return {"red line statements, published by month": int(whole["count"].sum())}


@dataclass(frozen=True)
class Known:
    """What the report of the register stands on.

    Attributes
    ----------
    statements, codings : tuples
        The register.
    collected : tuple
        Statements of published collections, which nobody here has coded.
    positions, polls : polars.DataFrame or None
        Each nation's latest position on the day; polls to the day, with their sign.
    """

    statements: tuple[Statement, ...]
    codings: tuple[Coding, ...]
    collected: tuple[Statement, ...]
    positions: pl.DataFrame | None
    polls: pl.DataFrame | None


def gather_register(register: Path | None, data: Path | None, day: dt.date) -> Known:
    """Gather the register and what a data folder adds to it, as of a day."""
    kept = None if register is None else existing(register)
    statements = seed_statements() if kept is None else tuple(kept.statements())
    codings = seed_codings() if kept is None else tuple(kept.codings())
    spoken = tuple(s for s in statements if s.date is None or s.date <= day)
    if data is None:
        return Known(spoken, codings, (), None, None)
    tables = _collections(data).values()
    collected = (s for t in tables for s in statements_of(t.filter(pl.col("date") <= day)))
    positions = positions_of(data)
    latest = None if positions is None else positions_on(positions, day)
    return Known(spoken, codings, tuple(collected), latest, polls_of(data, day))
