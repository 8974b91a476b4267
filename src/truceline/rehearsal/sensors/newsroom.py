"""News: outlets with a side, a delay and a habit of copying, of listing and of erring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.space.geodesy import FloatArray
from truceline.core.types.tables import EFFORT
from truceline.rehearsal.draws import Draws, What, number_of
from truceline.rehearsal.scenarios.scenario import OutletSpec
from truceline.rehearsal.seeds import Role
from truceline.rehearsal.sensors.people import nearest_village, opponent
from truceline.rehearsal.sensors.sighting import IntArray, Sensed, Watch, noted
from truceline.rehearsal.sensors.stretch import BoolArray
from truceline.rehearsal.worlds.calendar import SECONDS_PER_DAY
from truceline.rehearsal.worlds.signs import Sign, Signs

#: What makes news, and how much of it is told.
_WORTH = {
    int(Sign.HARM): 1.0,
    int(Sign.ASSAULT): 0.8,
    int(Sign.RUMOUR): 0.7,
    int(Sign.IMPACT): 0.35,
    int(Sign.FLIGHT): 0.1,
}
_NAMED = {
    int(Sign.HARM): "casualty",
    int(Sign.ASSAULT): "assault",
    int(Sign.RUMOUR): "explosion_impact",
    int(Sign.IMPACT): "explosion_impact",
    int(Sign.FLIGHT): "uav",
}

#: A place in a text is a settlement, metres, one sigma; and how often it is another one.
_SIGMA_M, _WRONG_PLACE = 2_000.0, 0.05


@dataclass(frozen=True)
class Story:
    """What an outlet wrote on each sign: whether at all, in which document, when."""

    told: BoolArray
    witness: list[str]
    received: FloatArray


def print_news(watch: Watch) -> Sensed:
    """Return what the outlets print on a province.

    One document is one witness, however many villages it lists, and a copy of an agency's
    text carries the agency's document as its witness.
    """
    signs = watch.signs.of(*(Sign(k) for k in _WORTH))
    village, r = nearest_village(watch, signs.x, signs.y)
    near = r < 6_000.0
    signs, village = signs.take(near), village[near]
    agency: Story | None = None
    parts = [noted(0)]
    for outlet in watch.scenario.outlets:
        each = watch.draws(Role.NEWS, number_of(outlet.name), signs.event)
        story = _story(watch, outlet, signs, agency, each)
        if agency is None:
            agency = story
        parts.append(_printed(watch, outlet, signs, village, story, each))
    return Sensed(pl.concat(parts), EFFORT.empty())


def _story(
    watch: Watch, outlet: OutletSpec, signs: Signs, agency: Story | None, each: Draws
) -> Story:
    n = len(signs)
    worth = np.array([_WORTH[int(k)] for k in signs.sign])
    bias = watch.scenario.scale.biases
    others = opponent(watch, signs.s, signs.depth)
    # A side's own paper tells what was done to its side rather than what its side did.
    against = np.array([outlet.party is not None and o == outlet.party for o in others], np.bool_)
    slant = np.where(against, 0.4 / bias, 1.0) if n else np.ones(0)
    told = each.uniform(What.SEEN) < (outlet.covers * worth * slant).clip(0.0, 1.0)
    day = np.floor(signs.t / SECONDS_PER_DAY).astype(np.int64)
    listed = each.uniform(What.LISTED) < outlet.lists
    page = f"{outlet.name} {watch.area} day"
    own = [
        f"{page} {d}" + ("" if is_list else f" text {i}")
        for i, (d, is_list) in enumerate(zip(day, listed, strict=True))
    ]
    received = signs.t + 3600.0 * each.gamma(What.DELAY, 2.0, outlet.lag_hours / 2.0)
    copies = each.uniform(What.COPIED) < outlet.copies_agency
    if agency is None:
        return Story(told, own, received)
    told = np.where(copies, agency.told, told)
    witness = [a if c else o for a, o, c in zip(agency.witness, own, copies, strict=True)]
    late = np.maximum(received, agency.received + 900.0)
    return Story(told, witness, np.where(copies, late, received))


def _printed(
    watch: Watch,
    outlet: OutletSpec,
    signs: Signs,
    village: IntArray,
    story: Story,
    each: Draws,
) -> pl.DataFrame:
    rows = np.flatnonzero(story.told)
    what, each, n = signs.take(rows), each.take(rows), len(rows)
    wrong = each.uniform(What.MISPLACED) < _WRONG_PLACE
    anywhere = each.below(What.ELSEWHERE, len(watch.around.villages))
    at = watch.around.villages[np.where(wrong, anywhere, village[rows])]
    t0, t1 = _when(watch, what.t, each.uniform(What.SPAN) < outlet.names_hour)
    received = np.maximum(story.received[rows], np.minimum(t0 + 1800.0, story.received[rows]))
    blames = each.uniform(What.BLAMES) < (0.7 if outlet.party else 0.35)
    others = opponent(watch, what.s, what.depth)
    said = [o if b and o != outlet.party else None for o, b in zip(others, blames, strict=True)]
    return noted(
        n, unit=each.unit, owner=what.owner, source="news", instrument="news",
        witness=[story.witness[i] for i in rows], t0=t0, t1=t1, received=received,
        x=at[:, 0], y=at[:, 1], sigma_m=_SIGMA_M, phenomenon=[_NAMED[int(k)] for k in what.sign],
        party_claimed=said, reliability="C" if outlet.party else "B", credibility=3,
        attributes=f'{{"outlet":"{outlet.name}"}}',
    )  # fmt: skip


def _when(watch: Watch, t: FloatArray, is_known: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Return the interval a text gives: half an hour, or the whole local day."""
    day = t - 3600.0 * watch.calendar.local_hour(t)
    t0 = np.where(is_known, t - 900.0, day)
    return t0, np.where(is_known, t + 900.0, day + SECONDS_PER_DAY)
