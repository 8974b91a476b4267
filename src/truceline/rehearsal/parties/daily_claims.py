"""What the parties say of a whole day: totals with parts that need not add up."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.core.types.time import DAY, format_time
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.seeds import Role, stream

#: How often a total is not the sum of its parts, and how often parts count something else.
_WRONG_SUM, _OTHER_UNIT = 0.3, 0.2


def daily_claims(scenario: Scenario, acts: pl.DataFrame) -> list[dict[str, object]]:
    """Return a claim a party and day of the truce, in the form of a ledger of claims.

    Parameters
    ----------
    acts : polars.DataFrame
        Columns `party`, `act`, `day`, `n`: true acts by day of the truce.
    """
    rng = stream(scenario.seed, Role.CLAIMS)
    by_day = acts.group_by("party", "act", "day").agg(pl.col("n").sum())
    counts = {(party, act, day): n for party, act, day, n in by_day.rows()}
    claims = []
    for day in range(int(scenario.days)):
        for i, party in enumerate(scenario.parties):
            others = [p.id for j, p in enumerate(scenario.parties) if j != i]
            by_kind = {
                act: sum(counts.get((o, act, day), 0) for o in others) for act in scenario.acts
            }
            claims.append(_claim(scenario, party.id, others, day, by_kind, rng))
    return claims


def _claim(
    scenario: Scenario,
    party: str,
    others: list[str],
    day: int,
    by_kind: dict[str, int],
    rng: np.random.Generator,
) -> dict[str, object]:
    voice = next(p.voice for p in scenario.parties if p.id == party)
    more = 1.0 + (voice.exaggerates - 1.0) * scenario.scale.biases
    said = {act: int(rng.poisson(n * more)) for act, n in by_kind.items()}
    total = sum(said.values())
    # Reports written by several desks: the total was counted at another hour.
    if rng.random() < _WRONG_SUM:
        total += int(rng.integers(1, 6 + total // 5))
    start = scenario.t0 + day * DAY
    in_rounds = rng.random() < _OTHER_UNIT
    items = [
        {
            "id": act,
            "name": act.replace("_", " "),
            "number": {"value": n * (8 if in_rounds and act == "mortar" else 1)},
            **({"unit": "rounds"} if in_rounds and act == "mortar" else {}),
        }
        for act, n in said.items()
        if n
    ]
    return {
        "id": f"{party}-{day + 1:03d}",
        "claimant": party,
        "about": ", ".join(others),
        "period": {"start": format_time(start), "end": format_time(start + DAY)},
        "unit": "violations",
        "total": {"value": total},
        "items": items,
        "source": f"rehearsed statement of {party}",
    }
