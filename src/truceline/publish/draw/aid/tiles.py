"""A map of donors with no borders: one tile a donor, near where it lies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from truceline.publish.draw.aid.quantity import Quantity
from truceline.publish.draw.svg import Sheet, rect, text, titled

SIZE, GAP, HEAD = 50.0, 3.0, 56.0

#: Column and row of each donor. All tiles are alike: area says nothing, and no line is drawn
#: between states.
PLACES: Final[Mapping[str, tuple[int, int]]] = {
    "ISL": (2, 0), "NOR": (5, 0), "SWE": (6, 0), "FIN": (7, 0), "EUU": (9, 0),
    "DNK": (5, 1), "EST": (7, 1),
    "CAN": (0, 2), "IRL": (2, 2), "GBR": (3, 2), "NLD": (4, 2), "DEU": (5, 2), "POL": (6, 2),
    "LVA": (7, 2),
    "USA": (0, 3), "BEL": (3, 3), "LUX": (4, 3), "CZE": (5, 3), "SVK": (6, 3), "LTU": (7, 3),
    "CHN": (10, 3), "KOR": (11, 3), "JPN": (12, 3),
    "FRA": (3, 4), "CHE": (4, 4), "AUT": (5, 4), "HUN": (6, 4), "ROU": (7, 4), "TWN": (11, 4),
    "PRT": (1, 5), "ESP": (2, 5), "ITA": (4, 5), "SVN": (5, 5), "HRV": (6, 5), "BGR": (7, 5),
    "TUR": (8, 5), "IND": (10, 5),
    "MLT": (4, 6), "GRC": (6, 6), "CYP": (8, 6), "AUS": (11, 6), "NZL": (12, 6),
}  # fmt: skip

#: What a tile says where it is not the code itself.
SHORT: Final[Mapping[str, str]] = {"EUU": "EU"}

#: The tiles' shade is by fifths of the donors with a value, and every value is printed too.
STEPS: Final = 5


#: Columns of the map, and the first row below it.
COLUMNS: Final = max(column for column, _ in PLACES.values()) + 1
BELOW: Final = max(row for _, row in PLACES.values()) + 1


def places_of(codes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Return column and row of each donor; those that the map does not hold stand in rows below.

    Examples
    --------
    >>> places_of(["JPN", "QAT", "ARE"])
    {'JPN': (12, 3), 'ARE': (0, 7), 'QAT': (1, 7)}
    """
    listed = sorted(set(codes))
    held = {code: PLACES[code] for code in listed if code in PLACES}
    others = (code for code in listed if code not in PLACES)
    return held | {code: (at % COLUMNS, BELOW + at // COLUMNS) for at, code in enumerate(others)}


def tile_map(
    values: Mapping[str, float | None],
    names: Mapping[str, str],
    quantity: Quantity,
    *,
    width: float,
    ident: str,
    title: str,
) -> str:
    """Draw each donor as a tile with its code and value; what is not known is hatched."""
    places = places_of(values)
    size = min(SIZE, (width - GAP * COLUMNS) / COLUMNS)
    rows = max(BELOW - 1, *(row for _, row in places.values())) + 1
    height = HEAD + rows * (size + GAP) + 8
    known = sorted(v for v in values.values() if v is not None)
    said = f"{len(known)} donors with a value in {quantity.axis}."
    sheet = Sheet(ident, width, height, title, said)
    parts = [text(0, 16, title, kind="head"), text(0, 36, quantity.axis, kind="s")]
    parts += _key(known, quantity, width)
    for code, (column, row) in places.items():
        corner = (column * (size + GAP), HEAD + row * (size + GAP))
        parts.append(_tile(sheet, corner, code, values[code], names, quantity, known, size))
    return sheet.wrap(parts)


def step_of(value: float, known: list[float]) -> int:
    """Return which fifth of the sorted values a value lies in, 1 to 5."""
    below = sum(v < value for v in known)
    return min(STEPS, below * STEPS // max(len(known), 1) + 1)


def _tile(
    sheet: Sheet,
    corner: tuple[float, float],
    code: str,
    value: float | None,
    names: Mapping[str, str],
    quantity: Quantity,
    known: list[float],
    size: float,
) -> str:
    x, y = corner
    name = names.get(code, code)
    if value is None:
        parts = [
            rect(x, y, size, size, "h", fill=sheet.hatch()),
            rect(x, y, size, size, "edge"),
            text(
                x + size / 2,
                y + size * 0.55,
                SHORT.get(code, code),
                kind="tl on-light",
                anchor="middle",
            ),
        ]
        return titled(parts, f"{name}: not known")
    step = step_of(value, known)
    ink = "on-dark" if step >= STEPS - 1 else "on-light"
    short = quantity.say(value).removesuffix(quantity.suffix)
    parts = [
        rect(x, y, size, size, f"q{step}"),
        text(
            x + size / 2, y + size * 0.45, SHORT.get(code, code), kind=f"tl {ink}", anchor="middle"
        ),
        text(x + size / 2, y + size * 0.78, short, kind=f"tv {ink}", anchor="middle"),
    ]
    return titled(parts, f"{name}: {quantity.say(value)}")


def _key(known: list[float], quantity: Quantity, width: float) -> list[str]:
    if not known:
        return []
    parts, left = [], width - STEPS * 26.0
    for step in range(STEPS):
        parts.append(rect(left + step * 26, 27, 26, 10, f"q{step + 1}"))
    low, high = quantity.say(known[0]), quantity.say(known[-1])
    parts.append(text(left, 50, low, kind="s"))
    parts.append(text(width, 50, high, kind="s", anchor="end"))
    return parts
