"""What of a picture is protected: how high each incident and observation is, found at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from truceline.core.types.tables import HANDLING
from truceline.core.types.vocabulary import HANDLINGS
from truceline.judgement.judgement import Judgement

#: What is handled up to this level may be read without a note.
FREE: Final = "GREEN"

#: Instruments whose reports are people's, who are protected at any level of handling.
SOURCES: Final = ("hotline",)

#: How high each is, from the lowest on; what people told is below what is handled as AMBER.
HEIGHTS: Final = ("source", *HANDLINGS[HANDLINGS.index(FREE) + 1 :])


@dataclass(frozen=True)
class Protected:
    """What is protected, and how high: numbers of `HEIGHTS`.

    Attributes
    ----------
    incidents : polars.DataFrame
        Incident and height, in the order of the incidents, so that one is found at once.
    observations : polars.DataFrame
        Observation and height.
    """

    incidents: pl.DataFrame
    observations: pl.DataFrame

    def highest(self) -> str | None:
        """Return the highest level that there is, or None."""
        heights = self.observations["height"]
        return None if heights.is_empty() else HEIGHTS[int(heights.to_numpy().max())]

    def of(self, item: str) -> str | None:
        """Return the level of an incident or an observation, or None where it is not protected."""
        at = int(self.incidents["item"].search_sorted(item))
        found = self.incidents[at : at + 1].filter(pl.col("item") == item)
        if found.is_empty():
            found = self.observations.filter(pl.col("item") == item)
        return None if found.is_empty() else HEIGHTS[found["height"][0]]


def protected(seen: Judgement) -> Protected:
    """Return what is protected of all that somebody sees."""
    above = pl.col("handling").cast(HANDLING).to_physical().cast(pl.Int16) - HANDLINGS.index(FREE)
    of_people = pl.col("instrument").cast(pl.String).is_in(SOURCES)
    observations = seen.observations.filter((above > 0) | of_people).select(
        item="obs_id", height=pl.max_horizontal(above, 0).cast(pl.UInt8)
    )
    incidents = (
        seen.members.join(observations, left_on="obs_id", right_on="item")
        .group_by(item="incident_id")
        .agg(pl.col("height").max())
    )
    return Protected(incidents.sort("item"), observations)
