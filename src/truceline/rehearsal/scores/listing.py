"""The score as text."""

from __future__ import annotations

from collections.abc import Sequence

from truceline.rehearsal.scores.score import Score

#: Columns of the table of programs: heading, part of the score, figure, digits, unit.
_COLUMNS: tuple[tuple[str, str, str, int], ...] = (
    ("Brier", "happenings", "brier", 3),
    ("log score, bits", "happenings", "log_score_bits", 3),
    ("calibration error", "happenings", "ece", 3),
    ("precision", "incidents", "precision", 3),
    ("recall", "incidents", "recall", 3),
    ("recall of seen", "incidents", "recall_of_seen", 3),
    ("share named", "attribution", "share_named", 3),
    ("right when named", "attribution", "right_when_named", 3),
    ("false accusation", "attribution", "false_accusation", 3),
    ("delay to breakdown, days", "breakdown", "delay_days_median", 1),
)


def _value(score: Score, part: str, figure: str, digits: int) -> str:
    value = getattr(score, part).get(figure)
    return "–" if value is None else f"{value:.{digits}f}"


def score_text(scores: Sequence[Score]) -> str:
    """Return the figures of one or more programs as a text table."""
    lines = [f"{scores[0].scenario}, seed {scores[0].seed}"]
    for heading, part, figure, digits in _COLUMNS:
        values = "  ".join(
            f"{_value(s, part, figure, digits):>{max(len(s.program), 8)}}" for s in scores
        )
        lines.append(f"{heading:<26}{values}")
    names = "  ".join(f"{s.program:>8}" for s in scores)
    lines.insert(1, f"{'':<26}{names}")
    return "\n".join(lines)
