"""APP-6 symbol codes of what a plan puts on the ground, as text for other tools."""

from __future__ import annotations

from typing import Final

#: Symbol identification codes of 20 digits (APP-6 D): version 10, reality, neutral, present.
#: Neutral, since the force is neither party's. Units are of symbol set 10, sensors of set 15;
#: the entities are those that milsymbol 2.2 draws as an observer, an emplaced sensor, unmanned
#: systems and infantry.
SIDC: Final = {
    "post": "10041000001212000000",
    "camera": "10041500002202000000",
    "acoustic array": "10041500002202000000",
    "drone base": "10041000001219000000",
    "reaction base": "10041000001211000000",
}

#: The same in words, for those who have no symbol set at hand.
SYMBOL_WORDS: Final = {
    "post": "neutral land unit, observer",
    "camera": "neutral land equipment, emplaced sensor",
    "acoustic array": "neutral land equipment, emplaced sensor",
    "drone base": "neutral land unit, unmanned systems",
    "reaction base": "neutral land unit, infantry",
}


def sidc(kind: str) -> str | None:
    """Return the symbol code of a kind, or None where there is none.

    Examples
    --------
    >>> len(sidc("post"))
    20
    """
    return SIDC.get(kind)
