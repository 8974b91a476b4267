"""From a mapping to the expressions and checks by which rows are read."""

from __future__ import annotations

import re

import polars as pl

from truceline.core.types.time import SECOND
from truceline.evidence.sources.checks import PLACE_CHECKS, Check
from truceline.evidence.sources.feed import Layout, Settings
from truceline.evidence.sources.fields import (
    any_local_time,
    attributes,
    in_utc,
    is_blank,
    local_day_end,
    number,
)
from truceline.evidence.sources.mapped.mapping import (
    NUMBERS,
    VOCABULARIES,
    FileMapping,
    Graded,
    Moment,
)

#: Columns that the reader of GeoJSON makes from the geometry.
GEOMETRY = ("geometry.lat", "geometry.lon", "geometry.sigma_m")

_FIGURE = r"(-?\d+(?:\.\d+)?)"

#: A place in one column: longitude before latitude as in WKT, or latitude before longitude.
POINT = rf"(?i)\bpoint\s*z?\s*\(\s*{_FIGURE}\s+{_FIGURE}"
PAIR = rf"^\(?{_FIGURE}\s*[,;]\s*{_FIGURE}\)?$"

_TIMES = (
    "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M",
)  # fmt: skip
_OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"

#: Epochs beyond the year 2200 are no times of an event.
_LATEST_S = 7.3e9


def layout_of(mapping: FileMapping, *, geometry: bool) -> Layout:
    """Return how rows are read.

    Parameters
    ----------
    mapping : FileMapping
        The mapping.
    geometry : bool
        Whether the file has places of its own.
    """
    own_place = geometry and not mapping.has_place

    def fields(settings: Settings) -> dict[str, pl.Expr]:
        return {
            **_times(mapping),
            **_numbers(mapping, own_place=own_place),
            **_words(mapping),
            "instrument": pl.lit(mapping.instrument),
        }

    checks = [*_code_checks(mapping), *_number_checks(mapping)]
    if own_place or mapping.has_place:
        checks += [*PLACE_CHECKS, _error_check()]
    else:
        checks.append(_area_check())
    return Layout(mapping.columns.named(), fields, tuple(checks))


def _times(mapping: FileMapping) -> dict[str, pl.Expr]:
    columns, zone = mapping.columns, mapping.timezone
    start = _instant(columns.time, zone)
    if columns.end is not None:
        end = pl.coalesce(_day_end(columns.end, zone), _instant(columns.end, zone))
        # A blank end is a moment; one that cannot be read must not pass for that.
        told = pl.when(is_blank(columns.end.column)).then(start).otherwise(end)
    else:
        lasting = start + int(mapping.duration_s * SECOND)
        told = pl.coalesce(_day_end(columns.time, zone), lasting)
    made = {"t_start": start, "t_end": told}
    if columns.received is not None:
        made["received_at"] = pl.coalesce(_instant(columns.received, zone), told)
    return made


def _instant(moment: Moment, zone: str) -> pl.Expr:
    if moment.format in {"epoch_s", "epoch_ms"}:
        seconds = number(moment.column) * (1.0 if moment.format == "epoch_s" else 1e-3)
        known = pl.when(seconds.abs() <= _LATEST_S).then(seconds)
        return (known * SECOND).round().cast(pl.Int64)
    text = _written(moment)
    if moment.format != "iso":
        aware = "%z" in moment.format
        read = text.str.to_datetime(
            moment.format, time_unit="us", strict=False, time_zone="UTC" if aware else None
        )
        told = read.dt.epoch("us") if aware else in_utc(read, zone)
        if moment.clock is None:
            return told
        return pl.coalesce(told, any_local_time(text, (_date_form(moment.format),), zone))
    tidy = text.str.replace(r"Z$", "+00:00")
    aware_forms = [
        tidy.str.to_datetime(f"{form}%z", time_unit="us", strict=False, time_zone="UTC")
        for form in _TIMES
    ]
    local = any_local_time(text, (*_TIMES, "%Y-%m-%d"), zone)
    return (
        pl.when(text.str.contains(r"\d{2}:\d{2}.*" + _OFFSET))
        .then(pl.coalesce(aware_forms).dt.epoch("us"))
        .otherwise(local)
    )


def _written(moment: Moment) -> pl.Expr:
    """Return the text of a time: the date, with the clock behind it where there is one."""
    text = pl.col(moment.column).str.strip_chars()
    if moment.clock is None:
        return text
    clock = pl.col(moment.clock).str.strip_chars()
    return pl.when(is_blank(moment.clock)).then(text).otherwise(text + " " + clock)


def _date_form(form: str) -> str:
    """Return a pattern up to its clock."""
    return re.split(r"[ T]?%[HIMTR]", form, maxsplit=1)[0]


def _day_end(moment: Moment, zone: str) -> pl.Expr:
    """Return the end of the day where the text is a date without a time."""
    has_clock = any(mark in moment.format for mark in ("%H", "%I", "%T", "%R", "%s", "epoch"))
    if has_clock and moment.clock is None:
        return pl.lit(None, pl.Int64)
    form = "%Y-%m-%d" if moment.format == "iso" else _date_form(moment.format)
    text = _written(moment)
    end = local_day_end(text, (form,), zone)
    if moment.clock is not None:
        return pl.when(is_blank(moment.clock)).then(end)
    return pl.when(text.str.len_chars() <= 10).then(end) if moment.format == "iso" else end


