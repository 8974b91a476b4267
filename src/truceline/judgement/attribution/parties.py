r"""Distribution over the parties from the signs of origin.

For each party :math:`X` the signs of an incident multiply into a likelihood:

* **ground**: with :math:`s_X` the probability that the place lies on X's side, given the errors of
  the place and of the line, a thing seen where it lands has likelihood
  :math:`(1 - s_X) a + s_X (1 - a)`, one seen where it starts :math:`s_X b + (1 - s_X)(1 - b)`;
* **reach**: a party whose ground is further away than the weapon's reach is all but ruled out;
* **bearing**: the same as a thing seen at its origin, averaged over distance and bearing;
* **word**: an independent reporter, an accuser or one who admits, each with its own worth.

All parties share one prior; `unknown_share` is kept for someone who is no party to the
agreement, whose likelihood is the mean over the parties. Nothing in this module knows
a party but by its position in a list.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

from truceline.core.types.tables import ATTRIBUTION
from truceline.core.types.vocabulary import UNATTRIBUTABLE
from truceline.judgement.attribution.signs import (
    REACH_M,
    SEEN_WHERE_IT_LANDS,
    SEEN_WHERE_IT_STARTS,
    UNKNOWN_REACH_M,
)
from truceline.judgement.parameters import Parameters

FloatArray = npt.NDArray[np.float64]

#: Likelihood of a party that cannot reach the place: the class of weapon may be misjudged.
OUT_OF_REACH = 0.02

#: Error of a place that is given without one, metres.
DEFAULT_SIGMA_M = 2_500.0


#: What an observation says of its origin.
SIGNS = (
    "source", "witness", "instrument", "phenomenon", "weapon_class", "lon", "lat", "sigma_m",
    "bearing_deg", "bearing_sigma_deg", "party_claimed",
)  # fmt: skip


class Territory(Protocol):
    """The ground each party holds, with the error of the line between them."""

    @property
    def parties(self) -> Sequence[str]:
        """Names of the parties, in the order of the columns below."""
        ...

    def side_probability(self, lon: FloatArray, lat: FloatArray, sigma_m: FloatArray) -> FloatArray:
        """Return the probability that each place is on each party's side, n x parties."""
        ...

    def distance_m(self, lon: FloatArray, lat: FloatArray) -> FloatArray:
        """Return the distance of each place to each party's ground, n x parties, metres."""
        ...


def attribute(
    incidents: pl.DataFrame,
    members: pl.DataFrame,
    observations: pl.DataFrame,
    territory: Territory,
    parameters: Parameters,
) -> pl.DataFrame:
    """Return the probability of each party, and of none of them, for every incident.

    Parameters
    ----------
    incidents, members, observations : polars.DataFrame
        Tables of the schemas of those names.
    territory : Territory
        Who holds which ground.
    parameters : Parameters
        Worth of the signs.

    Returns
    -------
    polars.DataFrame
        Schema `ATTRIBUTION`, a row an incident and party and one for `unattributable`.
    """
    incidents = incidents.sort("incident_id")
    parties = list(territory.parties)
    numbers = incidents.select("incident_id", pl.int_range(pl.len()).alias("incident"))
    rows = (
        members.join(
            observations.select("obs_id", *SIGNS), on="obs_id", how="inner", maintain_order="left"
        )
        .join(numbers, on="incident_id", how="inner", maintain_order="left")
        .sort("incident", maintain_order=True)
    )
    log_likelihood = (
        _ground(len(incidents), rows, territory, parameters)
        + _reach(incidents, territory)
        + _bearings(len(incidents), rows, territory, parameters)
        + _words(len(incidents), rows, parties, parameters)
    )
    posterior = posterior_over_parties(log_likelihood, parameters.attributing.unknown_share)
    names = [*parties, UNATTRIBUTABLE]
    by_name = sorted(range(len(names)), key=names.__getitem__)
    each = np.repeat(np.arange(len(incidents)), len(names))
    table = incidents.select("incident_id")[each].with_columns(
        party=pl.Series([names[i] for i in by_name], dtype=pl.String)[
            np.tile(np.arange(len(names)), len(incidents))
        ],
        p=pl.Series(posterior[:, by_name].reshape(-1)),
    )
    return ATTRIBUTION.conform(table)


def posterior_over_parties(log_likelihood: FloatArray, unknown_share: float) -> FloatArray:
    """Return the posterior over n parties and none of them, n incidents x (parties + 1).

    Parameters
    ----------
    log_likelihood : array, incidents x parties
        Natural logarithms.
    unknown_share : float
        Prior probability that it was none of them.

    Examples
    --------
    >>> posterior_over_parties(np.log([[0.95, 0.05]]), 0.05).round(3).tolist()
    [[0.902, 0.048, 0.05]]
    """
    n_parties = log_likelihood.shape[1]
    scaled = np.exp(log_likelihood - log_likelihood.max(axis=1, keepdims=True))
    joint = np.column_stack(
        [scaled * (1.0 - unknown_share) / n_parties, scaled.mean(axis=1) * unknown_share]
    )
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def _places(table: pl.DataFrame, sigma: str) -> tuple[FloatArray, FloatArray, FloatArray]:
    return (
        table["lon"].to_numpy(),
        table["lat"].to_numpy(),
        table[sigma].fill_null(DEFAULT_SIGMA_M).to_numpy(),
    )


