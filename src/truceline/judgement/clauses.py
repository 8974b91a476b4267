r"""Clause decisions: how probable it is that an incident breaks a clause.

.. math:: P(\text{violation of } k) = P(\text{hostile}) \times P(\text{in the zone}) \times
          P(\text{in force}) \times P(\text{kind is covered}) \times (1 - P(\text{exempt}))

Each factor is kept, so that a reader sees which one is in doubt. Who did it is no factor:
a clause that binds one party alone is multiplied by the probability of that party.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.agreement.geometry import probability_inside, zone_polygon
from truceline.agreement.reading import AgreementFile
from truceline.agreement.terms import Agreement, Clause, Exemption, Notice, Zone
from truceline.core.space.geodesy import FloatArray
from truceline.core.space.lines import Territory
from truceline.core.types.tables import FINDING

#: Error of a place that is given without one, metres.
DEFAULT_SIGMA_M = 2_500.0

#: The end of what has no end, UTC microseconds.
_FOREVER = int(np.iinfo(np.int64).max)

#: A kind that a more general one includes: a clause on explosions covers each of these.
_WITHIN = {
    "explosion_airburst": ("explosion",),
    "explosion_impact": ("explosion",),
    "explosion_outgoing": ("explosion",),
    "explosion_undetermined": ("explosion",),
}


def clause_findings(
    incidents: pl.DataFrame,
    p_hostile: pl.DataFrame,
    attributions: pl.DataFrame,
    terms: AgreementFile,
    territory: Territory | None = None,
) -> pl.DataFrame:
    """Return each clause's probability of having been broken by each incident.

    Parameters
    ----------
    incidents : polars.DataFrame
        Schema `INCIDENT`.
    p_hostile : polars.DataFrame
        Columns `incident_id`, `p_hostile`.
    attributions : polars.DataFrame
        Schema `ATTRIBUTION`; may be empty.
    terms : AgreementFile
        What was agreed.
    territory : Territory, optional
        Who holds which ground; without it a zone on one party's side is taken on both.

    Returns
    -------
    polars.DataFrame
        Schema `FINDING`; clauses that cannot apply to an incident are left out.
    """
    table = incidents.sort("incident_id").join(p_hostile, on="incident_id", maintain_order="left")
    parts = [
        _findings(table, attributions, clause, terms, territory)
        for clause in terms.agreement.clauses
        if clause.kind not in ("ceiling", "duty")
    ]
    if not parts or table.is_empty():
        return FINDING.empty()
    return FINDING.conform(pl.concat(parts)).sort("incident_id", "clause")


def _findings(
    table: pl.DataFrame,
    attributions: pl.DataFrame,
    clause: Clause,
    terms: AgreementFile,
    territory: Territory | None,
) -> pl.DataFrame:
    kind = _kind_covered(table, clause)
    at = np.flatnonzero(kind > 0)
    some = table[at]
    agreement = terms.agreement
    p_zone = _in_zone(some, clause, terms, territory) * _bound(some, attributions, clause)
    p_time = _in_force(some, clause, agreement)
    p_exempt = _exempt(some, clause, agreement)
    p_hostile = some["p_hostile"].to_numpy()
    return pl.DataFrame(
        {
            "incident_id": some["incident_id"],
            "clause": pl.Series([clause.id] * len(some), dtype=pl.String),
            "p_hostile": p_hostile,
            "p_zone": p_zone,
            "p_time": p_time,
            "p_kind": kind[at],
            "p_exempt": p_exempt,
            "p_violation": p_hostile * p_zone * p_time * kind[at] * (1.0 - p_exempt),
        }
    )


def _kind_covered(table: pl.DataFrame, clause: Clause) -> FloatArray:
    """Return 1 where kind and weapon are covered, 0 where not, between where unknown."""
    said = set(clause.phenomena)
    special = {kind for kind, general in _WITHIN.items() if said & set(general)}
    general = {wider for kind in said if kind in _WITHIN for wider in _WITHIN[kind]}
    seen = table["kind"].cast(pl.String)
    sure = seen.is_in(sorted(said | special)).to_numpy()
    # An explosion that nobody could place is one of the clause's kind as often as not.
    kind = np.where(sure, 1.0, np.where(seen.is_in(sorted(general)).to_numpy(), 0.5, 0.0))
    if not clause.weapon_classes:
        return kind
    weapon = table["weapon_class"].cast(pl.String)
    known = weapon.is_in(clause.weapon_classes).fill_null(value=False).to_numpy()
    # A weapon that nobody named is one of the clause's own as often as of any other.
    unknown = (weapon.is_null() | (weapon == "unknown")).to_numpy()
    return np.asarray(kind * np.where(known, 1.0, np.where(unknown, 0.5, 0.0)))


def _in_zone(
    table: pl.DataFrame, clause: Clause, terms: AgreementFile, territory: Territory | None
) -> FloatArray:
    if clause.zone is None:
        return np.ones(len(table))
    zone = next(zone for zone in terms.agreement.zones if zone.id == clause.zone)
    placed = (table["lon"].is_not_null() & table["lat"].is_not_null()).to_numpy()
    out = np.zeros(len(table))
    at = np.flatnonzero(placed)
    if at.size:
        lon, lat = table["lon"].to_numpy()[at], table["lat"].to_numpy()[at]
        sigma = table["err_major_m"].fill_null(DEFAULT_SIGMA_M).to_numpy()[at]
        out[at] = _zone_probability(zone, terms, lon, lat, sigma)
        if zone.side != "both" and territory is not None:
            own = list(territory.parties).index(zone.side)
            out[at] *= territory.side_probability(lon, lat, sigma)[:, own]
    return out


def _zone_probability(
    zone: Zone, terms: AgreementFile, lon: FloatArray, lat: FloatArray, sigma: FloatArray
) -> FloatArray:
    """Average over the parties' own lines where the zone has one for each."""
    owners: list[str | None] = [*sorted(zone.line_of)] or [None]
    error = {line.id: line.sigma_m or 0.0 for line in terms.agreement.lines}
    values = []
    for owner in owners:
        polygon = zone_polygon(terms.agreement, zone, terms.geometry, owner)
        if polygon is None:
            continue
        line = zone.line_of.get(owner or "", zone.line or "")
        joint = np.hypot(sigma, error.get(line, 0.0))
        values.append(probability_inside(polygon, lon, lat, joint))
    return np.mean(values, axis=0) if values else np.zeros(len(lon))


