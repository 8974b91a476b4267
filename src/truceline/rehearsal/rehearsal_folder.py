"""The documented format: a rehearsal as a folder of tables, and answers as another."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.core.types.schema import Schema
from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.rehearsal.worlds.truth import (
    BENIGN_EVENT,
    TRUE_EVENT,
    TRUE_STATE,
    TRUE_VIOLATION,
    TRUTH_LINK,
)

FORMAT = "truceline-rehearsal/1"

#: Where each table lies: folders of Parquet parts, or one Parquet or CSV file of that name.
EVIDENCE = {"observation": OBSERVATION, "effort": EFFORT}
TRUTH_TABLES = {
    "true_event": TRUE_EVENT,
    "benign_event": BENIGN_EVENT,
    "truth_link": TRUTH_LINK,
    "true_violation": TRUE_VIOLATION,
    "true_state": TRUE_STATE,
}


@dataclass(frozen=True)
class RehearsalFolder:
    """A rehearsal on disk; tables are read when asked for.

    Attributes
    ----------
    path : Path
        The folder.
    manifest : mapping
        Its `manifest.json`: format, scenario, seed, generator, period.
    """

    path: Path
    manifest: Mapping[str, object]

    @property
    def period(self) -> tuple[int, int]:
        """First and last microsecond of the truce, UTC."""
        period: Any = self.manifest["period"]
        return int(period[0]), int(period[1])

    @property
    def before(self) -> tuple[int, int]:
        """Stretch before the truce that was observed as well; empty if none was."""
        start: Any = self.manifest.get("observed_from", self.period[0])
        return int(start), self.period[0]

    def observations(self) -> pl.DataFrame:
        """Return all observations, in order of their identity."""
        return read_table(self.path / "observation", OBSERVATION).sort("obs_id")

    def effort(self) -> pl.DataFrame:
        """Return all effort."""
        return read_table(self.path / "effort", EFFORT)

    def background(self) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return observations and effort of a season without violations; empty if none."""
        folder = self.path / "background"
        return (
            read_table(folder / "observation", OBSERVATION, optional=True),
            read_table(folder / "effort", EFFORT, optional=True),
        )

    def truth(self, name: str) -> pl.DataFrame:
        """Return a table of the truth."""
        optional = name in ("true_violation", "true_state", "truth_link", "benign_event")
        return read_table(self.path / "truth" / name, TRUTH_TABLES[name], optional=optional)


def open_folder(path: Path) -> RehearsalFolder:
    """Return a rehearsal folder, or say what keeps it from being one."""
    manifest = path / "manifest.json"
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except OSError as cause:
        raise InputError(
            "the folder has no manifest.json.",
            where=Where(str(path)),
            hint="See the reference page of the rehearsal format.",
        ) from cause
    except ValueError as cause:
        raise InputError("manifest.json is not JSON.", where=Where(str(manifest))) from cause
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise InputError(
            "manifest.json is of another format.",
            where=Where(str(manifest), field="format"),
            hint=f"It must say {FORMAT!r}.",
        )
    period = content.get("period")
    if not isinstance(period, list) or len(period) != 2 or not period[0] < period[1]:
        raise InputError(
            "the period is not two rising times.",
            where=Where(str(manifest), field="period"),
            hint="Give first and last microsecond, UTC, as integers.",
        )
    return RehearsalFolder(path, content)


def read_table(path: Path, schema: Schema, *, optional: bool = False) -> pl.DataFrame:
    """Return a table from a folder of Parquet parts, or a `.parquet` or `.csv` file.

    Parameters
    ----------
    path : Path
        Without an ending.
    optional : bool
        Whether a table that is not there is an empty one.
    """
    parts = sorted(path.glob("*.parquet")) if path.is_dir() else []
    one = path.with_suffix(".parquet")
    text = path.with_suffix(".csv")
    try:
        if parts:
            return schema.conform(pl.concat([pl.read_parquet(p) for p in parts]))
        if one.is_file():
            return schema.conform(pl.read_parquet(one))
        if text.is_file():
            return schema.conform(pl.read_csv(text, schema_overrides=_text_types(schema)))
    except (pl.exceptions.PolarsError, OSError) as cause:
        raise InputError(
            f"the table cannot be read: {cause}", where=Where(str(path)), hint="Write it again."
        ) from cause
    if optional:
        return schema.empty()
    raise InputError(
        f"the table {schema.name!r} is missing.",
        where=Where(str(path)),
        hint="Give a folder of Parquet parts, or one file ending in .parquet or .csv.",
    )


def _text_types(schema: Schema) -> dict[str, pl.DataType]:
    return {
        c.name: pl.String() if isinstance(c.dtype, pl.Enum) else c.dtype for c in schema.columns
    }


def write_part(table: pl.DataFrame, path: Path) -> None:
    """Write one part of a table; its folder is made where it is missing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    table.write_parquet(path, compression="zstd", statistics=True)


def write_manifest(path: Path, content: Mapping[str, object]) -> None:
    """Write the manifest, last of all: a folder without one is not finished."""
    text = json.dumps({"format": FORMAT, **content}, indent=1, sort_keys=True)
    (path / "manifest.json").write_text(text + "\n", encoding="utf-8")
