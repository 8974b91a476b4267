"""Cloud cover by area, hourly or daily: what satellites that see heat could have seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from shapely import Polygon

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import EFFORT, REJECT
from truceline.core.types.time import DAY, HOUR, from_micros
from truceline.evidence.effort.cells import PLACE, cells_of, places_of
from truceline.evidence.effort.satellite import (
    CLOUD,
    SATELLITES,
    daily_fire_effort,
    find_passes,
    under_cloud,
)
from truceline.evidence.sources.damage import RAW_LENGTH
from truceline.evidence.sources.delimited import ROW, header_of, read_rows
from truceline.evidence.sources.fields import is_blank, local_day_end, local_time, number
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

INFO = SourceInfo(
    name="cloud",
    title="Cloud cover by area, hourly or daily",
    publisher="Open-Meteo, from the ERA5 reanalysis of Copernicus",
    licence="CC BY 4.0",
    instrument="satellite_thermal",
    phenomena=("fire",),
    witness="None: it sees no events, and says only what satellites could have seen.",
    effort=(
        "For each area and day, the chance that a fire begun then was seen by a satellite, given "
        "its passes and the cloud; a day without cloud data has no row and is not known."
    ),
    limits=(
        "One cloud cover for a whole area; the sky over one village may differ. Thin cloud "
        "through which fires are seen counts as cloud. A day's mean hides an hour's gap."
    ),
    settings={
        "places": (
            "Where each area is: `[lon, lat]` of its middle, or `{ring: [[lon, lat], ...], "
            "resolution: 5}` for effort by cell. Areas not named here give no effort."
        ),
        "area": "Name of an hourly file's area; the last part of the file's name unless told.",
        "timezone": "IANA name of the zone of the times; UTC unless told.",
        "burning_h": "How long a fire burns, hours; 6 unless told.",
        "satellites": "Names of the satellites meant; all known ones unless told.",
        "source": "Source whose effort this is; firms unless told.",
    },
)

_COVER = "cover"

#: Days times places that are worked on at once.
_PLACE_DAYS = 40_000


@dataclass(frozen=True)
class _Shape:
    """One of the two forms in which cloud cover comes."""

    time: str
    cover: str
    area: str | None
    forms: tuple[str, ...]


_HOURLY = _Shape("time", "cloud_cover (%)", None, ("%Y-%m-%dT%H:%M",))
_DAILY = _Shape("ACQ_DATE", "CLOUD_COVER (%)", "OBLAST_ID", ("%Y-%m-%d",))


class _Ring(BaseModel):
    """An area by its outline."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ring: list[tuple[float, float]] = Field(min_length=3)
    resolution: int = Field(default=5, ge=0, le=9)


