"""A checked text as plain data, for other programs."""

from __future__ import annotations

from dataclasses import asdict

from truceline.accounts.claims.check import Checked
from truceline.accounts.claims.verdict import Part, Verdict


def plain_answers(checked: Checked, *, readings: bool = True) -> list[dict[str, object]]:
    """Return one answer for each claim: verdict, share of readings that hold, margin, decider.

    Parameters
    ----------
    checked : Checked
        A text with its claims and verdicts.
    readings : bool
        Whether every reading is told too; there may be thousands.
    """
    return [_answer(verdict, readings) for verdict in checked.verdicts]


def _answer(verdict: Verdict, readings: bool) -> dict[str, object]:
    return {
        "claim": asdict(verdict.claim),
        "verdict": verdict.word,
        "sentence": verdict.sentence,
        "share": verdict.share,
        "readings": verdict.readings,
        "basis": list(verdict.basis),
        "parts": [_part(part, readings) for part in verdict.parts],
    }


def _part(part: Part, readings: bool) -> dict[str, object]:
    judged = part.judgement
    told: dict[str, object] = {
        "subject": part.subject,
        "unit": part.unit,
        "verdict": part.word,
        "sentence": part.sentence,
        "share": judged.share,
        "margin": [judged.margin_low, judged.margin_high],
        "decided_by": [asdict(decider) for decider in judged.deciders],
    }
    return told | ({"readings": judged.readings.to_dicts()} if readings else {})
