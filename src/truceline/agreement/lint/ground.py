"""The ground of zones: geometry that cannot be read, zones that are empty or overlap."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from shapely.geometry.base import BaseGeometry

from truceline.agreement.geometry import find_feature
from truceline.agreement.lint.checks import KeyPath
from truceline.agreement.lint.findings import Finding, found
from truceline.agreement.reading import AgreementFile
from truceline.agreement.terms import Geometry, Period, Zone
from truceline.core.space.geodesy import centre_of, local_plane, to_plane
from truceline.core.types.errors import TermsError

#: Zones drawn side by side by hand overlap a little; that is no dispute.
LEAST_SHARE = 0.001


def ground_findings(terms: AgreementFile) -> Iterator[Finding]:
    """Find what is wrong with the ground of an agreement."""
    drawn: list[tuple[int, Zone, BaseGeometry]] = []
    for path, geometry in _geometries(terms):
        try:
            shape = find_feature(terms.geometry, geometry)
        except TermsError as fault:
            yield found("unreadable", fault.where or terms.where(*path), fault.message)
            continue
        if path[0] == "zones":
            i = int(path[1])
            zone = terms.agreement.zones[i]
            if shape.area == 0.0:
                yield found(
                    "zone-empty",
                    terms.where(*path),
                    f"the zone {zone.id!r} is drawn as {shape.geom_type}, which has no area.",
                )
            else:
                drawn.append((i, zone, shape))
    yield from _overlaps(terms, drawn)


def _geometries(terms: AgreementFile) -> Iterator[tuple[KeyPath, Geometry]]:
    for i, line in enumerate(terms.agreement.lines):
        if line.geometry is not None:
            yield ("lines", i, "geometry"), line.geometry
    for i, zone in enumerate(terms.agreement.zones):
        if zone.polygon is not None:
            yield ("zones", i, "polygon"), zone.polygon


def _overlaps(
    terms: AgreementFile, drawn: list[tuple[int, Zone, BaseGeometry]]
) -> Iterator[Finding]:
    for (_, first, one), (j, second, other) in combinations(drawn, 2):
        if not (_share_weapons(first, second) and _share_time(first.period, second.period)):
            continue
        shared = one.intersection(other)
        if shared.area > LEAST_SHARE * min(one.area, other.area):
            km2 = to_plane(shared, local_plane(*centre_of(shared))).area / 1e6
            yield found(
                "zone-overlap",
                terms.where("zones", j),
                f"the zones {first.id!r} and {second.id!r} share {km2:,.0f} km².",
            )


def _share_weapons(first: Zone, second: Zone) -> bool:
    one, other = set(first.weapon_classes), set(second.weapon_classes)
    return not one or not other or bool(one & other)


def _share_time(first: Period | None, second: Period | None) -> bool:
    if first is None or second is None:
        return True
    (start, end), (begin, until) = first.micros(), second.micros()
    return (end is None or begin < end) and (until is None or start < until)
