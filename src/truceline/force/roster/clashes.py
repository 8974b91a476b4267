"""What cannot be met whatever the roster, and which constraints clash."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from truceline.force.roster.model import BoolArray, Question


def clashes(question: Question, reasons: Sequence[Sequence[str]] | None = None) -> list[str]:
    """Return, in sentences, what no roster can meet and why.

    Parameters
    ----------
    reasons : sequence of sequence of str, optional
        For each slot, the caveats that keep units of its kind out.
    """
    units, slots = question.units, question.slots
    persons = units["persons"].to_numpy()
    steady = persons * (units["tour"].to_numpy() / units["cycle"].to_numpy())
    said = []
    for row, (name, kind, needed) in enumerate(slots.select("slot", "kind", "persons").iter_rows()):
        if needed <= 0:
            continue
        able: BoolArray = question.may[:, row]
        offered = kind in set(units["kind"].to_list())
        kept_out = "; ".join(reasons[row]) if reasons is not None and reasons[row] else ""
        if not offered:
            said.append(f"{name} needs {needed:,.0f} {kind}, and no nation offers {kind}.")
        elif not able.any():
            why = f": {kept_out}" if kept_out else ""
            said.append(f"{name} needs {needed:,.0f} {kind}, and no {kind} may serve there{why}.")
        elif steady[able].sum() < needed - 1e-9:
            said.append(
                f"{name} needs {needed:,.0f} {kind} every month; those who may serve there keep up "
                f"{steady[able].sum():,.0f} with their tours and rest."
            )
    for kind in dict.fromkeys(slots["kind"].to_list()):
        rows = np.flatnonzero((slots["kind"] == kind).to_numpy())
        able = np.asarray(question.may[:, rows.tolist()].any(axis=1))
        needed, kept_up = float(slots["persons"].to_numpy()[rows].sum()), float(steady[able].sum())
        if len(rows) > 1 and kept_up < needed - 1e-9 and able.any():
            said.append(
                f"All places together need {needed:,.0f} {kind} every month; tours and rest leave "
                f"{kept_up:,.0f}."
            )
    return said
