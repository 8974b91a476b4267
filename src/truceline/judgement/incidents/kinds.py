"""Which phenomena may be of one incident, and how far apart: declared data."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.types.time import HOUR, SECOND


@dataclass(frozen=True)
class Kind:
    """A family of phenomena that can belong to one incident.

    Attributes
    ----------
    name : str
        Its name.
    phenomena : tuple of str
        Its members, from `PHENOMENA`.
    extent_m : float
        Scale of the incident itself (one sigma), added to the errors of place.
    gate : float
        Two observations may belong together up to this many joint sigmas apart.
    gap : int
        ... and up to this many microseconds apart.
    longest : int
        An incident may last this long, microseconds.
    widest_m : float
        ... and reach this far in either direction.
    """

    name: str
    phenomena: tuple[str, ...]
    extent_m: float
    gate: float
    gap: int
    longest: int
    widest_m: float


#: A fire burns on for hours after the shell, and the next satellite is up to twelve hours
#: away, so fire and impact share one family with a gap of six hours.
KINDS: tuple[Kind, ...] = (
    Kind(
        "fire of arms",
        (
            "explosion",
            "explosion_airburst",
            "explosion_impact",
            "explosion_outgoing",
            "explosion_undetermined",
            "projectile",
            "muzzle_flash",
            "burst",
            "shot",
            "violation",
            "fire",
            "assault",
            "damage",
            "casualty",
        ),
        extent_m=500.0,
        gate=3.0,
        gap=6 * HOUR,
        longest=24 * HOUR,
        widest_m=10_000.0,
    ),
    Kind("long-range launch", ("launch",), 2_000.0, 3.0, 3 * HOUR, 24 * HOUR, 200_000.0),
    Kind("alert", ("alert",), 5_000.0, 3.0, 1 * HOUR, 24 * HOUR, 100_000.0),
    Kind("flight", ("uav", "aircraft"), 2_000.0, 3.0, 1 * HOUR, 12 * HOUR, 50_000.0),
    Kind("flare", ("flare",), 500.0, 3.0, 1 * HOUR, 12 * HOUR, 5_000.0),
    Kind("presence", ("weapon_present", "advance"), 300.0, 3.0, 24 * HOUR, 7 * 24 * HOUR, 5_000.0),
    Kind("obstruction", ("obstruction",), 1_000.0, 3.0, 3 * HOUR, 24 * HOUR, 20_000.0),
    Kind("other", ("other",), 500.0, 3.0, 1 * HOUR, 12 * HOUR, 5_000.0),
)

KIND_OF: dict[str, int] = {p: i for i, kind in enumerate(KINDS) for p in kind.phenomena}

#: An observation placed worse than this joins the best incident near it and never links
#: two others: a report that names only a village cannot join two fires at its two ends.
PRECISE_SIGMA_M = 1_000.0

#: Gate of a vague report, in joint sigmas. Tighter than that of precise ones, since its
#: error is large and its neighbours are many.
VAGUE_GATE = 1.5

TICK = SECOND
