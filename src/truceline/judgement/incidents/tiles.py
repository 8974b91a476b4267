"""Tiles of space and time: where observations that may be linked are sure to meet.

Each observation is sent to every tile that its own reach touches: in space, the distance at
which it could be linked to one no less exact than itself; in time, its own interval and the
gap. Of two observations that may be linked, one covers the other in space, and one, perhaps
the other, covers the other in time. So there is always a tile, the cell of the one covered in
space and the block of the one covered in time, to which both were sent.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.engines.engine import PART, Types
from truceline.judgement.incidents.kinds import KINDS, PRECISE_SIGMA_M, TICK, VAGUE_GATE
from truceline.judgement.incidents.links import EARTH_RADIUS_M, FloatArray, IntArray

_METRES = np.pi / 180.0 * EARTH_RADIUS_M

#: What association needs of an observation with a place; time in ticks of `kinds.TICK`.
POINT: Types = {
    "row": pl.Int64(),
    "kind": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
    "sigma": pl.Float64(),
    "start": pl.Int64(),
    "end": pl.Int64(),
}

#: A point sent to a part, and whether it was sent to others too.
SENT: Types = {**POINT, PART: pl.Int64(), "shared": pl.Boolean()}


@dataclass(frozen=True)
class Tiling:
    """How space and time are cut, and into how many parts the tiles are dealt.

    Attributes
    ----------
    parts : int
        Number of parts.
    cells : int
        Cells around the equator, and from pole to pole.
    block : int
        Length of a block of time, in ticks.
    gathered : int
        Points of components over borders that are joined where the program runs; if there are
        more, they are joined in rounds over the engine. It does not change the result.
    """

    parts: int = 16
    cells: int = 180
    block: int = 30 * 86_400
    gathered: int = 30_000_000

    def send(self, points: pl.DataFrame) -> pl.DataFrame:
        """Return the points once for every part they are sent to, as a table of `SENT`."""
        low, high = _boxes(points)
        width, degrees = self.cells, 360.0 / self.cells
        first_row, n_rows = self._cells(low[1], high[1])
        first_col = np.floor((low[0] + 180.0) / degrees).astype(np.int64)
        last_col = np.floor((high[0] + 180.0) / degrees).astype(np.int64)
        n_cols = np.minimum(last_col - first_col + 1, width)
        first_block = low[2].astype(np.int64) // self.block
        n_blocks = high[2].astype(np.int64) // self.block - first_block + 1
        copies = n_rows * n_cols * n_blocks
        home = pl.Series(PART, self._home(points))
        alone = pl.Series(copies == 1)
        inland = points.filter(alone).with_columns(home.filter(alone), shared=pl.lit(False))
        at = np.flatnonzero(copies > 1)
        copies = copies[at]
        of = np.repeat(at, copies)
        number = np.arange(len(of)) - np.repeat(np.cumsum(copies) - copies, copies)
        block = first_block[of] + number % n_blocks[of]
        number //= n_blocks[of]
        col = (first_col[of] + number % n_cols[of]) % width
        row = first_row[of] + number // n_cols[of]
        sent = pl.DataFrame({"_at": of, PART: self._part(row, col, block)}).unique()
        border = points[sent["_at"]].with_columns(
            sent[PART],
            shared=sent.select(pl.len().over("_at") > 1).to_series(),
        )
        return pl.concat([inland.select(*SENT), border.select(*SENT)])

    def _cells(self, low: FloatArray, high: FloatArray) -> tuple[IntArray, IntArray]:
        first = np.floor((np.maximum(low, -90.0) + 90.0) * (self.cells / 180.0)).astype(np.int64)
        last = np.floor((np.minimum(high, 90.0) + 90.0) * (self.cells / 180.0)).astype(np.int64)
        return first, last - first + 1

    def _home(self, points: pl.DataFrame) -> IntArray:
        lon, lat = points["lon"].to_numpy(), points["lat"].to_numpy()
        middle = ((points["start"] + points["end"]) // 2).to_numpy()
        row, _ = self._cells(lat, lat)
        col = np.floor((lon + 180.0) / (360.0 / self.cells)).astype(np.int64) % self.cells
        return self._part(row, col, middle // self.block)

    def _part(self, row: IntArray, col: IntArray, block: IntArray) -> IntArray:
        """Deal the tiles out so that a busy place or month is not one part's alone."""
        mixed = (row * 73_856_093) ^ (col * 19_349_663) ^ (block * 83_492_791)
        mixed = (mixed ^ (mixed >> 15)) * 2_246_822_519 & 0xFFFF_FFFF
        return np.asarray((mixed ^ (mixed >> 13)) % self.parts, dtype=np.int64)


def _boxes(points: pl.DataFrame) -> tuple[list[FloatArray], list[FloatArray]]:
    """Return the lower and upper corners, longitude, latitude and time, of points' reach."""
    kind = points["kind"].to_numpy()
    sigma, lat = points["sigma"].to_numpy(), points["lat"].to_numpy()
    extent = np.array([k.extent_m for k in KINDS])[kind]
    gap = np.array([k.gap // TICK for k in KINDS], np.int64)[kind]
    gate = np.where(sigma <= PRECISE_SIGMA_M, np.array([k.gate for k in KINDS])[kind], VAGUE_GATE)
    # A thousandth more than the reach, which is more than the rounding of all that follows.
    reach = 1.001 * gate * np.sqrt(2.0 * sigma**2 + extent**2)
    d_lat = reach / _METRES
    highest = np.minimum(np.abs(lat) + d_lat, 89.9)
    d_lon = np.minimum(d_lat / np.cos(np.radians(highest)), 180.0)
    start, end = points["start"].to_numpy(), points["end"].to_numpy()
    lon = points["lon"].to_numpy()
    low = [lon - d_lon, lat - d_lat, (start - gap - 1).astype(np.float64)]
    high = [lon + d_lon, lat + d_lat, (end + gap + 1).astype(np.float64)]
    return low, high