def _ground(n: int, rows: pl.DataFrame, territory: Territory, parameters: Parameters) -> FloatArray:
    """Weigh the best place of landing and the best place of origin that anyone saw.

    Many places of one incident share the error of the line, so that only the surest of
    either sort counts.
    """
    out = np.zeros((n, len(territory.parties)))
    worth = parameters.attributing
    placed = pl.col("lon").is_not_null() & pl.col("lat").is_not_null()
    sigma = pl.col("sigma_m").fill_null(DEFAULT_SIGMA_M)
    for kinds, own in (
        (SEEN_WHERE_IT_LANDS, 1.0 - worth.fires_across),
        (SEEN_WHERE_IT_STARTS, worth.holds_own),
    ):
        told = rows.filter(placed & pl.col("phenomenon").is_in(kinds))
        surest = (
            told.filter(sigma == sigma.min().over("incident"))
            .sort("incident", "obs_id")
            .unique("incident", keep="first", maintain_order=True)
        )
        if len(surest):
            side = territory.side_probability(*_places(surest, "sigma_m"))
            out[surest["incident"].to_numpy()] += np.log(_on_own_side(side, own))
    return out


def _on_own_side(side: FloatArray, own: float) -> FloatArray:
    """Likelihood of a place for each party, where `own` is the chance of its own side.

    Ground that is no party's says nothing, so it counts as half.
    """
    held = side.sum(axis=1, keepdims=True)
    likelihood = side * own + (held - side) * (1.0 - own) + (1.0 - held) * 0.5
    return np.asarray(likelihood.clip(1e-6, 1.0))


def _reach(incidents: pl.DataFrame, territory: Territory) -> FloatArray:
    out = np.zeros((len(incidents), len(territory.parties)))
    reach = (
        incidents["weapon_class"]
        .cast(pl.String)
        .replace_strict(REACH_M, default=None, return_dtype=pl.Float64)
    )
    known = reach.is_not_null() & incidents["lon"].is_not_null()
    at = np.flatnonzero(known.to_numpy())
    if at.size == 0:
        return out
    lon, lat, sigma = _places(incidents[at], "err_major_m")
    beyond = territory.distance_m(lon, lat) > (reach.to_numpy()[at] + 2.0 * sigma)[:, None]
    out[at] = np.where(beyond, np.log(OUT_OF_REACH), 0.0)
    return out


def _bearings(
    n: int, rows: pl.DataFrame, territory: Territory, parameters: Parameters
) -> FloatArray:
    """Follow each bearing back from where it was measured to where it may have come from."""
    out = np.zeros((n, len(territory.parties)))
    measured = rows.filter(
        pl.col("bearing_deg").is_not_null() & pl.col("lon").is_not_null()
    ).unique(["incident", "source", "witness"], keep="first", maintain_order=True)
    if measured.is_empty():
        return out
    reach = (
        measured["weapon_class"]
        .cast(pl.String)
        .replace_strict(REACH_M, default=UNKNOWN_REACH_M, return_dtype=pl.Float64)
    )
    side = _side_of_origin(measured, reach.to_numpy(), territory)
    likelihood = np.log(_on_own_side(side, parameters.attributing.holds_own))
    np.add.at(out, measured["incident"].to_numpy(), likelihood)
    return out


def _side_of_origin(measured: pl.DataFrame, reach: FloatArray, territory: Territory) -> FloatArray:
    """Average the side over distances up to the reach and over the error of the bearing."""
    lon, lat, sigma = _places(measured, "sigma_m")
    bearing = measured["bearing_deg"].to_numpy()
    error = measured["bearing_sigma_deg"].fill_null(10.0).to_numpy()
    total = np.zeros((len(measured), len(territory.parties)))
    shares, offsets = (0.15, 0.35, 0.55, 0.75, 0.95), (-1.0, 0.0, 1.0)
    for share in shares:
        for offset in offsets:
            angle = np.radians(bearing + offset * error)
            metres = share * reach
            north = lat + metres * np.cos(angle) / 111_195.0
            east = lon + metres * np.sin(angle) / (111_195.0 * np.cos(np.radians(lat)))
            total += territory.side_probability(east, north, sigma)
    return np.asarray(total / (len(shares) * len(offsets)))


def _words(n: int, rows: pl.DataFrame, parties: list[str], parameters: Parameters) -> FloatArray:
    """Weigh who is named, by whom; a further voice of one kind is worth a share of the last."""
    out = np.zeros((n, len(parties)))
    voices = (
        rows.filter(pl.col("party_claimed").is_in(parties))
        .sort("incident", "instrument", "source", "witness", "obs_id")
        .unique(["incident", "source", "witness"], keep="first", maintain_order=True)
        .with_columns(rank=pl.int_range(pl.len()).over("incident", "instrument"))
    )
    if voices.is_empty():
        return out
    worth = parameters.attributing
    claimed = pl.col("instrument") == "party_claim"
    share = (
        pl.col("instrument")
        .cast(pl.String)
        .replace_strict(parameters.dependence, default=1.0, return_dtype=pl.Float64)
    )
    weighed = voices.with_columns(
        right=pl.when(claimed & (pl.col("witness") == pl.col("party_claimed")))
        .then(worth.admits_rightly)
        .when(claimed)
        .then(worth.claims_rightly)
        .otherwise(worth.names_rightly),
        share=share.pow(pl.col("rank")),
    )
    right, weight = weighed["right"].to_numpy(), weighed["share"].to_numpy()
    row = weighed["incident"].to_numpy()
    named = np.array([parties.index(party) for party in weighed["party_claimed"]])
    others = max(len(parties) - 1, 1)
    for column in range(len(parties)):
        likelihood = np.where(named == column, right, (1.0 - right) / others)
        np.add.at(out[:, column], row, weight * np.log(likelihood))
    return out
