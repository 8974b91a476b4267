"""The inspection game: when to look, so that nobody can foresee it (Dresher 1962).

An inspector has n inspections for m periods. A party may break the terms once, in a period of
its choice, and sees which periods were inspected. A breach in an inspected period is worth +1
to the inspector, one in another period -1, no breach at all 0.
"""

from __future__ import annotations

from functools import cache
from math import comb
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array

from truceline.core.types.errors import InputError

#: Periods up to which the linear program is offered; it has 2^periods rows.
LARGEST_PROGRAM = 12


def value(inspections: int, periods: int) -> float:
    """Return the value of the game to the inspector, by Dresher's closed form.

    v(n, m) = - C(m - 1, n) / sum of C(m, i) for i = 0 .. n, and 0 where n >= m
    (M. Dresher, A sampling inspection problem in arms control agreements, RAND RM-2972, 1962).

    Examples
    --------
    >>> round(1 / value(1, 2), 9), round(1 / value(1, 3), 9), round(1 / value(2, 3), 9)
    (-3.0, -2.0, -7.0)
    """
    _check(inspections, periods)
    if inspections >= periods:
        return 0.0
    whole = sum(comb(periods, i) for i in range(inspections + 1))
    return -comb(periods - 1, inspections) / whole


@cache
def value_by_recursion(inspections: int, periods: int) -> float:
    """Return the same value by backward induction, one two-by-two game a period.

    In the first period the inspector inspects or not and the party breaks the terms or waits:
    [[1, v(n-1, m-1)], [-1, v(n, m-1)]]. Its value is (ad - bc) / (a + d - b - c).
    """
    _check(inspections, periods)
    if inspections >= periods:
        return 0.0
    if inspections == 0:
        return -1.0
    look = value_by_recursion(inspections - 1, periods - 1)
    wait = value_by_recursion(inspections, periods - 1)
    return (wait + look) / (2 + wait - look)


def inspect_probability(inspections: int, periods: int) -> float:
    """Return how likely an optimal inspector inspects the first of the periods left.

    The mixture that makes breaking now and waiting worth the same to the party:
    (v(n, m-1) + 1) / (2 + v(n, m-1) - v(n-1, m-1)).
    """
    _check(inspections, periods)
    if inspections == 0:
        return 0.0
    if inspections >= periods:
        return 1.0
    wait = value(inspections, periods - 1)
    look = value(inspections - 1, periods - 1)
    return (wait + 1) / (2 + wait - look)


def breach_probability(inspections: int, periods: int) -> float:
    """Return how likely an optimal party breaks the terms in the first period left.

    The mixture that makes looking and not looking worth the same to the inspector.
    """
    _check(inspections, periods)
    if inspections >= periods:
        return 0.0
    if inspections == 0:
        return 1.0
    wait = value(inspections, periods - 1)
    look = value(inspections - 1, periods - 1)
    return (wait - look) / (2 + wait - look)


def value_by_program(inspections: int, periods: int) -> float:
    """Return the same value by a linear program over every history, which knows no recursion.

    Sequence form (von Stengel 1996): r(h) is how likely the inspector lets history h of looks
    happen, u(h) what he is assured of from there. u(h) <= r(h, look) - r(h, no look), the
    party's breaking now; u(h) <= u(h, look) + u(h, no look), its waiting; u = 0 at the end.
    Maximise u at the root.
    """
    _check(inspections, periods)
    if periods > LARGEST_PROGRAM:
        raise InputError(
            f"the linear program of {periods} periods is too large; the limit is "
            f"{LARGEST_PROGRAM}.",
            hint="Use the closed form, which has no limit.",
        )
    nodes = 2 ** (periods + 1)  # history h: a leading 1, then a bit a period
    upper, equal = _sequence_form(periods)
    bounds: list[tuple[float | None, float | None]] = []
    bounds += [_bound(h, inspections) for h in range(nodes)]
    bounds += [(None, None) if h < 2**periods else (0.0, 0.0) for h in range(nodes)]
    goal = np.zeros(2 * nodes)
    goal[nodes + 1] = -1.0
    found = linprog(
        goal,
        A_ub=upper,
        b_ub=np.zeros(upper.shape[0]),
        A_eq=equal,
        b_eq=np.zeros(equal.shape[0]),
        bounds=bounds,
        method="highs",
    )
    if found.fun is None:
        raise InputError(f"the linear program of the game was not solved: {found.message}")
    return -float(found.fun)


def _sequence_form(periods: int) -> tuple[Any, Any]:
    """Return the rows of the inequalities and of the equations, columns r(h) and then u(h)."""
    nodes = 2 ** (periods + 1)
    upper: list[tuple[int, int, float]] = []
    equal: list[tuple[int, int, float]] = []
    for row, h in enumerate(range(1, 2**periods)):
        quiet, look = 2 * h, 2 * h + 1
        upper += [(2 * row, nodes + h, 1.0), (2 * row, look, -1.0), (2 * row, quiet, 1.0)]
        upper += [(2 * row + 1, nodes + h, 1.0)]
        upper += [(2 * row + 1, nodes + after, -1.0) for after in (look, quiet)]
        equal += [(row, h, 1.0), (row, look, -1.0), (row, quiet, -1.0)]
    rows = 2**periods - 1
    return _sparse(upper, 2 * rows, 2 * nodes), _sparse(equal, rows, 2 * nodes)


def _bound(h: int, inspections: int) -> tuple[float, float | None]:
    """Return the bounds of r(h): the root is certain, too many looks are impossible."""
    looks = h.bit_count() - 1
    if h == 0 or looks > inspections:
        return 0.0, 0.0
    return (1.0, 1.0) if h == 1 else (0.0, None)


def _sparse(entries: list[tuple[int, int, float]], rows: int, columns: int) -> Any:
    row, column, number = zip(*entries, strict=True)
    return coo_array((number, (row, column)), shape=(rows, columns))


def _check(inspections: int, periods: int) -> None:
    if inspections < 0 or periods < 1:
        raise InputError(
            f"a game of {inspections} inspections in {periods} periods cannot be played.",
            hint="Give no fewer than 0 inspections and at least 1 period.",
        )
