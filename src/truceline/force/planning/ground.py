"""The ground of a plan: the band to be watched, where units could stand, and its sectors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from shapely.geometry.base import BaseGeometry

from truceline.core.space.geodesy import FloatArray, centre_of, length_km, local_plane, to_plane
from truceline.core.space.lines import Territory
from truceline.core.types.errors import InputError
from truceline.core.types.schema import Column, Schema
from truceline.force.siting.sites import candidate_sites, line_points

#: Distances from the line at which posts, cameras and drone bases may stand, metres.
OFFSETS_M = (1_000.0, 3_000.0, 6_000.0)

#: Distance from the line of the bases of reaction forces, metres.
BASES_M = 20_000.0

WATCHED = Schema(
    "points to be watched",
    (
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("weight", pl.Float64(), "Square kilometres it stands for.", low=0),
        Column("line_m", pl.Float64(), "Distance to the line, metres.", low=0),
        Column("km", pl.Float64(), "Kilometre of the line it lies beside.", low=0),
    ),
)

STRETCHES = Schema(
    "stretches of the line",
    (
        Column("sector", pl.String(), "Name of the sector."),
        Column("lon", pl.Float64(), "Longitude, degrees east.", low=-180, high=180),
        Column("lat", pl.Float64(), "Latitude, degrees north.", low=-90, high=90),
        Column("length_km", pl.Float64(), "Kilometres of line it stands for.", low=0),
        Column("km", pl.Float64(), "Kilometre of the line.", low=0),
        Column("stretch", pl.String(), "Sector it belongs to."),
    ),
)


@dataclass(frozen=True)
class PlanGround:
    """What a plan is made on.

    Attributes
    ----------
    line : shapely line
        The line of contact, degrees.
    territory : Territory
        Who holds which ground.
    line_km, band_km : float
        Its length as drawn, and half the width of the band watched.
    points : polars.DataFrame
        `WATCHED`: the band to be watched.
    sites, bases : polars.DataFrame
        Where units, and where reaction forces, could stand (`SITES` of siting).
    stretches : polars.DataFrame
        `STRETCHES`: places of the line that people should be able to reach.
    within : shapely geometry or None
        Ground outside which nobody may stand.
    """

    line: BaseGeometry
    territory: Territory
    line_km: float
    band_km: float
    points: pl.DataFrame
    sites: pl.DataFrame
    bases: pl.DataFrame
    stretches: pl.DataFrame
    within: BaseGeometry | None = None


def plan_ground(
    line: BaseGeometry,
    territory: Territory,
    *,
    within: BaseGeometry | None = None,
    band_km: float = 5.0,
    point_m: float = 1_000.0,
    site_m: float = 3_000.0,
    stretch_km: float = 10.0,
    sector_km: float = 100.0,
) -> PlanGround:
    """Lay points, sites, bases and sectors along a line.

    Parameters
    ----------
    line, territory
        The line of contact and who holds which ground.
    within : shapely geometry or None
        Ground outside which nobody may stand, such as a third state's or the sea.
    band_km : float
        Half width of the band to be watched.
    point_m, site_m, stretch_km, sector_km : float
        Spacing of points, of sites, of the places to be reached, and length of a sector.
    """
    if band_km <= 0:
        raise InputError("the band to be watched needs a width above 0.")
    spine = _Spine(line)
    return PlanGround(
        line,
        territory,
        length_km(line),
        band_km,
        _band(line, territory, spine, band_km * 1000.0, point_m),
        _inside(candidate_sites(line, territory, OFFSETS_M, site_m), within),
        _inside(candidate_sites(line, territory, (BASES_M,), 5 * site_m), within),
        _stretches(line, spine, stretch_km, sector_km),
        within,
    )


def _inside(sites: pl.DataFrame, within: BaseGeometry | None) -> pl.DataFrame:
    if within is None:
        return sites
    kept = shapely.contains_xy(within, sites["lon"].to_numpy(), sites["lat"].to_numpy())
    return sites.filter(pl.Series(kept))


class _Spine:
    """The longest part of the line, along which everything has a kilometre.

    It is counted from its western end, so that no party's ground comes first; where it is
    closed, from its westernmost corner and against the clock.
    """

    def __init__(self, line: BaseGeometry) -> None:
        self._plane = local_plane(*centre_of(line))
        parts = shapely.get_parts(shapely.line_merge(to_plane(line, self._plane)))
        longest = max(parts, key=lambda part: part.length)
        first, last = longest.coords[0], longest.coords[-1]
        if longest.is_ring:
            self._longest = _from_west(longest)
        else:
            self._longest = longest if first <= last else shapely.reverse(longest)

    @property
    def length_km(self) -> float:
        """Its length, kilometres."""
        return float(self._longest.length) / 1000.0

    def km(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the kilometre of the line beside each place."""
        x, y = self._plane.transform(lon, lat)
        found = shapely.line_locate_point(self._longest, shapely.points(x, y))
        return np.asarray(found) / 1000.0


