"""The mapping of a stranger's columns to ours, as written in `sources.yaml`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from truceline.core.types.errors import InputError, Where
from truceline.core.types.vocabulary import INSTRUMENTS, PHENOMENA, RELIABILITIES, WEAPON_CLASSES
from truceline.evidence.sources.text_files import is_encoding

#: Closed lists that a mapped column may only hold words of.
VOCABULARIES: dict[str, tuple[str, ...]] = {
    "phenomenon": PHENOMENA,
    "weapon_class": WEAPON_CLASSES,
    "reliability": RELIABILITIES,
}

#: Columns of the observation that hold a number.
NUMBERS = (
    "lat", "lon", "sigma_m", "count", "count_low", "count_high", "bearing_deg",
    "bearing_sigma_deg", "credibility",
)  # fmt: skip

_Row = Annotated[int, Field(ge=1, le=200)]

_Format = Literal["csv", "geojson", "parquet", "xlsx"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Coded(_Strict):
    """A column whose words are translated.

    Attributes
    ----------
    column : str
        The stranger's column.
    values : dict
        Our word for each of theirs; without it their words are ours.
    default : str or None
        Our word for all others; without it such rows are rejected.
    """

    column: str
    values: dict[str, str] = Field(default_factory=dict)
    default: str | None = None


class Graded(_Strict):
    """A column whose words stand for figures, such as codes of precision.

    Attributes
    ----------
    column : str
        The stranger's column.
    values : dict
        A figure for each word; none where the column holds the figure itself.
    default : float or None
        The figure for all other words; without it such rows are rejected.
    """

    column: str
    values: dict[str, float] = Field(default_factory=dict)
    default: float | None = Field(default=None, ge=0)


class Moment(_Strict):
    """A column of times.

    Attributes
    ----------
    column : str
        The stranger's column.
    clock : str or None
        The column of the time of day, where `column` holds the date alone; blank is the day.
    format : str
        `iso` (a date, or a date and time, with or without an offset), `epoch_s`, `epoch_ms`,
        or a pattern such as `%d.%m.%Y %H:%M`; with a clock, of both with a blank between.
    """

    column: str
    clock: str | None = None
    format: str = "iso"


class Days(_Strict):
    """The days that a table covers whole, the last one included."""

    start: dt.date
    end: dt.date

    @model_validator(mode="after")
    def _in_order(self) -> Days:
        if self.end < self.start:
            raise ValueError("the end lies before the start")
        return self


def _named(value: object) -> object:
    return {"column": value} if isinstance(value, str) else value


def _listed(value: object) -> object:
    return [value] if isinstance(value, str | int) else value


_Coded = Annotated[Coded, BeforeValidator(_named)]
_Moment = Annotated[Moment, BeforeValidator(_named)]
_Graded = Annotated[Graded, BeforeValidator(_named)]


class Columns(_Strict):
    """Which of the stranger's columns holds what."""

    time: _Moment
    end: _Moment | None = None
    received: _Moment | None = None
    lat: str | None = None
    lon: str | None = None
    point: str | None = None
    sigma_m: _Graded | None = None
    area: str | None = None
    phenomenon: _Coded | None = None
    weapon_class: _Coded | None = None
    reliability: _Coded | None = None
    credibility: str | None = None
    witness: Annotated[tuple[str, ...], BeforeValidator(_listed)] = ()
    count: str | None = None
    count_low: str | None = None
    count_high: str | None = None
    bearing_deg: str | None = None
    bearing_sigma_deg: str | None = None
    party_claimed: str | None = None
    attributes: tuple[str, ...] = ()

    def named(self) -> tuple[str, ...]:
        """Return the stranger's columns that are named, each once."""
        found: list[str] = []
        for field in type(self).model_fields:
            value = getattr(self, field)
            if isinstance(value, Coded | Graded | Moment):
                found.append(value.column)
                if isinstance(value, Moment) and value.clock is not None:
                    found.append(value.clock)
            elif isinstance(value, tuple):
                found += value
            elif value is not None:
                found.append(value)
        return tuple(dict.fromkeys(found))


class Constants(_Strict):
    """What holds for every row."""

    sigma_m: float | None = Field(default=None, ge=0)
    area: str | None = None
    phenomenon: str | None = None
    weapon_class: str | None = None
    reliability: str | None = None
    credibility: int | None = Field(default=None, ge=1, le=6)
    witness: str | None = None
    count: float | None = Field(default=None, ge=0)
    party_claimed: str | None = None
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