def _numbers(mapping: FileMapping, *, own_place: bool) -> dict[str, pl.Expr]:
    made: dict[str, pl.Expr] = {}
    for field in NUMBERS:
        column = getattr(mapping.columns, field)
        constant = getattr(mapping.constants, field, None)
        if isinstance(column, Graded):
            made[field] = _graded(column, mapping)
        elif column is not None:
            made[field] = number(column, mapping.decimal)
        elif constant is not None:
            made[field] = pl.lit(float(constant))
    if mapping.columns.point is not None:
        made |= _point(mapping.columns.point)
    if own_place:
        made |= {name.removeprefix("geometry."): number(name) for name in GEOMETRY[:2]}
        # A point has no extent of its own, which does not make it exact.
        drawn = pl.when(number(GEOMETRY[2]) > 0).then(number(GEOMETRY[2]))
        given = made.get("sigma_m")
        made["sigma_m"] = drawn if given is None else pl.max_horizontal(drawn, given)
    return made


def _graded(graded: Graded, mapping: FileMapping) -> pl.Expr:
    if not graded.values:
        return number(graded.column, mapping.decimal)
    return _text(graded.column).replace_strict(
        graded.values, default=graded.default, return_dtype=pl.Float64
    )


def _point(column: str) -> dict[str, pl.Expr]:
    """Return the place in one column: `Point(lon lat)` as in WKT, or `lat, lon`."""
    text = pl.col(column).str.strip_chars()
    return {
        name: pl.coalesce(text.str.extract(POINT, in_wkt), text.str.extract(PAIR, in_pair)).cast(
            pl.Float64, strict=False
        )
        for name, in_wkt, in_pair in (("lon", 1, 2), ("lat", 2, 1))
    }


def _words(mapping: FileMapping) -> dict[str, pl.Expr]:
    columns, constants = mapping.columns, mapping.constants
    made: dict[str, pl.Expr] = {}
    for field in VOCABULARIES:
        coded = getattr(columns, field)
        if coded is not None:
            made[field] = _translated(mapping, field)
        elif getattr(constants, field) is not None:
            made[field] = pl.lit(getattr(constants, field))
    for field in ("area", "party_claimed"):
        column, constant = getattr(columns, field), getattr(constants, field)
        if column is not None:
            made[field] = _text(column)
        elif constant is not None:
            made[field] = pl.lit(constant)
    if columns.witness:
        parts = [pl.col(name).str.strip_chars() for name in columns.witness]
        said = pl.concat_str(parts, separator=" ", ignore_nulls=True).str.strip_chars()
        made["witness"] = pl.when(said != "").then(said)
    elif constants.witness is not None:
        made["witness"] = pl.lit(constants.witness)
    if columns.attributes:
        made["attributes"] = attributes(**{name: pl.col(name) for name in columns.attributes})
    return made


def _text(column: str) -> pl.Expr:
    text = pl.col(column).str.strip_chars()
    return pl.when(text != "").then(text)


def _translated(mapping: FileMapping, field: str) -> pl.Expr:
    coded = getattr(mapping.columns, field)
    words = coded.values or {word: word for word in VOCABULARIES[field]}
    return _text(coded.column).replace_strict(words, default=coded.default, return_dtype=pl.String)


def _code_checks(mapping: FileMapping) -> list[Check]:
    checks = []
    for field in VOCABULARIES:
        coded = getattr(mapping.columns, field)
        if coded is None:
            continue
        known = pl.col(f"_{field}").is_not_null()
        checks.append(
            Check(
                coded.column,
                # What a thing was must be known; its weapon and its grade need not be.
                known if field == "phenomenon" else known | is_blank(coded.column),
                f"the word in {coded.column} is not among those mapped to {field}.",
                f"Add it to `values` of {field} in sources.yaml, or give a `default`.",
            )
        )
    return checks


_BOUNDS: dict[str, tuple[float, float]] = {
    "sigma_m": (0.0, 2.1e7),
    "count": (0.0, 1e12),
    "count_low": (0.0, 1e12),
    "count_high": (0.0, 1e12),
    "bearing_deg": (0.0, 360.0),
    "bearing_sigma_deg": (0.0, 360.0),
    "credibility": (1.0, 6.0),
}


def _number_checks(mapping: FileMapping) -> list[Check]:
    checks = []
    for field, bounds in _BOUNDS.items():
        told = getattr(mapping.columns, field)
        if told is None:
            continue
        column = told.column if isinstance(told, Graded) else told
        if isinstance(told, Graded) and told.values:
            good = _graded(told, mapping).is_between(*bounds).fill_null(value=False)
            problem = f"the word in {column} is not among those mapped to {field}."
            remedy = f"Add it to `values` of {field} in sources.yaml, or give a `default`."
        else:
            value = number(column, mapping.decimal)
            good = is_blank(column) | value.is_between(*bounds).fill_null(value=False)
            problem = f"{column} is not a number from {bounds[0]:g} to {bounds[1]:g}."
            remedy = "Give the number, or leave the field blank where it is not known."
        checks.append(Check(column, good, problem, remedy))
    return checks


def _error_check() -> Check:
    return Check(
        "sigma_m",
        pl.col("_sigma_m").is_not_null(),
        "the place has no error.",
        "Map a column to `sigma_m`, or give it as a constant, in metres.",
    )


def _area_check() -> Check:
    return Check(
        "area",
        pl.col("_area").is_not_null(),
        "there is neither a place nor an area.",
        "Map `lat` and `lon`, or `area`.",
    )
