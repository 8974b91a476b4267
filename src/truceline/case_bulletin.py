"""The bulletin of a case: what its judgement says, with the case's own words, map and claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from shapely.geometry.base import BaseGeometry

from truceline.agreement.case import Case
from truceline.agreement.geometry import find_feature, zone_polygon
from truceline.judgement.judgement import Judgement
from truceline.publish.bulletins.changes import read_published
from truceline.publish.bulletins.ledger import claim_lines
from truceline.publish.bulletins.report import Bulletin, compose
from truceline.publish.bulletins.settings import BulletinSettings, Thresholds
from truceline.publish.draw.geography import Geography, MapLine, MapSector, MapZone
from truceline.record.claims import Claim, load_claims


def bulletin_of(
    case: Case,
    judgement: Judgement,
    period: tuple[int, int],
    *,
    now: int,
    period_before: tuple[int, int] | None = None,
    published: Path | None = None,
    line: BaseGeometry | None = None,
    claims: Sequence[Claim] = (),
    seen: pl.LazyFrame | None = None,
) -> Bulletin:
    """Return the bulletin of a period of a judgement, with the case's words, map and claims.

    Claims that the parties entered themselves follow those of the case.
    """
    return compose(
        judgement,
        replace(bulletin_settings(case), period_before=period_before),
        period=period,
        now=now,
        geography=geography(case, line),
        claims=claim_lines([*claims_of(case), *claims], case.terms.agreement.party_names()),
        published=None if published is None else read_published(published),
        seen=seen,
    )


def bulletin_settings(case: Case) -> BulletinSettings:
    """Return the words and limits that a case gives its bulletins."""
    settings = case.settings
    return BulletinSettings(
        case_id=settings.id,
        title=settings.title,
        timezone=settings.timezone,
        parties=case.terms.agreement.party_names(),
        thresholds=Thresholds(
            violation=settings.thresholds.list_violation,
            credible=settings.thresholds.list_credible,
            party=settings.thresholds.name_party,
            holding_share=settings.state.holding_share,
        ),
        languages=settings.publication.languages,
        disclaimer=settings.disclaimer,
        handling=settings.publication.handling,
        exercise=settings.publication.exercise,
    )


def geography(case: Case, line: BaseGeometry | None = None) -> Geography:
    """Return what a case gives its maps: its line, drawn zones and sectors."""
    drawn = case.settings.line
    if line is None and drawn is not None:
        line = find_feature(case.geometry, drawn)
    lines = [] if line is None else [MapLine("line of contact", line)]
    zones = []
    for zone in case.terms.agreement.zones:
        drawn = zone_polygon(case.terms.agreement, zone, case.terms.geometry)
        if drawn is not None:
            zones.append(MapZone(zone.id, drawn, None if zone.side == "both" else zone.side))
    sectors = tuple(
        MapSector(name, name, polygon) for name, polygon in sorted(case.sectors().polygons.items())
    )
    return Geography(tuple(lines), tuple(zones), sectors)


def claims_of(case: Case) -> tuple[Claim, ...]:
    """Return the claims that the case has taken down; none where it has no `claims.yaml`."""
    path = case.folder / "claims.yaml"
    return tuple(load_claims(path)) if path.is_file() else ()
