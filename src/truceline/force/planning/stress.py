"""One force put to the test: after each loss, and at both ends of each assumption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from truceline.force.contributions.caveats import After, DependsOn
from truceline.force.contributions.model import Unit
from truceline.force.planning.assumptions import Assumed
from truceline.force.presence import Mix

#: Assumptions between people and what stands on the line; the others are of the plan alone.
OF_PRESENCE: Final = (
    "in_theatre", "support_share", "leave_share", "shift_hours", "post_on_duty", "post_share",
    "patrol_share", "reaction_share", "drone_share",
)  # fmt: skip

_ALL_GONE: Final = dict.fromkeys(("post", "drone_orbit", "station", "camera", "array"), 0.0)

#: What fails, and what is left of it.
_FAILS: Final[tuple[tuple[str, Mapping[str, float]], ...]] = (
    ("one post in ten lost", {"post": 0.9}),
    ("three posts in ten lost", {"post": 0.7}),
    ("17 of 18 posts lost", {"post": 1 / 18}),
    ("flights banned, or drones jammed", {"drone_orbit": 0.0, "station": 0.0}),
    ("cameras and arrays dark", {"camera": 0.0, "array": 0.0}),
    ("no patrols may go out", {"patrol": 0.0}),
    ("nothing but patrols", _ALL_GONE),
)


@dataclass(frozen=True)
class Changed:
    """A force with one thing changed.

    Attributes
    ----------
    base : str
        Name of the force as planned.
    what : str
        What was changed, in words.
    family : str
        `loss`, or `assumption`.
    tried : str
        The value tried, with its unit; of a loss, what is left.
    mix : Mix
        The force as it then is, under a name of its own.
    """

    base: str
    what: str
    family: str
    tried: str
    mix: Mix


def losses(mix: Mix, leaving: Mapping[str, float], backed: float = 0.0) -> tuple[Changed, ...]:
    """Return a force after each loss.

    Parameters
    ----------
    mix : Mix
        The force as planned.
    leaving : mapping
        Share of the people who go, by why; see `shares_leaving`.
    backed : float
        Stations in the air that the guarantor keeps.
    """
    has = {"camera": mix.cameras, "array": mix.arrays, "station": mix.stations}
    kept = 1.0 - backed / mix.stations if mix.stations > 0 else 1.0
    fails = [*_FAILS, ("absent: the guarantor's aircraft", {"station": kept})]
    gone = []
    for what, failing in fails if backed > 0 else fails[:-1]:
        left = {part: share for part, share in failing.items() if has.get(part, mix.people) > 0}
        if left:
            failed = replace(mix, name=f"{mix.name}: {what}", left={**mix.left, **left})
            gone.append(Changed(mix.name, what, "loss", f"{max(left.values()):.0%} left", failed))
    for what, share in leaving.items():
        fewer = replace(mix, name=f"{mix.name}: {what}", people=mix.people * (1.0 - share))
        gone.append(Changed(mix.name, what, "loss", f"{1.0 - share:.0%} left", fewer))
    return tuple(gone)


def shares_leaving(units: Sequence[Unit], least: float = 0.02) -> dict[str, float]:
    """Return what share of a coalition's people leaves with each nation, guarantor and event.

    What takes everybody away, as a ceasefire that fails, is no loss of a force: it is left out.
    Units of unknown size count for nothing, here as in the whole.

    Parameters
    ----------
    units : sequence of Unit
        The coalition, as stated by a day.
    least : float
        Nations with a smaller share are left out.
    """
    whole = sum(unit.persons or 0 for unit in units)
    if whole == 0:
        return {}
    shares: dict[str, float] = {}
    for unit in units:
        why = [f"withdrawn: {unit.nation}"]
        why += [f"absent: {rule.who}" for rule in unit.caveats if isinstance(rule, DependsOn)]
        why += [f"no {rule.event}" for rule in unit.caveats if isinstance(rule, After)]
        for words in why:
            shares[words] = shares.get(words, 0.0) + (unit.persons or 0) / whole
    return {words: share for words, share in sorted(shares.items()) if least <= share < 1.0}


def ends(mix: Mix) -> tuple[Changed, ...]:
    """Return a force counted at both ends of each assumption that sets its presence.

    An end that is the value taken is left out: it would be the plan again.
    """
    return (*_assumed(mix), *_cameras(mix))


def _assumed(mix: Mix) -> Iterator[Changed]:
    table = Assumed().table().rows_by_key("name", named=True, unique=True)
    for name in OF_PRESENCE:
        row = table[name]
        for value in (row["low"], row["high"]):
            if value == row["value"]:
                continue
            assumed = Assumed({name: value})
            yield Changed(
                mix.name,
                row["words"],
                "assumption",
                f"{value:.0%}" if row["unit"] == "share" else f"{value:g} {row['unit']}",
                replace(
                    mix,
                    name=f"{mix.name}: {row['words']} {value:g}",
                    people=mix.people * assumed["in_theatre"],
                    allotment=assumed.allotment(),
                    factors=assumed.factors(),
                ),
            )


def _cameras(mix: Mix) -> Iterator[Changed]:
    for number in (0.0, 2.0 * mix.cameras) if mix.cameras else ():
        yield Changed(
            mix.name,
            "cameras beside the people",
            "assumption",
            f"{number:g} cameras",
            replace(mix, name=f"{mix.name}: {number:g} cameras", cameras=number),
        )
