"""The report on a rehearsal's score: one page model, for the screen and for paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from truceline.core.types.time import DAY, format_time
from truceline.publish.bulletins.page import (
    Block,
    Cell,
    Figure,
    Heading,
    Page,
    Paragraph,
    Section,
    Sheet,
)
from truceline.publish.draw.scores import days, reliability, risk_coverage
from truceline.rehearsal.scores.score import Score

#: What is set beside what, for all programs: section, heading, part, figure, digits.
TABLES: Final[Mapping[str, tuple[tuple[str, str, str, int], ...]]] = {
    "Does it know what happened?": (
        ("Brier", "happenings", "brier", 3),
        ("log score, bits", "happenings", "log_score_bits", 3),
        ("calibration error, happenings", "happenings", "ece", 3),
        ("calibration error, own incidents", "own", "ece", 3),
        ("what honest probabilities would show by chance", "own", "ece_by_chance", 3),
    ),
    "Does it find what happened?": (
        ("precision", "incidents", "precision", 3),
        ("recall", "incidents", "recall", 3),
        ("recall of what anyone saw", "incidents", "recall_of_seen", 3),
        ("error of place, median m", "incidents", "place_error_m", 0),
        ("error of time, median h", "incidents", "time_error_hours", 2),
        ("hours until it was known, median", "incidents", "latency_hours", 2),
    ),
    "Does it name the right party?": (
        ("share named", "attribution", "share_named", 3),
        ("named party did some of what was seen", "attribution", "did_some", 3),
        ("and most of it", "attribution", "did_most", 3),
        ("right by the nearest episode", "attribution", "right_when_named", 3),
        ("false accusation", "attribution", "false_accusation", 3),
    ),
    "Does it notice a breakdown?": (
        ("delay, days (one false alarm in 100 quiet days)", "breakdown", "delay_days_median", 1),
    ),
}

_LABELS: Final = {
    "contents": "Contents", "table": "As a table", "languages": "Languages",
    "skip": "To the scores", "data": "The same figures: score.json.", "number": "No.",
}  # fmt: skip


def score_report(
    scores: Sequence[Score], acts_a_day: Sequence[int], period: tuple[int, int]
) -> Page:
    """Return the report on the programs that answered one rehearsal; the first is drawn.

    Parameters
    ----------
    scores : sequence of Score
        A program each.
    acts_a_day : sequence of int
        True acts of each day of the truce.
    period : tuple of int
        First and last microsecond of the truce, UTC.
    """
    first = scores[0]
    reference = f"{first.scenario}-{first.seed}"
    return Page(
        issued=period[1],
        language="en",
        title=f"Rehearsal {first.scenario}, seed {first.seed}",
        kind="Score",
        facts=(
            ("Programs", ", ".join(s.program for s in scores)),
            ("From", format_time(period[0])),
            ("To", format_time(period[1])),
            ("Reference", reference),
            ("Handling", "TLP:CLEAR"),
        ),
        banner="Exercise. Nothing in it happened.",
        sections=tuple(_sections(scores, acts_a_day)),
        reference=reference,
        disclaimer="Every program read the same tables; none of them read the truth.",
        labels=_LABELS,
    )


def _sections(scores: Sequence[Score], acts_a_day: Sequence[int]) -> list[Section]:
    first = scores[0]
    pictures: dict[str, list[Block]] = {name: [] for name in TABLES}
    known, found, named = list(TABLES)[:3]
    pictures[known] = _curve(first)
    pictures[found] = [_days(acts_a_day), *_unseen(first)]
    pictures[named] = [*_risk(first), *_confusion(first)]
    return [
        Section(
            f"part-{number}",
            f"{number}. {name}",
            (_comparison(name, columns, scores), *pictures[name]),
        )
        for number, (name, columns) in enumerate(TABLES.items(), start=1)
    ]


def _comparison(
    name: str, columns: Sequence[tuple[str, str, str, int]], scores: Sequence[Score]
) -> Sheet:
    rows = [
        (
            Cell(score.program),
            *(_number(getattr(score, part).get(name), digits) for _, part, name, digits in columns),
        )
        for score in scores
    ]  # fmt: skip
    heads = (Heading("program"), *(Heading(head, numeric=True) for head, *_ in columns))
    return Sheet(name, heads, tuple(rows), note="A dash: it cannot be told.")


def _number(value: Any, digits: int) -> Cell:
    if isinstance(value, Mapping):
        value = value.get("median")
    if not isinstance(value, int | float):
        return Cell("–", sort=None)
    return Cell(f"{value:.{digits}f}", sort=float(value))


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Sheet:
    numeric = [bool(rows) and all(isinstance(r[i], int | float) for r in rows)
               for i in range(len(heads))]  # fmt: skip
    columns = tuple(Heading(h, numeric=n) for h, n in zip(heads, numeric, strict=True))
    cells = tuple(
        tuple(Cell(f"{v:.3f}" if isinstance(v, float) else str(v)) for v in row) for row in rows
    )
    return Sheet(caption, columns, cells, folded=len(rows) > 12)


def _curve(score: Score) -> list[Block]:
    curve = score.happenings.get("curve")
    if not isinstance(curve, Mapping):
        return [Paragraph("There were no answers to draw.")]
    keys = ("said", "happened", "low", "high", "n")
    rows = list(zip(*(curve[k] for k in keys), strict=True))
    heads = ("said", "was so", "low", "high", "cases")
    title = "Reliability: what was said, and how often it was so (90 %)"
    return [
        Figure(
            "reliability",
            title,
            lambda width, ident: reliability(curve, width=width, ident=ident),
            _table(title, heads, rows),
        )
    ]


def _risk(score: Score) -> list[Block]:
    curve = score.attribution.get("risk_coverage")
    if not isinstance(curve, Mapping) or not curve["coverage"]:
        return [Paragraph("There were no attributions to draw.")]
    title = "Risk and coverage: share wrong among the surest names"
    rows = list(zip(curve["coverage"], curve["risk"], strict=True))
    every = max(1, len(rows) // 20)
    return [
        Figure(
            "risk",
            title,
            lambda width, ident: risk_coverage(curve, width=width, ident=ident),
            _table(title, ("share named", "share wrong"), rows[::every]),
        )
    ]


def _days(acts_a_day: Sequence[int]) -> Figure:
    title = "True acts a day"
    rows = [(day, count) for day, count in enumerate(acts_a_day, start=1)]
    return Figure(
        "days",
        title,
        lambda width, ident: days(acts_a_day, width=width, ident=ident),
        _table(title, ("day", "acts"), rows),
    )


def _confusion(score: Score) -> list[Block]:
    cells = score.attribution.get("confusion")
    if not isinstance(cells, list) or not cells:
        return [Paragraph("Nobody was named.")]
    rows = [(c["true"], c["named"], c["n"]) for c in cells]
    return [_table("Who was named for whose acts", ("true party", "named", "incidents"), rows)]


def _unseen(score: Score) -> list[Block]:
    share, by_sector = (score.unseen.get(k) for k in ("share_unseen", "seen_by_sector"))
    if not isinstance(share, float) or not isinstance(by_sector, Mapping):
        return [Paragraph("Nothing happened.")]
    said = f"{share:.0%} of the true episodes left no observation at all."
    watched, seen = (score.watching.get(k) for k in ("share_watched", "seen_when_watched"))
    if isinstance(watched, float) and isinstance(seen, float):
        said += (
            f" By the effort table {watched:.0%} of the impacts were watched; "
            f"of those {seen:.0%} were seen."
        )
    rows = [(str(sector), f"{value:.0%}") for sector, value in by_sector.items()]
    return [Paragraph(said), _table("What was seen, by sector", ("sector", "seen"), rows)]


def acts_by_day(starts: Sequence[int], period: tuple[int, int]) -> list[int]:
    """Return how many acts began on each day of a period."""
    counts = [0] * max((period[1] - period[0]) // DAY, 1)
    for start in starts:
        day = (start - period[0]) // DAY
        if 0 <= day < len(counts):
            counts[day] += 1
    return counts
