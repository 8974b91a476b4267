"""Krippendorff's alpha for nominal codes: how far coders agree beyond chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt


def nominal_alpha(units: Sequence[Sequence[str]]) -> float | None:
    r"""Return Krippendorff's alpha of nominal codes.

    .. math:: \alpha = 1 - (n - 1)\,\frac{n - \sum_c o_{cc}}{n^2 - \sum_c n_c^2}

    with :math:`o` the coincidence matrix in which each unit of m codes gives its pairs the
    weight 1/(m-1). Units with fewer than two codes pair with nothing and are left out.
    Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), part B and C.

    Parameters
    ----------
    units : sequence of sequences of str
        For each unit, the codes it was given, by whichever coders coded it.

    Returns
    -------
    float or None
        1 is agreement, 0 is chance, below 0 is worse than chance; `None` where fewer
        than two units can be paired or all codes are the same (nothing to agree about).

    Examples
    --------
    >>> nominal_alpha([["a", "a"], ["b", "b"], ["a", "b"]])
    0.4444444444444444
    """
    pairable = [list(codes) for codes in units if len(codes) >= 2]
    categories = sorted({code for codes in pairable for code in codes})
    if len(pairable) < 2 or len(categories) < 2:
        return None
    coincidence = coincidences(pairable, categories)
    marginals = coincidence.sum(axis=0)
    total = float(marginals.sum())
    observed = total - float(np.trace(coincidence))
    expected = (total**2 - float((marginals**2).sum())) / (total - 1.0)
    return 1.0 - observed / expected


def coincidences(
    units: Sequence[Sequence[str]], categories: Sequence[str]
) -> npt.NDArray[np.float64]:
    """Return the coincidence matrix: pairs of codes within units, weighted 1/(m-1)."""
    index = {category: i for i, category in enumerate(categories)}
    matrix = np.zeros((len(categories), len(categories)))
    for codes in units:
        counts = np.bincount([index[c] for c in codes], minlength=len(categories)).astype(float)
        pairs = np.outer(counts, counts) - np.diag(counts)
        matrix += pairs / (len(codes) - 1)
    return matrix


def disagreements(codes: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the units whose coders do not all say the same: unit, coder, code."""
    return {
        unit: dict(by_coder) for unit, by_coder in codes.items() if len(set(by_coder.values())) > 1
    }