class FileMapping(_Strict):
    """How a stranger's file is to be read.

    Attributes
    ----------
    name : str
        Under which its observations are known.
    columns, constants
        What holds what.
    instrument : str
        One of the instruments.
    timezone : str
        IANA name of the zone of times without an offset.
    duration_s : float
        How long an event may have lasted where no end is given; a date lasts its day.
    format : str or None
        The kind of file; known from the file itself unless told.
    covers : Days, "rows" or None
        The days of which the maker counted all there was, or that each row counts the whole of
        its own time; not known unless told.
    header_row : tuple of int
        Rows from 1 in which the names stand; of several the lowest name of a column holds.
    separator, encoding, decimal : str
        Of a CSV file; the decimal mark of a workbook's text too.
    sheet : str or int
        Of a workbook: its name, or its number from 0.
    """

    name: str = Field(default="mapped", pattern=r"^[a-z][a-z0-9_-]*$")
    columns: Columns
    constants: Constants = Constants()
    instrument: str = "dataset"
    timezone: str = "UTC"
    duration_s: float = Field(default=0.0, ge=0, le=3.2e8)
    format: _Format | None = None
    covers: Days | Literal["rows"] | None = None
    header_row: Annotated[tuple[_Row, ...], BeforeValidator(_listed)] = ()
    separator: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    sheet: str | int = 0
    handling: Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"] = "CLEAR"

    @model_validator(mode="after")
    def _within_vocabularies(self) -> FileMapping:
        if self.instrument not in INSTRUMENTS:
            raise ValueError(f"instrument {self.instrument!r} is none of {', '.join(INSTRUMENTS)}")
        if not is_encoding(self.encoding):
            raise ValueError(f"encoding {self.encoding!r} is not known; try windows-1251 or sniff")
        for field, words in VOCABULARIES.items():
            coded: Coded | None = getattr(self.columns, field)
            constant = getattr(self.constants, field)
            told = [] if coded is None else [*coded.values.values(), coded.default]
            strange = {word for word in [*told, constant] if word is not None} - set(words)
            if strange:
                raise ValueError(
                    f"{field} {', '.join(sorted(strange))} is none of {', '.join(words)}"
                )
        return self

    @model_validator(mode="after")
    def _complete(self) -> FileMapping:
        both = [field for field in type(self.constants).model_fields if self._is_twice(field)]
        if both:
            raise ValueError(f"{', '.join(both)} is given as a column and as a constant")
        if self._is_missing("phenomenon"):
            raise ValueError("phenomenon is given neither as a column nor as a constant")
        if self._is_missing("lat") != self._is_missing("lon"):
            raise ValueError("one of lat and lon is given without the other")
        if self.columns.point is not None and not self._is_missing("lat"):
            raise ValueError("the place is given by `point` and by lat and lon")
        return self

    def _is_twice(self, field: str) -> bool:
        return bool(getattr(self.columns, field)) and getattr(self.constants, field) is not None

    def _is_missing(self, field: str) -> bool:
        constant = getattr(self.constants, field, None)
        return getattr(self.columns, field) is None and constant is None

    @property
    def has_place(self) -> bool:
        """Whether the mapping says where coordinates are; GeoJSON has its own."""
        return not (self._is_missing("lat") and self._is_missing("point"))

    @property
    def has_area(self) -> bool:
        """Whether the mapping names an area."""
        return not self._is_missing("area")


#: Settings that every source takes and that are not part of a mapping.
_COMMON = frozenset({"bbox", "received_before"})


def read_mapping(settings: Mapping[str, object], path: Path) -> FileMapping:
    """Return the mapping in a feed's settings, or say what is wrong with it and where."""
    told = {key: value for key, value in settings.items() if key not in _COMMON}
    try:
        return FileMapping.model_validate(told)
    except ValidationError as cause:
        faults = [
            f"{'.'.join(str(part) for part in fault['loc']) or 'mapping'}: "
            f"{fault['msg'].removeprefix('Value error, ')}"
            for fault in cause.errors()[:5]
        ]
        raise InputError(
            f"the mapping of columns is not right: {'; '.join(faults)}.",
            where=Where(str(path)),
            hint="Mend it in sources.yaml; docs/reference/sources.md lists its settings.",
        ) from cause
