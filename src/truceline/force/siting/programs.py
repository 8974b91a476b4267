"""The checker of maximal covering: an integer program, with the bound proven when time ends."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import block_array, csr_array, eye_array

from truceline.force.siting.coverage import merged
from truceline.force.siting.covering import Covering, CoveringPlan, worth_of


def exact_covering(
    question: Covering, plan: CoveringPlan, *, seconds: float = 60.0
) -> CoveringPlan:
    """Return the best covering there is, or the plan given with the bound proven in the time.

    maximise sum w_j ((1 - s) y_j1 + s y_j2), y_j1 + y_j2 <= sum of the rows that see j,
    rows of a group <= its budget. It is the checker of the fast search, and slow on a large
    question.
    """
    rows, found = question.coverage.n_rows, _solved(question, seconds)
    chosen = plan.chosen
    if found.x is not None:
        other = np.flatnonzero(found.x[:rows] > 0.5)
        chosen = other if worth_of(question, other) > plan.objective else chosen
    objective = worth_of(question, chosen)
    proven = found.mip_dual_bound
    bound = plan.bound if proven is None else min(plan.bound, -float(proven))
    counts = question.coverage.counts(chosen)
    return CoveringPlan(chosen, counts, objective, max(bound, objective), plan.total)


def _solved(question: Covering, seconds: float) -> Any:
    """Return what HiGHS finds in the time; rows come first among the unknowns."""
    small = merged(question.coverage, question.weight)
    rows, points = question.coverage.n_rows, small.coverage.n_points
    looks = 2 if question.second > 0 else 1
    sees = small.coverage.matrix().T.tocsr()
    each = [-eye_array(points, format="csr")] * looks
    groups = csr_array(
        (np.ones(rows), (question.group, np.arange(rows))), shape=(len(question.budget), rows)
    )
    shares = [1.0 - question.second, question.second][:looks]
    value = np.concatenate([np.zeros(rows), *(share * small.weight for share in shares)])
    whole = np.repeat([1, 0], [rows, points * looks])
    blank = csr_array((len(question.budget), points * looks))
    return milp(
        -value,
        constraints=[
            LinearConstraint(block_array([[sees, *each]], format="csr"), lb=0.0),
            LinearConstraint(
                block_array([[groups, blank]], format="csr"), ub=question.budget.astype(float)
            ),
        ],
        integrality=whole,
        bounds=Bounds(0, 1),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