def _from_west(ring: BaseGeometry) -> BaseGeometry:
    """Return a closed line from its westernmost corner, against the clock."""
    turned = ring if shapely.is_ccw(ring) else shapely.reverse(ring)
    corners = shapely.get_coordinates(turned)[:-1]
    start = int(np.lexsort((corners[:, 1], corners[:, 0]))[0])
    rolled = np.roll(corners, -start, axis=0)
    return shapely.LineString([*rolled, rolled[0]])


def _band(
    line: BaseGeometry, territory: Territory, spine: _Spine, half_m: float, point_m: float
) -> pl.DataFrame:
    """Return the line and two curves on each side, each point with the ground it stands for."""
    middle = line_points(line, point_m)
    sides = candidate_sites(line, territory, (half_m / 2, half_m), point_m)
    # The curve at the edge stands for half as deep a strip as those within.
    deep = np.where(sides["line_m"].to_numpy() > 0.75 * half_m, half_m / 4, half_m / 2) / 1000.0
    table = pl.concat(
        [
            middle.select(
                "lon", "lat", pl.col("weight") * half_m / 2000.0, pl.lit(0.0).alias("line_m")
            ),
            sides.select(
                "lon", "lat", pl.Series("weight", deep * point_m / 1000.0), pl.col("line_m")
            ),
        ]
    )
    km = spine.km(table["lon"].to_numpy(), table["lat"].to_numpy())
    return WATCHED.conform(table.with_columns(pl.Series("km", km)))


def _stretches(
    line: BaseGeometry, spine: _Spine, stretch_km: float, sector_km: float
) -> pl.DataFrame:
    places = line_points(line, stretch_km * 1000.0)
    km = spine.km(places["lon"].to_numpy(), places["lat"].to_numpy())
    whole = max(1, round(spine.length_km / sector_km))
    each = spine.length_km / whole
    number = np.minimum((km / each).astype(np.int64), whole - 1)
    names = [f"km {n * each:,.0f} to {(n + 1) * each:,.0f}" for n in range(whole)]
    table = places.select("lon", "lat", pl.col("weight").alias("length_km")).with_columns(
        pl.Series("km", km), pl.Series("stretch", [names[n] for n in number])
    )
    table = table.sort("km", maintain_order=True).with_row_index("at")
    return STRETCHES.conform(
        table.with_columns(pl.format("place {}", pl.col("at") + 1).alias("sector"))
    )


def stretch_of(ground: PlanGround, km: FloatArray) -> list[str]:
    """Return the name of the stretch of the line at each kilometre."""
    cuts = ground.stretches.group_by("stretch", maintain_order=True).agg(pl.col("km").min())
    names = cuts["stretch"].to_list()
    at = np.searchsorted(cuts["km"].to_numpy()[1:], km, side="right")
    return [names[n] for n in at]


def along(ground: PlanGround, lon: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the kilometre of the line beside each place."""
    return _Spine(ground.line).km(lon, lat)
