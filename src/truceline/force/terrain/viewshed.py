"""Viewshed: the ground that can be seen from one place, over hills and the round of the Earth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numba as nb
import numpy as np
import numpy.typing as npt

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.errors import InputError

BoolArray = npt.NDArray[np.bool_]

#: Mean radius of the Earth, metres (IUGG).
EARTH_M: Final = 6_371_008.8

#: Share of the drop by curvature that refraction gives back: an assumption, the usual one
#: for light in daytime. About 0.25 is used for radio.
REFRACTION: Final = 0.13


@dataclass(frozen=True)
class Relief:
    """Heights of the ground on a square grid in metres.

    Attributes
    ----------
    height_m : float array, rows x columns
        Height of each cell's middle. All must be known.
    cell_m : float
        Side of a cell, metres.
    """

    height_m: FloatArray
    cell_m: float

    def __post_init__(self) -> None:
        if self.height_m.ndim != 2 or self.height_m.size == 0 or not self.cell_m > 0:
            raise InputError("a relief is a grid of heights with cells larger than 0 metres.")
        if not np.isfinite(self.height_m).all():
            raise InputError(
                "the relief has heights that are not known.",
                hint="Fill the gaps, or cut the grid where it is whole.",
            )


@dataclass(frozen=True)
class Lookout:
    """Someone or something that looks.

    Attributes
    ----------
    row, column : int
        The cell it stands in.
    eye_m : float
        Height of the eye above the ground.
    target_m : float
        Height above the ground of what is to be seen.
    range_m : float
        How far it sees.
    refraction : float
        Share of the curvature that refraction gives back.
    """

    row: int
    column: int
    eye_m: float
    target_m: float = 0.0
    range_m: float = np.inf
    refraction: float = REFRACTION


def viewshed(relief: Relief, lookout: Lookout, *, fineness: int = 2) -> BoolArray:
    """Return which cells can be seen, fast.

    Rays run to the rim of a square around the lookout, `fineness` of them to each cell of it
    (1 is the R2 scheme of Franklin and Ray 1994). Heights are interpolated where a ray
    crosses the grid, and each cell is judged by the one ray that passes nearest to its
    middle. `sightlines` is the exact answer.

    Parameters
    ----------
    relief : Relief
        Heights of the ground.
    lookout : Lookout
        Where the eye is, and how far it sees.
    fineness : int
        Rays to a cell of the rim: more is truer and slower.

    Examples
    --------
    >>> seen = viewshed(Relief(np.array([[0.0, 0.0, 50.0, 0.0]]), 100.0), Lookout(0, 0, 2.0))
    >>> seen.tolist()
    [[True, True, True, False]]
    """
    if fineness < 1:
        raise InputError("a viewshed needs at least one ray to a cell.")
    return np.asarray(_fan(*_arguments(relief, lookout), fineness))


def sightlines(relief: Relief, lookout: Lookout) -> BoolArray:
    """Return which cells can be seen by a line of sight to each one: exact, and slow.

    Every line is tested at each crossing with a row or a column of the grid, where the
    height is interpolated between two cells (R3). The checker of `viewshed`.
    """
    return np.asarray(_each(*_arguments(relief, lookout)))


def agreement(one: BoolArray, other: BoolArray) -> float:
    """Return cells seen by both over cells seen by either (IoU); 1 when nothing is seen."""
    either = int((one | other).sum())
    return float((one & other).sum()) / either if either else 1.0


def _arguments(
    relief: Relief, lookout: Lookout
) -> tuple[FloatArray, int, int, float, float, float, float]:
    rows, columns = relief.height_m.shape
    if not (0 <= lookout.row < rows and 0 <= lookout.column < columns):
        raise InputError("the lookout does not stand on the relief.")
    if not 0.0 <= lookout.refraction < 1.0 or lookout.range_m < 0 or lookout.target_m < 0:
        raise InputError("a lookout needs a range and a target of 0 or more, refraction below 1.")
    height = np.ascontiguousarray(relief.height_m, dtype=np.float64)
    eye = float(height[lookout.row, lookout.column] + lookout.eye_m)
    drop = (1.0 - lookout.refraction) / (2.0 * EARTH_M) * relief.cell_m**2
    reach = min(lookout.range_m / relief.cell_m, float(rows + columns))
    return height, lookout.row, lookout.column, eye, float(lookout.target_m), drop, reach


@nb.njit(cache=True, nogil=True, fastmath=True)
def _octant(
    height: FloatArray,
    seen: BoolArray,
    start: int,
    way: tuple[int, int],
    room: tuple[int, int],
    eye: float,
    target: float,
    drop: float,
    reach: float,
    fan: int,
    size: int,
) -> None:
    """Follow all rays of one octant outwards together, a row of cells at a time.

    Both inner loops run over neighbours without a branch, so that they become vector code.

    Parameters
    ----------
    height, seen : arrays
        The grid laid flat; `seen` is written to.
    start : int
        The lookout's cell.
    way, room : tuple of int
        Step in the flat grid, and cells there are, along the main axis and aside.
    fan, size : int
        Rays less one, and steps to the rim.
    """
    (main, side), (ahead, beside) = way, room
    horizon = np.full(fan + 1, -1e300)
    bend = drop * (1.0 + (np.arange(fan + 1) / fan) ** 2)
    for step in range(1, min(size, ahead, int(reach)) + 1):
        base, share, last = start + step * main, 1.0 / step, min(step, beside)
        wide = min(last, int(np.sqrt(reach * reach - step * step)))
        rays_a_cell = fan / step
        for cell in range(wide + 1):
            at = base + cell * side
            far = float(step * step + cell * cell)
            tilt = (height[at] + target - eye - drop * far) * share
            seen[at] = tilt >= horizon[int(cell * rays_a_cell + 0.5)]
        aside = step / fan
        for ray in range(min(fan, beside * fan // step) + 1):
            low = int(ray * aside)
            ground = height[base + low * side]
            beyond = height[base + min(low + 1, last) * side]
            ground += (ray * aside - low) * (beyond - ground)
            tilt = (ground - eye) * share - bend[ray] * step
            horizon[ray] = max(horizon[ray], tilt)


@nb.njit(cache=True, nogil=True)
def _fan(
    height: FloatArray,
    row: int,
    column: int,
    eye: float,
    target: float,
    drop: float,
    reach: float,
    fineness: int,
) -> BoolArray:
    rows, columns = height.shape
    flat, seen = height.ravel(), np.zeros(rows * columns, dtype=np.bool_)
    size = min(max(row, rows - 1 - row, column, columns - 1 - column), int(reach))
    fan = max(size * fineness, 1)
    start = row * columns + column
    for up, ups in ((-columns, row), (columns, rows - 1 - row)):
        for across, acrosses in ((-1, column), (1, columns - 1 - column)):
            way, room = (up, across), (ups, acrosses)
            _octant(flat, seen, start, way, room, eye, target, drop, reach, fan, size)
            way, room = (across, up), (acrosses, ups)
            _octant(flat, seen, start, way, room, eye, target, drop, reach, fan, size)
    seen[start] = True
    return seen.reshape(rows, columns)


@nb.njit(cache=True)
def _crossings(
    height: FloatArray,
    row: int,
    column: int,
    to_row: int,
    to_column: int,
    eye: float,
    drop: float,
) -> float:
    """Return the steepest tilt, per cell of way, at the crossings before the end."""
    down, right = to_row - row, to_column - column
    far2 = float(down * down + right * right)
    far = np.sqrt(far2)
    steepest = -np.inf
    for step in range(1, abs(down)):
        part = step / abs(down)
        c = column + part * right
        low = min(int(c), height.shape[1] - 2) if height.shape[1] > 1 else 0
        r = row + (step if down > 0 else -step)
        ground = height[r, low]
        if c > low:
            ground += (c - low) * (height[r, low + 1] - ground)
        tilt = (ground - eye - drop * part * part * far2) / (part * far)
        steepest = max(steepest, tilt)
    for step in range(1, abs(right)):
        part = step / abs(right)
        r_at = row + part * down
        low = min(int(r_at), height.shape[0] - 2) if height.shape[0] > 1 else 0
        c_at = column + (step if right > 0 else -step)
        ground = height[low, c_at]
        if r_at > low:
            ground += (r_at - low) * (height[low + 1, c_at] - ground)
        tilt = (ground - eye - drop * part * part * far2) / (part * far)
        steepest = max(steepest, tilt)
    return steepest


@nb.njit(cache=True)
def _each(
    height: FloatArray,
    row: int,
    column: int,
    eye: float,
    target: float,
    drop: float,
    reach: float,
) -> BoolArray:
    rows, columns = height.shape
    seen = np.zeros((rows, columns), dtype=np.bool_)
    for r in range(rows):
        for c in range(columns):
            far2 = float((r - row) ** 2 + (c - column) ** 2)
            if far2 == 0.0 or far2 > reach * reach:
                continue
            tilt = (height[r, c] + target - eye - drop * far2) / np.sqrt(far2)
            seen[r, c] = tilt >= _crossings(height, row, column, r, c, eye, drop) - 1e-12
    seen[row, column] = True
    return seen
