"""What is done with one part: its points are linked, and what touches no border is cut."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.engines.engine import Types
from truceline.judgement.incidents.cuts import cut
from truceline.judgement.incidents.kinds import KINDS, PRECISE_SIGMA_M, TICK, VAGUE_GATE, Kind
from truceline.judgement.incidents.links import FloatArray, IntArray, link
from truceline.judgement.incidents.tiles import POINT
from truceline.judgement.incidents.vague import join

#: A point with the name its part gives its component, the row of one of its members; whether
#: the component touches no border, and whether the point was sent to other parts too.
LABELLED: Types = {**POINT, "label": pl.Int64(), "whole": pl.Boolean(), "shared": pl.Boolean()}

#: A vague report and the best precise one that a part holds, with what settles a tie.
HOSTED: Types = {
    "row": pl.Int64(),
    "host": pl.Int64(),
    "cost": pl.Float64(),
    "mid": pl.Int64(),
    "lon": pl.Float64(),
    "lat": pl.Float64(),
}


def link_part(sent: pl.DataFrame, *, precise: bool) -> pl.DataFrame:
    """Link the points of one part, and cut the components that touch no border."""
    tables = [pl.DataFrame(schema=dict(LABELLED))]
    for number, own in by_kind(sent, precise=precise):
        labels = _link(own, KINDS[number], precise=precise)
        touched = np.zeros(len(own), bool)
        touched[labels[own["shared"].to_numpy()]] = True
        whole = ~touched[labels]
        labels[whole] = cut_chosen(own.filter(whole), labels, whole, KINDS[number], precise=precise)
        rows = own["row"].to_numpy()
        tables.append(
            own.with_columns(label=rows[labels], whole=pl.Series(whole)).select(*LABELLED)
        )
    return pl.concat(tables)


def host_part(sent: pl.DataFrame) -> pl.DataFrame:
    """Find for each vague report of one part the best precise one there."""
    tables = [pl.DataFrame(schema=dict(HOSTED))]
    for number, kind in enumerate(KINDS):
        of_kind = sent.filter(pl.col("kind") == number)
        at = of_kind.filter(pl.col("sigma") <= PRECISE_SIGMA_M)
        told = of_kind.filter(pl.col("sigma") > PRECISE_SIGMA_M)
        if at.is_empty() or told.is_empty():
            continue
        hosts, costs = join(
            _points(at), _points(told),
            extent_m=kind.extent_m, gate=VAGUE_GATE, gap=kind.gap // TICK,
        )  # fmt: skip
        found = hosts >= 0
        host = at[hosts[found]]
        tables.append(
            pl.DataFrame(
                {
                    "row": told["row"].filter(found),
                    "host": host["row"],
                    "cost": costs[found],
                    "mid": (host["start"] + host["end"]) // 2,
                    "lon": host["lon"],
                    "lat": host["lat"],
                },
                schema=dict(HOSTED),
            )
        )
    return pl.concat(tables)


def keep_alone(sent: pl.DataFrame, *, joined: IntArray) -> pl.DataFrame:
    """Keep the vague reports that joined nothing."""
    vague = pl.col("sigma") > PRECISE_SIGMA_M
    return sent.filter(vague & ~pl.col("row").is_in(joined))


def by_kind(table: pl.DataFrame, *, precise: bool) -> list[tuple[int, pl.DataFrame]]:
    """Return the precise or the vague points of each kind that has any."""
    exact = pl.col("sigma") <= PRECISE_SIGMA_M
    own = table.filter(exact if precise else ~exact)
    return [
        (number, of_kind)
        for number in range(len(KINDS))
        if len(of_kind := own.filter(pl.col("kind") == number))
    ]


def _points(own: pl.DataFrame) -> tuple[FloatArray, FloatArray, FloatArray, IntArray, IntArray]:
    lon, lat, sigma = (own[c].to_numpy() for c in ("lon", "lat", "sigma"))
    return lon, lat, sigma, own["start"].to_numpy(), own["end"].to_numpy()


def _link(own: pl.DataFrame, kind: Kind, *, precise: bool) -> IntArray:
    gate = kind.gate if precise else VAGUE_GATE
    return link(*_points(own), extent_m=kind.extent_m, gate=gate, gap=kind.gap // TICK)


def cut_chosen(
    own: pl.DataFrame,
    labels: IntArray,
    chosen: np.ndarray[tuple[int], np.dtype[np.bool_]],
    kind: Kind,
    *,
    precise: bool,
) -> IntArray:
    """Cut the chosen components; return the labels of their points, in the numbering of all."""
    at = np.flatnonzero(chosen)
    place = np.empty(len(labels), np.int64)
    place[at] = np.arange(len(at))
    inside = cut(
        *_points(own), place[labels[at]],
        extent_m=kind.extent_m, gate=kind.gate if precise else VAGUE_GATE, gap=kind.gap // TICK,
        longest=kind.longest // TICK, widest_m=kind.widest_m,
    )  # fmt: skip
    return at[inside]
