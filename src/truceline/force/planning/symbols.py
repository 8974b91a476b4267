"""APP-6 symbol codes of what a plan puts on the ground."""

from __future__ import annotations

from typing import Final

#: Symbol identification codes of 20 digits (APP-6 D): version 10, reality, friend, present.
#: A map is drawn by somebody, and "friend" is the frame of who draws it: here the force that
#: observes. No party has a frame, so that none is a hostile one. Units are of symbol set 10,
#: sensors of set 15: observer, emplaced sensor, unmanned systems, infantry.
SIDC: Final = {
    "post": "10031000001212000000",
    "camera": "10031500002202000000",
    "acoustic array": "10031500002202000000",
    "drone base": "10031000001219000000",
    "reaction base": "10031000001211000000",
}

#: The same in words, for those who have no symbol set at hand.
SYMBOL_WORDS: Final = {
    "post": "own land unit, observer",
    "camera": "own land equipment, emplaced sensor",
    "acoustic array": "own land equipment, emplaced sensor",
    "drone base": "own land unit, unmanned systems",
    "reaction base": "own land unit, infantry",
}


def sidc(kind: str) -> str | None:
    """Return the symbol code of a kind, or None where there is none.

    Examples
    --------
    >>> len(sidc("post"))
    20
    """
    return SIDC.get(kind)