class _Settings(BaseModel):
    """What the case says of a cloud feed."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    places: dict[str, tuple[float, float] | _Ring] = Field(min_length=1)
    area: str | None = None
    timezone: str = "UTC"
    burning_h: float = Field(default=6.0, gt=0, le=72)
    satellites: list[str] = Field(default_factory=lambda: [s.name for s in SATELLITES])
    source: str = "firms"


@dataclass(frozen=True)
class CloudSource:
    """Reads cloud cover and yields the effort of satellites that see heat."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the header is one of cloud cover."""
        return _shape_of(header_of(sample.head)) is not None

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield the rejected rows, and at the end the effort of the whole file."""
        shape = _shape_of(header_of(Sample.of(path).head)) or _HOURLY
        told = _settings(settings, path)
        columns = tuple(name for name in (shape.time, shape.cover, shape.area) if name)
        known: list[pl.DataFrame] = []
        for rows in read_rows(path, columns):
            table = _timed(rows.table, shape, told, path)
            good = pl.col("t_start").is_not_null() & pl.col(_COVER).is_between(0, 100)
            good = (good & (pl.col("area") != "")).fill_null(value=False)
            known.append(
                table.filter(good & pl.col("area").is_in(list(told.places))).select(
                    "area", "t_start", "t_end", cloud=pl.col(_COVER) / 100.0
                )
            )
            rejects = pl.concat([rows.rejects, _rejects(table.filter(~good), shape, path)])
            # Rows that are good give no observation, so only rejected ones are counted.
            yield Batch(rejects=rejects, rows=len(rejects))
        if known:
            yield Batch(effort=cloud_effort(pl.concat(known), told))


def cloud_effort(cloud: pl.DataFrame, settings: _Settings) -> pl.DataFrame:
    """Return what satellites could have seen under the given cloud.

    Parameters
    ----------
    cloud : polars.DataFrame
        Columns of `CLOUD`; where an area has a time twice, the mean is taken.
    settings : _Settings
        Where the areas are, and which satellites are meant.
    """
    once = cloud.group_by("area", "t_start", "t_end").agg(pl.col("cloud").mean())
    if once.is_empty():
        return EFFORT.empty()
    sky = CLOUD.conform(once).sort("area", "t_start")
    places = pl.concat(_place(name, settings) for name in sorted(settings.places))
    start, end = sky.select(pl.col("t_start").min(), pl.col("t_end").max()).row(0)
    last = (end - 1) // DAY
    # In stretches of days, so that many cells over many years need no more memory.
    step = max(1, _PLACE_DAYS // len(places))
    return pl.concat(
        _stretch(places, sky, settings, first, min(first + step - 1, last))
        for first in range(start // DAY, last + 1, step)
    )


def _stretch(
    places: pl.DataFrame, sky: pl.DataFrame, settings: _Settings, first: int, last: int
) -> pl.DataFrame:
    """Return the effort of the days from the first to the last, counted from 1970."""
    passes = find_passes(
        places,
        from_micros((first - 1) * DAY).date(),
        from_micros((last + 1) * DAY).date(),
        [s for s in SATELLITES if s.name in settings.satellites],
    )
    near = sky.filter(
        (pl.col("t_end") > (first - 2) * DAY) & (pl.col("t_start") < (last + 3) * DAY)
    )
    effort = daily_fire_effort(
        under_cloud(passes, near), source=settings.source, burning_h=settings.burning_h
    )
    return effort.filter(pl.col("t_start").is_between(first * DAY, last * DAY))


def _place(name: str, settings: _Settings) -> pl.DataFrame:
    where = settings.places[name]
    if isinstance(where, _Ring):
        return places_of(cells_of(Polygon(where.ring), where.resolution), name)
    lon, lat = where
    return PLACE.conform(pl.DataFrame({"area": [name], "lon": [lon], "lat": [lat]}))


def _shape_of(header: tuple[str, ...]) -> _Shape | None:
    for shape in (_DAILY, _HOURLY):
        if {shape.time, shape.cover, shape.area or shape.time} <= set(header):
            return shape
    return None


def _settings(settings: Mapping[str, object], path: Path) -> _Settings:
    try:
        told = _Settings.model_validate(dict(settings))
    except ValidationError as cause:
        first = cause.errors()[0]
        raise InputError(
            f"the setting {'.'.join(str(part) for part in first['loc'])} of the cloud source is "
            f"not right: {first['msg']}.",
            where=Where(str(path)),
            hint="Give `places`, such as {UA14: [37.8, 48.0]}, in sources.yaml.",
        ) from cause
    strangers = set(told.satellites) - {satellite.name for satellite in SATELLITES}
    if strangers:
        raise InputError(
            f"the satellites {', '.join(sorted(strangers))} are not known.",
            where=Where(str(path)),
            hint=f"Known: {', '.join(satellite.name for satellite in SATELLITES)}.",
        )
    for name, where in told.places.items():
        points = where.ring if isinstance(where, _Ring) else [where]
        if any(not (-180 <= lon <= 180 and -80 <= lat <= 80) for lon, lat in points):
            raise InputError(
                f"the place of {name} is not longitude, latitude between -80 and 80.",
                where=Where(str(path)),
                hint="Give the longitude first.",
            )
    return told


def _timed(table: pl.DataFrame, shape: _Shape, settings: _Settings, path: Path) -> pl.DataFrame:
    start = local_time(shape.time, shape.forms[0], settings.timezone)
    end = start + HOUR if shape.area is None else local_day_end(
        shape.time, shape.forms, settings.timezone
    )  # fmt: skip
    name = settings.area or re.split(r"[_\s]", path.stem)[-1]
    area = pl.lit(name) if shape.area is None else pl.col(shape.area).str.strip_chars()
    return table.with_columns(t_start=start, t_end=end, area=area, **{_COVER: number(shape.cover)})


def _rejects(bad: pl.DataFrame, shape: _Shape, path: Path) -> pl.DataFrame:
    untimed = pl.col("t_start").is_null()
    blank = is_blank(shape.cover)
    raw = [name for name in (shape.area, shape.time, shape.cover) if name]
    return REJECT.conform(
        bad.select(
            ROW,
            file=pl.lit(str(path)),
            field=pl.when(untimed).then(pl.lit(shape.time)).otherwise(pl.lit(shape.cover)),
            problem=pl.when(untimed)
            .then(pl.lit("the time is missing, impossible, or not in the source's form."))
            .when(blank)
            .then(pl.lit("the cloud cover is missing."))
            .otherwise(pl.lit("the cloud cover is not a per cent from 0 to 100, or has no area.")),
            remedy=pl.lit("Mend the row or leave it out: the day is then not known."),
            raw=pl.concat_str([pl.col(c).fill_null("") for c in raw], separator=",").str.slice(
                0, RAW_LENGTH
            ),
        )
    )


SOURCE = CloudSource()
