"""Identity of an incident: that of its earliest member, which no later report can change."""

from __future__ import annotations

import numba as nb
import numpy as np
import polars as pl

from truceline.core.sorting import IntArray, order_of_ids, sort_pairs

#: Digits of the earliest member's identity that an incident takes over.
_DIGITS = 20


def identify(labelled: pl.DataFrame) -> pl.DataFrame:
    """Name each incident after its earliest member, which no later report can change.

    Parameters
    ----------
    labelled : polars.DataFrame
        Observations with a column `label`: whole numbers from 0, the same for the members
        of one incident.

    Returns
    -------
    polars.DataFrame
        The same with `incident_id` for `label`, sorted by it and by `obs_id`.
    """
    if labelled.is_empty():
        return labelled.with_columns(incident_id=pl.lit(None, pl.String)).drop("label")
    rank = np.empty(len(labelled), np.int64)
    rank[order_of_ids(labelled["obs_id"])] = np.arange(len(labelled))
    label = labelled["label"].to_numpy()
    first = _earliest(label, labelled["t_start"].to_numpy(), rank)
    place, earliest = _in_order_of_first(first, rank)
    names = labelled["obs_id"].gather(earliest).to_frame().select(name_after("obs_id")).to_series()
    # Incidents whose names are the same to the last digit are one.
    number = (names != names.shift()).fill_null(value=False).cum_sum().to_numpy()[place[label]]
    order, number, _ = sort_pairs(number, rank)
    once = names.unique(maintain_order=True)
    return labelled.drop("label")[order].with_columns(incident_id=once.gather(number))


def name_after(obs_id: str) -> pl.Expr:
    """Return the name of the incident whose earliest member a column gives the identity of."""
    return pl.lit("i") + pl.col(obs_id).str.head(_DIGITS)


@nb.njit(cache=True)
def _earliest(label: IntArray, time: IntArray, rank: IntArray) -> IntArray:
    """Return the row of the earliest member by label; -1 where a label has none."""
    first = np.full(label.max() + 1, -1)
    for i in range(label.shape[0]):
        j = first[label[i]]
        if j < 0 or time[i] < time[j] or (time[i] == time[j] and rank[i] < rank[j]):
            first[label[i]] = i
    return first


@nb.njit(cache=True)
def _in_order_of_first(first: IntArray, rank: IntArray) -> tuple[IntArray, IntArray]:
    """Number the labels in the order of their earliest members; return these in that order."""
    label_at = np.full(rank.shape[0], -1)
    for label in range(first.shape[0]):
        if first[label] >= 0:
            label_at[rank[first[label]]] = label
    place, rows, count = np.full(first.shape[0], -1), np.empty(rank.shape[0], np.int64), 0
    for label in label_at:
        if label >= 0:
            place[label], rows[count] = count, first[label]
            count += 1
    return place, rows[:count].copy()
