"""A mapping drafted from what a table looks like, for a person to check and mend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from truceline.evidence.sources.mapped.layout import PAIR, POINT
from truceline.evidence.sources.mapped.moments import end_column, time_column
from truceline.evidence.sources.mapped.sample import first_rows
from truceline.evidence.sources.mapped.tables import kind_of
from truceline.evidence.sources.mapped.words import KEPT, meaning_of, parts_of, ranked
from truceline.evidence.sources.source import Sample

#: Share of the values of a column that must read as what it is taken for; where the name is
#: as sure as those of degrees are, half.
_MOST, _HALF = 0.95, 0.5

#: More different words than these are no list of kinds.
_KINDS: Final = 80

#: Error of a place that states none, until a person says what it is, metres.
_SIGMA_M: Final = 1_000

_KEPT_AT_MOST: Final = 8

#: Error by grade of precision, one sigma in metres, as the codebooks of event data grade places:
#: 1 the place itself, 2 near it, 3 its district, 4 and more its province.
_GRADES: Final = {
    "1": 2_500.0, "2": 12_500.0, "3": 40_000.0, "4": 60_000.0, "5": 60_000.0, "6": 200_000.0,
    "7": 200_000.0,
}  # fmt: skip


@dataclass(frozen=True)
class Draft:
    """A mapping, and what could not be told from the table.

    Attributes
    ----------
    settings : mapping
        Settings of the source `mapped`.
    doubts : tuple of str
        What a person must decide, a sentence each.
    """

    settings: Mapping[str, object]
    doubts: tuple[str, ...]


def draft(path: Path) -> Draft:
    """Return a mapping of a table's columns, from their names and their first values.

    Raises
    ------
    InputError
        If the table cannot be read, or none of its columns holds times.
    """
    kind = kind_of(path, Sample.of(path).head)
    first = first_rows(path, kind)
    table = first.table
    filled = {
        name: table[name].str.strip_chars().replace("", None).drop_nulls() for name in table.columns
    }
    held = {name: values for name, values in filled.items() if len(values)}
    doubts = list(first.doubts)
    columns: dict[str, object] = {"time": time_column(held, path, doubts)}
    if (end := end_column(held)) is not None:
        columns["end"] = end
    columns |= _place(held, doubts, has_own=kind == "geojson")
    constants: dict[str, object] = {}
    _add_phenomenon(held, columns, constants, doubts)
    columns |= _plain(held, columns)
    is_placed = kind == "geojson" or not {"lat", "point"}.isdisjoint(columns)
    if not is_placed:
        _add_area(held, columns, constants, len(table), doubts)
    if "sigma_m" not in columns and is_placed:
        constants["sigma_m"] = _SIGMA_M
        doubts.append(f"No column says how exact a place is; {_SIGMA_M} m is a guess.")
    if "witness" not in columns:
        doubts.append("No column names who saw it, so the whole table is one witness.")
    doubts.append("How it was seen (`instrument`) and where its clock stands (`timezone`).")
    doubts.append(
        "Of which days it holds all there was (`covers`): of all others it is not known what a day "
        "without a row means."
    )
    settings: dict[str, object] = {"name": _name(path), "columns": columns}
    if constants:
        settings["constants"] = constants
    settings |= {"instrument": "dataset", "timezone": "UTC", **first.settings}
    if _has_decimal_comma(held, columns):
        settings["decimal"] = ","
    return Draft(settings, tuple(doubts))


def _place(held: Mapping[str, pl.Series], doubts: list[str], *, has_own: bool) -> dict[str, object]:
    if has_own:
        return {}
    found: dict[str, object] = {}
    lat = next((n for n in ranked(held, "lat") if _is_within(held[n], 90.0, _HALF)), None)
    lon = next((n for n in ranked(held, "lon") if _is_within(held[n], 180.0, _HALF)), None)
    point = next((n for n in ranked(held, "point") if _are_points(held[n])), None)
    if lat is not None and lon is not None:
        found = {"lat": lat, "lon": lon}
    elif point is not None:
        found = {"point": point}
    else:
        doubts.append("No columns of latitude and longitude in degrees were found.")
    graded = next((n for n in ranked(held, "precision") if _are_grades(held[n])), None)
    if found and graded is not None:
        found["sigma_m"] = {"column": graded, "values": dict(_GRADES), "default": _GRADES["3"]}
        doubts.append(f"How many metres each grade of {graded} stands for was guessed.")
    return found


def _are_points(values: pl.Series) -> bool:
    good = values.str.contains(POINT) | values.str.contains(PAIR)
    return float(good.mean() or 0.0) >= _MOST  # type: ignore[arg-type]


def _are_grades(values: pl.Series) -> bool:
    return set(values.unique()) <= set("1234567")


def _has_decimal_comma(held: Mapping[str, pl.Series], columns: Mapping[str, object]) -> bool:
    """Return whether the degrees, or else the counts, are written with a comma."""
    named = [columns[f] for f in ("lat", "lon", "count") if isinstance(columns.get(f), str)]
    commas = any(held[str(n)].str.contains(r"^-?\d+,\d+$").any() for n in named)
    return commas and not any(held[str(n)].str.contains(".", literal=True).any() for n in named)


def _add_area(
    held: Mapping[str, pl.Series],
    columns: dict[str, object],
    constants: dict[str, object],
    rows: int,
    doubts: list[str],
) -> None:
    """See to it that every row has an area, since none has a place."""
    area = columns.pop("area", None)
    if isinstance(area, str) and len(held[area]) >= _MOST * rows:
        columns["area"] = area
    else:
        constants["area"] = "everywhere"
        doubts.append("No column names an area in every row; `everywhere` is one for all.")


def _is_within(values: pl.Series, most: float, share: float) -> bool:
    plain = values.str.replace(r"^(-?\d+),(\d+)$", "$1.$2")
    within = plain.cast(pl.Float64, strict=False).abs() <= most
    return within.fill_null(value=False).sum() >= share * len(values)


def _add_phenomenon(
    held: Mapping[str, pl.Series],
    columns: dict[str, object],
    constants: dict[str, object],
    doubts: list[str],
) -> None:
    """Choose the column whose words tell most often what was seen, and translate them."""
    best, share = None, 0.0
    for name in ranked(held, "phenomenon"):
        words = held[name].unique()
        if len(words) > _KINDS:
            continue
        known = words.filter(pl.Series([meaning_of(word) is not None for word in words]))
        told = int(held[name].is_in(known.implode()).sum()) / len(held[name])
        if told > share:
            best, share = name, told
    if best is None:
        constants["phenomenon"] = "other"
        doubts.append("No column says what was seen; `other` tells of no act of war.")
        return
    seen: list[str] = held[best].unique().sort().to_list()
    values = {word: meaning_of(word) or "other" for word in seen}
    columns["phenomenon"] = {"column": best, "values": values, "default": "other"}
    unknown = [word for word in seen if meaning_of(word) is None]
    doubts.append(f"What each word of {best} means was told from the word alone.")
    if unknown:
        doubts.append(f"Not understood, and taken for `other`: {', '.join(unknown)[:300]}.")


def _plain(held: Mapping[str, pl.Series], taken: Mapping[str, object]) -> dict[str, object]:
    """Return the columns that need no translation."""
    used = {n for n in taken.values() if isinstance(n, str)}
    for told in taken.values():
        if isinstance(told, dict):
            used |= {str(told[part]) for part in ("column", "clock") if part in told}
    found: dict[str, object] = {}
    for field in ("sigma_m", "witness", "count", "area"):
        if field in taken:
            continue
        fitting = (n for n in ranked(held, field) if n not in used)
        if field in ("sigma_m", "count"):
            fitting = (n for n in fitting if _is_within(held[n], 1e6, _MOST))
        if (name := next(fitting, None)) is not None:
            found[field] = name
            used.add(name)
    kept = [n for n in held if n not in used and not KEPT.isdisjoint(parts_of(n))]
    return {**found, "attributes": kept[:_KEPT_AT_MOST]} if kept else found


def _name(path: Path) -> str:
    plain = re.sub(r"[^a-z0-9_-]+", "_", path.stem.lower()).strip("_-")
    return plain if plain[:1].isalpha() else f"table_{plain}".rstrip("_")
