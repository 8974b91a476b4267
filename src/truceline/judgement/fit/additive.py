r"""The fit: penalised logistic regression on the terms of the evidence.

With :math:`x_{ij}` the factor of term :math:`j` on incident :math:`i` and :math:`y_i` whether
a hostile act is in it, the bits :math:`\theta` minimise

.. math:: \sum_i \log_2(1 + 2^{-s_i \theta^T x_i}) + \tfrac12 \sum_j \lambda_j \theta_j^2,
          \qquad s_i = 2 y_i - 1

A kind of testimony is the sum of a part of its instrument and a part of its own; the second is
held near zero, so that a kind seen seldom is worth what its instrument is worth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy import sparse
from scipy.optimize import minimize

from truceline.core.space.geodesy import FloatArray
from truceline.judgement.hostility.kinds import NOTHING

#: Penalty on the part of an instrument, and on the part of a kind of testimony.
LOOSE: Final = 0.02
TIGHT: Final = 2.0

BASE: Final = "base"

#: A share of full weight may exceed one where the full weight was too cautious, up to this.
MOST_SHARE: Final = 2.0

#: A claimant's worth is a likelihood ratio that its own case has shown, taken as it is. Where
#: nobody floods a fit would find it worth little, and then believe the first flood.
WORTH_OF_CLAIMS: Final = 1.0

#: A party's word alone lists nothing: its bits are held at this at most.
MOST_FOR_A_CLAIM: Final = 2.0


@dataclass(frozen=True)
class Fitted:
    """What was found.

    Attributes
    ----------
    bits : dict
        Worth of every term; `BASE` is the prior odds. An instrument alone stands for kinds
        that were not seen.
    counts : dict
        In how many incidents each term took part.
    loss_bits : float
        Mean log score on the data of the fit, bits an incident.
    """

    bits: dict[str, float]
    counts: dict[str, int]
    loss_bits: float


def fit_terms(terms: pl.DataFrame, outcome: pl.DataFrame) -> Fitted:
    """Fit the worth of terms.

    Parameters
    ----------
    terms : polars.DataFrame
        Columns `incident_id`, `term`, `factor`.
    outcome : polars.DataFrame
        Columns `incident_id` (each once) and `is_hostile`.
    """
    ids = outcome["incident_id"]
    telling = terms.filter(~pl.col("term").str.ends_with(f"/{NOTHING}"))
    rows = telling.join(ids.to_frame().with_row_index("row"), on="incident_id")
    kinds = sorted(rows["term"].unique().to_list())
    columns = _columns(kinds)
    design = _design(rows, kinds, columns, len(ids))
    y = outcome["is_hostile"].to_numpy()
    theta, loss = _solve(design, y, columns)
    value = dict(zip(columns, theta, strict=True))
    bits = {name: value[name] for name in columns if not name.startswith("own ")}
    bits |= {kind: value[_instrument(kind)] + value[f"own {kind}"] for kind in kinds if "/" in kind}
    counts = dict(rows.group_by("term").agg(pl.col("row").n_unique()).rows())
    return Fitted(bits, counts, loss)


def _instrument(kind: str) -> str:
    return kind.partition("/")[0]


def _columns(kinds: Sequence[str]) -> list[str]:
    instruments = sorted({_instrument(kind) for kind in kinds if "/" in kind})
    others = [kind for kind in kinds if "/" not in kind]
    return [BASE, *instruments, *others, *(f"own {kind}" for kind in kinds if "/" in kind)]


def _design(
    rows: pl.DataFrame, kinds: Sequence[str], columns: Sequence[str], n: int
) -> sparse.csr_array:
    """Return incidents times columns; a kind stands in its own and in its instrument's."""
    place = {name: at for at, name in enumerate(columns)}
    first = {kind: place[_instrument(kind) if "/" in kind else kind] for kind in kinds}
    second = {kind: place[f"own {kind}"] for kind in kinds if "/" in kind}
    at, factor = rows["row"].to_numpy(), rows["factor"].to_numpy()
    one = rows["term"].replace_strict(first, return_dtype=pl.Int64).to_numpy()
    two = rows["term"].replace_strict(second, default=-1, return_dtype=pl.Int64).to_numpy()
    own = two >= 0
    return sparse.coo_array(
        (
            np.concatenate([np.ones(n), factor, factor[own]]),
            (
                np.concatenate([np.arange(n), at, at[own]]),
                np.concatenate([np.zeros(n, np.int64), one, two[own]]),
            ),
        ),
        shape=(n, len(columns)),
    ).tocsr()


def _solve(
    design: sparse.csr_array, y: np.ndarray, columns: Sequence[str]
) -> tuple[FloatArray, float]:
    """Minimise the penalised loss under the bounds of each column."""
    sign = np.where(y, 1.0, -1.0)
    penalty = np.array([_penalty(name) for name in columns])
    ln2 = np.log(2.0)

    def loss(theta: FloatArray) -> tuple[float, FloatArray]:
        margin = sign * (design @ theta)
        value = np.logaddexp(0.0, -ln2 * margin).sum() / ln2
        slope = -sign / (1.0 + np.exp2(np.clip(margin, -500, 500)))
        gradient = design.T @ slope + penalty * theta
        return float(value + 0.5 * (penalty * theta**2).sum()), np.asarray(gradient)

    found = minimize(
        loss,
        np.zeros(len(columns)),
        jac=True,
        method="L-BFGS-B",
        bounds=[_bounds(name) for name in columns],
        options={"maxiter": 2_000, "ftol": 1e-10},
    )
    margin = sign * (design @ found.x)
    return np.asarray(found.x), float(np.mean(np.logaddexp(0.0, -ln2 * margin)) / ln2)


def _penalty(name: str) -> float:
    if name == BASE:
        return 0.0
    return TIGHT if name.startswith("own ") else LOOSE


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name in ("silence", "activity", "heat over background"):
        return 0.0, MOST_SHARE
    if name == "worth of the claimant":
        return WORTH_OF_CLAIMS, WORTH_OF_CLAIMS
    if name == "party_claim":
        return None, MOST_FOR_A_CLAIM
    if name == "own party_claim/any":
        return 0.0, 0.0
    if name == "own party_claim/any/alone":
        return None, 0.0
    return None, None
