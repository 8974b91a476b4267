"""What changed since the last bulletin."""

from __future__ import annotations

from typing import Any

from truceline.publish.bulletins.page import Cell, Paragraph, Section
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import cut, headings
from truceline.publish.wording import Wording


def section(bulletin: Bulletin, words: Wording) -> Section:
    """Return each finding of the last bulletin that no longer stands as it was."""
    heading = words.say("section.changes")
    if bulletin.previous is None:
        return Section("changes", heading, (Paragraph(words.say("changes.first")),))
    said = Paragraph(
        words.say(
            "changes.since", identity=bulletin.previous, n=words.number(bulletin.changes.height)
        )
    )
    if bulletin.changes.is_empty():
        return Section("changes", heading, (said,))
    rows = [
        (
            Cell(
                r["label"] or f"{r['incident_id'][:12]}\u2026",
                href=f"i-{r['label']}" if r["label"] else None,
            ),
            Cell(words.term("change", r["change"])),
            Cell(_value(words, r, "before")),
            Cell(_value(words, r, "after")),
        )
        for r in bulletin.changes.to_dicts()
    ]
    sheet = cut(
        words,
        words.say("table.changes"),
        headings(words, ("incident", "change", "before_change", "after_change")),
        rows,
        "data/changes.csv",
    )
    return Section("changes", heading, (said, sheet))


def _value(words: Wording, row: dict[str, Any], side: str) -> str:
    value = row[side]
    if row["change"] == "party":
        return words.name(value or "unattributable", "party")
    if value is None:
        return words.say("none")
    if row["change"] == "probability":
        return words.probability(float(value))
    return value if row["change"] == "clause" else words.term("list", value)
