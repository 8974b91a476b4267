"""Random streams: one a province and role, so that workers and their number change nothing.

Who watches has no stream at all but draws (`rehearsal.draws`) of its own.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np

#: Raised whenever the same scenario and seed come to give other tables.
EDITION = 3


class Role(IntEnum):
    """What a random stream is for; the numbers are part of the published format."""

    LINE = 0
    GEOGRAPHY = 1
    WEATHER = 2
    ACTS = 3
    BENIGN = 4
    SIGNS = 5
    SATELLITES = 10
    CAMERAS = 11
    ACOUSTICS = 12
    SEISMIC = 13
    UAVS = 14
    PATROLS = 15
    HOTLINE = 16
    NEWS = 17
    ALERTS = 18
    REPORTS = 19
    CLAIMS = 20
    NETWORK = 21


def stream(seed: int, role: Role, *key: int) -> np.random.Generator:
    """Return the random stream of a role, the same on every machine.

    Counter-based (Philox 4x64, Salmon et al. 2011), keyed by seed, role and, where it is
    one of many, province or era.

    Examples
    --------
    >>> stream(1, Role.ACTS, 4).random() == stream(1, Role.ACTS, 4).random()
    True
    """
    return np.random.Generator(np.random.Philox(sequence(seed, role, *key)))


def sequence(seed: int, role: Role, *key: int) -> np.random.SeedSequence:
    """Return what the keys of a role's random numbers are made from."""
    return np.random.SeedSequence(seed, spawn_key=(int(role), *key))
