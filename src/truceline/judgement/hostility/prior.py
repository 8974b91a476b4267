r"""Prior: how many hostile acts a site of the sector sees a day, just now.

The rate of a sector over the last days is estimated from the incidents themselves.
With :math:`N` the site-days of the window and :math:`p_i` the probabilities of the incidents
in it, the posterior mean of a Gamma-Poisson rate is

.. math:: h = \frac{w + \sum_i p_i}{w / h_0 + N}

where :math:`h_0` is the base rate and :math:`w` its weight. Since the :math:`p_i` depend on
:math:`h`, the two are solved in turn (expectation and maximisation). Incidents that rest on
the claims of parties alone are left out, so that no party can talk a sector into violence.
"""

from __future__ import annotations

import polars as pl

from truceline.core.types.time import DAY
from truceline.judgement.parameters import Parameters

#: The rounds of the iteration; after six the change is below a hundredth of a bit.
ROUNDS = 6

#: A site cannot see a hostile act on more than this share of days, as a prior.
MOST = 0.5


def prior_bits(
    evidence: pl.DataFrame, site_count: dict[str, float], parameters: Parameters
) -> pl.DataFrame:
    """Return the prior log2 odds of each incident.

    Parameters
    ----------
    evidence : polars.DataFrame
        Columns `incident_id`, `sector` (null for none), `t_best`, `bits` (sum of weights)
        and `counts` (whether it may move the rate of its sector).
    site_count : dict
        Number of sites of each sector; the key ``""`` is for incidents of no sector.
    parameters : Parameters
        Base rate, its weight, and the window.

    Returns
    -------
    polars.DataFrame
        Columns `incident_id`, `prior_bits`, sorted by identity.
    """
    table = (
        evidence.with_columns(
            pl.col("sector").fill_null(""),
            day=pl.col("t_best") // DAY,
            h=pl.lit(parameters.base_rate),
        )
        .with_columns(
            sites=pl.col("sector").replace_strict(
                site_count, default=site_count.get("", 1.0), return_dtype=pl.Float64
            )
        )
        .sort("sector", "day", "incident_id")
    )
    for _ in range(ROUNDS):
        table = _round(table, parameters)
    return table.select("incident_id", prior_bits=_odds_bits(pl.col("h"))).sort("incident_id")


def _round(table: pl.DataFrame, parameters: Parameters) -> pl.DataFrame:
    odds = (pl.col("bits") + _odds_bits(pl.col("h"))).clip(-60, 60)
    p = pl.when("counts").then(1.0 / (1.0 + pl.lit(2.0).pow(-odds))).otherwise(0.0)
    daily = (
        table.with_columns(p=p)
        .group_by("sector", "day")
        .agg(acts=pl.col("p").sum(), sites=pl.col("sites").first())
        .sort("sector", "day")
    )
    window = daily.rolling("day", period=f"{parameters.window_days}i", group_by="sector").agg(
        acts=pl.col("acts").sum(), sites=pl.col("sites").first()
    )
    w = parameters.base_weight
    rate = (w + pl.col("acts")) / (
        w / parameters.base_rate + pl.col("sites") * parameters.window_days
    )
    rates = window.select("sector", "day", h=rate.clip(1e-6, MOST))
    return table.drop("h").join(rates, on=["sector", "day"], how="left", maintain_order="left")


def _odds_bits(p: pl.Expr) -> pl.Expr:
    return (p / (1.0 - p)).log(2)