def _bound(table: pl.DataFrame, attributions: pl.DataFrame, clause: Clause) -> FloatArray:
    """Return the probability that a party did it whom the clause binds."""
    if not clause.parties:
        return np.ones(len(table))
    bound = (
        attributions.filter(pl.col("party").is_in(clause.parties))
        .group_by("incident_id")
        .agg(pl.col("p").sort().sum())
    )
    p = table.select("incident_id").join(bound, on="incident_id", how="left", maintain_order="left")
    return p["p"].fill_null(0.0).clip(0.0, 1.0).to_numpy()


def _in_force(table: pl.DataFrame, clause: Clause, agreement: Agreement) -> FloatArray:
    """Return the share of the incident's interval in which agreement, clause and zone hold."""
    zone = next((zone for zone in agreement.zones if zone.id == clause.zone), None)
    periods = (agreement.in_force, clause.period, zone.period if zone else None)
    bounds = [period.micros() for period in periods if period is not None]
    since = max(start for start, _ in bounds)
    until = min(_FOREVER if end is None else end for _, end in bounds)
    start, end = table["t_start"].to_numpy(), table["t_end"].to_numpy()
    overlap = np.minimum(end, until - 1) - np.maximum(start, since)
    share = np.where(end > start, overlap / np.maximum(end - start, 1), overlap >= 0)
    return np.asarray(np.clip(share, 0.0, 1.0), dtype=np.float64)


def _exempt(table: pl.DataFrame, clause: Clause, agreement: Agreement) -> FloatArray:
    """Return the probability that an exemption covers the incident."""
    stays = np.ones(len(table))
    for exemption in agreement.exemptions:
        if exemption.clauses and clause.id not in exemption.clauses:
            continue
        kinds = exemption.phenomena
        like = (
            table["kind"].cast(pl.String).is_in(kinds).to_numpy()
            if kinds
            else np.ones(len(table), dtype=bool)
        )
        notified = _notified(table, exemption, agreement.notices)
        p = np.where(notified, 1.0, exemption.unnotified_share)
        stays *= 1.0 - np.where(like, p, 0.0)
    return np.asarray(1.0 - stays)


def _notified(
    table: pl.DataFrame, exemption: Exemption, notices: tuple[Notice, ...]
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    out = np.zeros(len(table), dtype=bool)
    lon = table["lon"].fill_null(np.nan).to_numpy()
    lat = table["lat"].fill_null(np.nan).to_numpy()
    start, end = table["t_start"].to_numpy(), table["t_end"].to_numpy()
    for notice in notices:
        if notice.exemption != exemption.id:
            continue
        since, until = notice.period.micros()
        late = _FOREVER if until is None else until
        metres = 111_195.0 * np.hypot(
            (lon - notice.lon) * np.cos(np.radians(notice.lat)), lat - notice.lat
        )
        out |= (metres <= notice.radius_m) & (start >= since) & (end <= late)
    return out
