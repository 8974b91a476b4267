"""Incidents on a map: shape for the party, opacity and a number for the probability."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.publish.draw.boxes import Box, around, is_free
from truceline.publish.draw.marks import party_mark
from truceline.publish.draw.projection import Frame
from truceline.publish.draw.style import party_class
from truceline.publish.draw.svg import SMALL, extent_of, tag, text, titled
from truceline.publish.wording import Wording

#: An ellipse that holds the place nine times in ten, in sigmas: sqrt(2 ln 10).
NINETY = 2.1460
#: Square, in pixels, in which incidents are counted together when there are many.
_CELL = 36.0


@dataclass(frozen=True)
class Marks:
    """What was drawn, and whether incidents were counted together for want of room."""

    parts: list[str]
    grouped: bool


def incident_marks(
    incidents: pl.DataFrame,
    parties: Sequence[str],
    frame: Frame,
    words: Wording,
    reserved: Sequence[Box] = (),
) -> Marks:
    """Draw each incident, or counts by place where they would cover one another.

    `reserved` are boxes that no label may cover. More than one incident for each 2,500
    square pixels is too many to tell apart.
    """
    if incidents.is_empty():
        return Marks([], grouped=False)
    where = frame.pixels(incidents["lon"].to_numpy(), incidents["lat"].to_numpy())
    if incidents.height * 2500 > frame.width * frame.height:
        return Marks(_groups(incidents, where, frame, words), grouped=True)
    rows = incidents.to_dicts()
    parts = [
        _mark(row, x, y, parties, frame, words) for row, (x, y) in zip(rows, where, strict=True)
    ]
    return Marks(parts + _labels(rows, where, frame, words, reserved), grouped=False)


def _opacity(p: float) -> float:
    return round(0.25 + 0.75 * p, 2)


def _mark(
    row: dict[str, object],
    x: float,
    y: float,
    parties: Sequence[str],
    frame: Frame,
    words: Wording,
) -> str:
    party = row["party"]
    position = parties.index(str(party)) if party in parties else None
    p = float(str(row["p_hostile"]))
    parts = [
        _ellipse(row, x, y, party_class(position), frame),
        party_mark(x, y, position, 6 if row["listed"] == "violation" else 4, opacity=_opacity(p)),
    ]
    says = words.say(
        "map.incident",
        label=row["label"],
        kind=words.term("kind", str(row["kind"])),
        p=words.probability(p),
        party=words.name(None if party is None else str(party), "party"),
        time=words.when(*(int(str(row[t])) for t in ("t_best", "t_start", "t_end"))),
    )
    return titled(parts, says)


def _ellipse(row: dict[str, object], x: float, y: float, hue: str, frame: Frame) -> str:
    major, minor = row["err_major_m"], row["err_minor_m"]
    if major is None or minor is None:
        return ""
    rx = NINETY * float(str(major)) / frame.metres_per_pixel
    ry = NINETY * float(str(minor)) / frame.metres_per_pixel
    if rx < 2:
        return ""
    turn = float(str(row["err_azimuth_deg"] or 0.0)) - 90
    return tag(
        "ellipse",
        cx=float(x),
        cy=float(y),
        rx=rx,
        ry=ry,
        class_=f"ell e{hue}",
        transform=f"rotate({turn:.1f} {x:.1f} {y:.1f})",
    )


def _labels(
    rows: list[dict[str, object]],
    where: np.ndarray,
    frame: Frame,
    words: Wording,
    reserved: Sequence[Box],
) -> list[str]:
    """Place label and probability beside each mark where nothing else is."""
    taken = [*reserved, *around(where)]
    parts = []
    for row, (x, y) in zip(rows, where, strict=True):
        said = f"{row['label']} {words.probability(float(str(row['p_hostile'])))}"
        room = extent_of(said, SMALL)
        for left, top in (
            (x + 9, y - 6),
            (x - 9 - room, y - 6),
            (x - room / 2, y - 21),
            (x - room / 2, y + 9),
        ):
            box = (left, top, left + room, top + 12)
            if is_free(box, taken, frame):
                taken.append(box)
                parts += [
                    text(left, top + 10, said, kind="halo"),
                    text(left, top + 10, said, kind="lab"),
                ]
                break
    return parts


def _groups(incidents: pl.DataFrame, where: np.ndarray, frame: Frame, words: Wording) -> list[str]:
    grid = (
        incidents.select("p_hostile")
        .with_columns(x=pl.Series(where[:, 0]), y=pl.Series(where[:, 1]))
        .group_by((pl.col("x") // _CELL).alias("i"), (pl.col("y") // _CELL).alias("j"))
        .agg(pl.len().alias("n"), pl.col("p_hostile").mean(), pl.col("x", "y").mean())
        .filter(
            pl.col("i").is_between(0, frame.width // _CELL),
            pl.col("j").is_between(0, frame.height // _CELL),
        )
        .sort("i", "j")
    )
    most = grid["n"].max() or 1
    parts = []
    for row in grid.iter_rows(named=True):
        radius = 7 + 9 * float(np.sqrt(row["n"] / float(str(most))))
        says = words.say(
            "map.group", n=words.number(row["n"]), p=words.probability(row["p_hostile"])
        )
        x, y = (row["i"] + 0.5) * _CELL, (row["j"] + 0.5) * _CELL
        parts.append(
            titled(
                tag(
                    "circle",
                    cx=x,
                    cy=y,
                    r=radius,
                    class_="ring",
                    opacity=_opacity(row["p_hostile"]),
                )
                + text(x, y + 4, words.number(row["n"]), kind="lab", anchor="middle"),
                says,
            )
        )
    return parts
