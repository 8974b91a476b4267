"""How one finding came about: witnesses in bits, clauses, parties, and the raw records."""

from __future__ import annotations

from typing import Any

import polars as pl

from truceline.publish.bulletins.page import Block, Cell, Dossier, Figure, Paragraph, Sheet
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.bulletins.sections.cells import (
    cut,
    headings,
    party_cell,
    probability_cell,
    when_cell,
)
from truceline.publish.draw.waterfall import waterfall
from truceline.publish.wording import Wording


def dossier(bulletin: Bulletin, words: Wording, row: dict[str, Any]) -> Dossier:
    """Return the evidence under one listed incident."""
    own = pl.col("incident_id") == row["incident_id"]
    weights = bulletin.weights.filter(own)
    label = row["label"]
    heading = " \u00b7 ".join(
        (
            label,
            words.term("kind", row["kind"]),
            words.name(row["sector"], "sector"),
            words.when(row["t_best"], row["t_start"], row["t_end"]),
        )
    )
    title = words.say("figure.waterfall", label=label)

    def draw(width: float, ident: str) -> str:
        return waterfall(row["prior_bits"], weights, words, width=width, ident=ident, title=title)

    blocks: list[Block] = [Paragraph(_place(words, row))]
    if row["decisive"]:
        blocks.append(Paragraph(words.say("dossier.decisive", what=row["decisive"])))
    blocks.append(Figure(f"w-{label}", title, draw, _weights(words, weights)))
    blocks.append(_findings(bulletin, words, own))
    blocks.append(_parties(bulletin, words, own))
    blocks.append(_records(bulletin, words, own, row["n_withheld"]))
    return Dossier(f"d-{label}", heading, tuple(b for b in blocks if not isinstance(b, Dossier)))


def _place(words: Wording, row: dict[str, Any]) -> str:
    if row["lon"] is None or row["lat"] is None:
        return words.say("dossier.no_place", identity=row["incident_id"])
    return words.say(
        "dossier.place",
        lat=words.number(row["lat"], 4),
        lon=words.number(row["lon"], 4),
        major=words.figure(row["err_major_m"]),
        minor=words.figure(row["err_minor_m"]),
        start=words.both(row["t_start"]),
        end=words.both(row["t_end"]),
        identity=row["incident_id"],
    )


def _weights(words: Wording, weights: pl.DataFrame) -> Sheet:
    rows = [
        (
            Cell(r["witness"]),
            Cell(r["source"]),
            Cell(words.bits(r["bits"]), sort=r["bits"]),
            Cell(r["why"]),
        )
        for r in weights.to_dicts()
    ]
    keys = ("witness", "source", "bits", "why")
    return cut(
        words,
        words.say("table.weights"),
        headings(words, keys, ("bits",)),
        rows,
        "data/weights.csv",
        top=20,
    )


def _findings(bulletin: Bulletin, words: Wording, own: pl.Expr) -> Sheet:
    factors = ("p_hostile", "p_zone", "p_time", "p_kind", "p_exempt", "p_violation")
    rows = [
        (Cell(r["clause"]), *(probability_cell(words, r[f]) for f in factors))
        for r in bulletin.findings.filter(own).to_dicts()
    ]
    return cut(
        words,
        words.say("table.findings"),
        headings(words, ("clause", *factors), factors),
        rows,
        "data/findings.csv",
        top=20,
    )


def _parties(bulletin: Bulletin, words: Wording, own: pl.Expr) -> Sheet:
    rows = [
        (party_cell(bulletin, words, r["party"]), probability_cell(words, r["p"]))
        for r in bulletin.attributions.filter(own).to_dicts()
    ]
    return Sheet(
        words.say("table.party_probabilities"),
        headings(words, ("party", "probability"), ("probability",)),
        tuple(rows),
    )


def _records(bulletin: Bulletin, words: Wording, own: pl.Expr, withheld: int) -> Sheet:
    rows = [
        (
            when_cell(words, (r["t_start"] + r["t_end"]) // 2, r["t_start"], r["t_end"]),
            Cell(r["source"]),
            Cell(r["witness"]),
            Cell(words.term("kind", str(r["phenomenon"]))),
            Cell(f"{r['raw_file'][:12]}\u2026 : {r['raw_row']}"),
        )
        for r in bulletin.observations.filter(own).to_dicts()
    ]
    keys = ("time", "source", "witness", "kind", "record")
    sheet = cut(
        words,
        words.say("table.records"),
        headings(words, keys),
        rows,
        "data/observations.csv",
        top=20,
    )
    if not withheld:
        return sheet
    said = words.say("dossier.withheld", n=words.number(withheld))
    return Sheet(sheet.caption, sheet.columns, sheet.rows, f"{sheet.note} {said}".strip())
