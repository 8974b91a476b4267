"""A mapping drafted from what a table looks like, for a person to check and mend."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.mapped.sample import first_rows, separator_of
from truceline.evidence.sources.mapped.tables import kind_of
from truceline.evidence.sources.mapped.times import format_of, is_order_open
from truceline.evidence.sources.mapped.words import KEPT, NAMES, NOT_OF_EVENT, meaning_of, parts_of
from truceline.evidence.sources.source import Sample

#: Share of the values of a column that must read as what it is taken for; where the name is
#: as sure as those of degrees are, half.
_MOST, _HALF = 0.95, 0.5

#: More different words than these are no list of kinds.
_KINDS: Final = 80

#: Error of a place that states none, until a person says what it is, metres.
_SIGMA_M: Final = 1_000

_KEPT_AT_MOST: Final = 8


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
    head = Sample.of(path).head
    kind = kind_of(path, head)
    table = first_rows(path, kind)
    filled = {
        name: table[name].str.strip_chars().replace("", None).drop_nulls() for name in table.columns
    }
    held = {name: values for name, values in filled.items() if len(values)}
    doubts: list[str] = []
    columns: dict[str, object] = {"time": _time(held, path, doubts)}
    if (end := _end(held)) is not None:
        columns["end"] = end
    columns |= _place(held, doubts, has_own=kind == "geojson")
    constants: dict[str, object] = {}
    _add_phenomenon(held, columns, constants, doubts)
    columns |= _plain(held, columns)
    if kind != "geojson" and "lat" not in columns:
        _add_area(held, columns, constants, len(table), doubts)
    if "sigma_m" not in columns and ("lat" in columns or kind == "geojson"):
        constants["sigma_m"] = _SIGMA_M
        doubts.append(f"No column says how exact a place is; {_SIGMA_M} m is a guess.")
    if "witness" not in columns:
        doubts.append("No column names who saw it, so the whole table is one witness.")
    doubts.append("How it was seen (`instrument`) and where its clock stands (`timezone`).")
    settings: dict[str, object] = {"name": _name(path), "columns": columns}
    if constants:
        settings["constants"] = constants
    settings |= {"instrument": "dataset", "timezone": "UTC"}
    if kind == "csv" and (mark := separator_of(head)) != ",":
        settings["separator"] = mark
    if kind == "csv" and not _is_utf8(head):
        settings["encoding"] = "sniff"
    return Draft(settings, tuple(doubts))


def _ranked(names: Iterable[str], field: str) -> list[str]:
    """Return the columns that may be of a field by their names, the surest first."""
    wanted = [parts_of(name) for name in NAMES[field]]
    found = []
    for name in names:
        parts = parts_of(name)
        fits = [
            (parts != sure, rank)
            for rank, sure in enumerate(wanted)
            if parts == sure or _holds(parts, sure)
        ]
        if fits:
            found.append((min(fits), name))
    return [name for _, name in sorted(found, key=lambda f: f[0])]


def _holds(parts: tuple[str, ...], sure: tuple[str, ...]) -> bool:
    """Return whether the parts of a surer name are among those of a column's, one letter aside."""
    long = all(len(part) > 1 for part in sure)
    return long and any(parts[i : i + len(sure)] == sure for i in range(len(parts) - len(sure) + 1))


def _time(held: Mapping[str, pl.Series], path: Path, doubts: list[str]) -> object:
    own = [n for n in _ranked(held, "time") if NOT_OF_EVENT.isdisjoint(parts_of(n))]
    for name in own:
        form = format_of(held[name], _MOST)
        if form is not None:
            if is_order_open(held[name], form):
                doubts.append(f"Whether {name} has the day or the month first.")
            return name if form == "iso" else {"column": name, "format": form}
    raise InputError(
        f"no column was found that holds times; there are {', '.join(held)[:300]}.",
        where=Where(str(path)),
        hint="Write the mapping by hand; docs/reference/sources.md lists its settings.",
    )


def _end(held: Mapping[str, pl.Series]) -> object | None:
    for name in _ranked(held, "end"):
        form = format_of(held[name], _MOST)
        if form is not None:
            return name if form == "iso" else {"column": name, "format": form}
    return None


def _place(held: Mapping[str, pl.Series], doubts: list[str], *, has_own: bool) -> dict[str, object]:
    if has_own:
        return {}
    lat = next((n for n in _ranked(held, "lat") if _is_within(held[n], 90.0, _HALF)), None)
    lon = next((n for n in _ranked(held, "lon") if _is_within(held[n], 180.0, _HALF)), None)
    if lat is None or lon is None:
        doubts.append("No columns of latitude and longitude in degrees were found.")
        return {}
    return {"lat": lat, "lon": lon}


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
    within = values.cast(pl.Float64, strict=False).abs() <= most
    return within.fill_null(value=False).sum() >= share * len(values)


def _add_phenomenon(
    held: Mapping[str, pl.Series],
    columns: dict[str, object],
    constants: dict[str, object],
    doubts: list[str],
) -> None:
    """Choose the column whose words tell most often what was seen, and translate them."""
    best, share = None, 0.0
    for name in _ranked(held, "phenomenon"):
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
    used |= {str(v["column"]) for v in taken.values() if isinstance(v, dict)}
    found: dict[str, object] = {}
    for field in ("sigma_m", "witness", "count", "area"):
        fitting = (n for n in _ranked(held, field) if n not in used)
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


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as cause:
        # The last letter of the sample may be cut in two.
        return cause.start > len(head) - 4
    return True
