"""Labels: of which incident each row is, and in which part that is judged.

An incident is judged in the part of the day on which the member begins that it is named by
here. So a part is a stretch of days, and needs the effort of these alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.engines.engine import PART, Engine
from truceline.core.types.time import DAY
from truceline.judgement.incidents.association import label_areas
from truceline.judgement.incidents.kinds import TICK
from truceline.judgement.incidents.parted import label_places
from truceline.judgement.incidents.regrouping import Grouping, decided_on
from truceline.judgement.incidents.tiles import Tiling
from truceline.judgement.parted.slices import LABELS, name_of, numbers_of, put, rows_named

IntArray = npt.NDArray[np.int64]
Int32Array = npt.NDArray[np.int32]


def label_slices(
    engine: Engine,
    slices: Sequence[str],
    folder: Path,
    tiling: Tiling,
    groupings: Sequence[Grouping],
    *,
    rows: int,
) -> list[str]:
    """Write the incident and the part of each row, slice by slice; return the parts' names.

    This alone is held of all rows at a time: sixteen bytes each, and what is known only by area.

    Parameters
    ----------
    engine : Engine
        Where rows are linked.
    slices : sequence of str
        From `slices_of`; `place_slice` was done with each.
    folder : Path
        Folder of what is between.
    tiling : Tiling
        How linking is parted.
    groupings : sequence of Grouping
        What people decided.
    rows : int
        Rows that a part has as a rule.
    """
    names = [name_of(text) for text in slices]
    places = [folder / "points" / f"{name}.parquet" for name in names]
    areas = [pl.read_parquet(folder / "areas" / f"{name}.parquet") for name in names]
    if not names:
        return []
    without = pl.concat(areas)
    total = numbers_of(slices[-1])[1]
    label = np.full(total, -1)
    for table in label_places(engine, places, folder / "tiles", tiling):
        for some in table.collect_batches():
            label[some["row"].to_numpy()] = some["label"].to_numpy()
    found = label_areas(without)
    label[found["row"].to_numpy()] = found["label"].to_numpy()
    part = _parts(label, _days(places, without, total), rows)
    # What people decided on comes together in a part of its own.
    decided = label[_decided(slices, groupings)]
    part[np.isin(label, decided[decided >= 0])] = part.max() + 1
    for name, text in zip(names, slices, strict=True):
        first, end = numbers_of(text)
        told = pl.DataFrame(
            {"row": np.arange(first, end), "label": label[first:end], PART: part[first:end]}
        )
        put(told.filter(pl.col("label") >= 0), folder / LABELS / f"{name}.parquet")
    return [str(number) for number in np.unique(part) if number >= 0]


def _decided(slices: Sequence[str], groupings: Sequence[Grouping]) -> IntArray:
    """Return the rows after which the incidents are named that people decided on."""
    named = decided_on(groupings)
    found = [rows_named(text, named).to_numpy() for text in slices] if named else []
    return np.concatenate(found) if found else np.empty(0, np.int64)


def _days(places: Sequence[Path], without: pl.DataFrame, rows: int) -> Int32Array:
    """Return the day on which each row begins."""
    day = np.zeros(rows, np.int32)
    day[without["row"].to_numpy()] = (without["t_start"] // DAY).to_numpy()
    for file in places:
        some = pl.read_parquet(file, columns=["row", "start"])
        day[some["row"].to_numpy()] = (some["start"] // (DAY // TICK)).to_numpy()
    return day


def _parts(label: IntArray, day: Int32Array, rows: int) -> Int32Array:
    """Return the part of each row: that of the day of the member its incident is named by."""
    part = np.full(len(label), -1, np.int32)
    judged = label >= 0
    if not judged.any():
        return part
    begins = day[label[judged]]
    begins -= begins.min()
    counts = np.bincount(begins)
    before = np.cumsum(counts) - counts
    of_day = np.unique(before // rows, return_inverse=True)[1]
    part[judged] = of_day[begins]
    return part
