"""The row that counts of all that one witness wrote about one incident."""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl

from truceline.core.sorting import IntArray, sort_pairs
from truceline.judgement.incidents.links import FloatArray


def most_telling(rows: pl.DataFrame) -> IntArray:
    """Return the most telling row of each witness of each incident, by incident and witness.

    The one of the smallest rank; of these the hottest, and of these the first. What is no heat
    comes before what is.

    Parameters
    ----------
    rows : polars.DataFrame
        Columns `incident`, `witness_number`, `rank` and `heat`.
    """
    if rows.is_empty():
        return np.empty(0, np.int64)
    order, incident, witness = sort_pairs(
        rows["incident"].to_numpy(), rows["witness_number"].to_numpy()
    )
    heat = rows["heat"].fill_null(np.inf).to_numpy()
    return _best(order, incident, witness, rows["rank"].to_numpy(), heat)


@nb.njit(cache=True)
def _best(
    order: IntArray, incident: IntArray, witness: IntArray, rank: IntArray, heat: FloatArray
) -> IntArray:
    out, count = np.empty(order.shape[0], np.int64), 0
    for k in range(order.shape[0]):
        i = order[k]
        if k == 0 or incident[k] != incident[k - 1] or witness[k] != witness[k - 1]:
            out[count] = i
            count += 1
            continue
        j = out[count - 1]
        if rank[i] < rank[j] or (rank[i] == rank[j] and heat[i] > heat[j]):
            out[count - 1] = i
    return out[:count].copy()
