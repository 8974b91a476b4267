"""A statement and its coding: the same form whoever speaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields

import polars as pl

from truceline.accounts.statements.vocabulary import (
    CONDITIONALITIES,
    DATE_PRECISIONS,
    KINDS,
    STANDINGS,
    STRENGTHS,
)
from truceline.core.types.schema import Column, Schema


@dataclass(frozen=True)
class Statement:
    """One thing that was said.

    Attributes
    ----------
    statement_id : str
        Identity within the register.
    kind : str
        One of `KINDS`: the speech act, not its sincerity.
    date : date or None
        Day it was said; the first day of the month or year where only that is known.
    date_precision : str
        One of `DATE_PRECISIONS`.
    speaker, standing, state : str
        Who, in what office (`STANDINGS`), for which state or body.
    addressee : str or None
        To whom.
    quote, language : str or None
        The exact words and their language (BCP 47 tag).
    translation, translator : str or None
        A translation and who, or what program, made it.
    summary : str
        The statement in own words.
    condition, consequence : str or None
        "If this ..." and "... then that".
    conditionality : str or None
        One of `CONDITIONALITIES`.
    deadline : date or None
        Last day the speaker named.
    strength : str or None
        One of `STRENGTHS`.
    confidence : int or None
        Coder's or model's confidence, 0 to 10.
    source, archive, archive_sha256 : str or None
        Address, archived copy, and the copy's SHA-256.
    channel : str or None
        Where it was published, by whom.
    channel_state : str or None
        The state of the channel, where known.
    repeats : tuple of str
        Earlier statements that this one repeats.
    dataset : str
        The collection it came from.
    """

    statement_id: str
    kind: str
    date: dt.date | None
    date_precision: str
    speaker: str
    standing: str
    state: str
    summary: str
    addressee: str | None = None
    quote: str | None = None
    language: str | None = None
    translation: str | None = None
    translator: str | None = None
    condition: str | None = None
    consequence: str | None = None
    conditionality: str | None = None
    deadline: dt.date | None = None
    strength: str | None = None
    confidence: int | None = None
    source: str | None = None
    archive: str | None = None
    archive_sha256: str | None = None
    channel: str | None = None
    channel_state: str | None = None
    repeats: tuple[str, ...] = ()
    dataset: str = "register"


@dataclass(frozen=True)
class Coding:
    """What one coder found to have followed, as facts; a rule makes the outcome of it.

    Attributes
    ----------
    statement_id, coder : str
        What was coded, by whom.
    condition : str
        One of `CONDITION_STATES`.
    condition_on : date or None
        Day the condition came about.
    condition_evidence : tuple of str
        Addresses that show it.
    response : str
        One of `RESPONSES`.
    response_on : date or None
        Day the consequence came about.
    response_evidence : tuple of str
        Addresses that show it.
    withdrawn_on : date or None
        Day the speaker took it back.
    reason : str
        Why, in a sentence.
    adjudicates : bool
        True where a third person settles a disagreement.
    """

    statement_id: str
    coder: str
    condition: str
    reason: str
    condition_on: dt.date | None = None
    condition_evidence: tuple[str, ...] = ()
    response: str = "none_seen"
    response_on: dt.date | None = None
    response_evidence: tuple[str, ...] = ()
    withdrawn_on: dt.date | None = None
    adjudicates: bool = False


_S, _D = pl.String(), pl.Date()

STATEMENTS = Schema(
    "statement",
    (
        Column("statement_id", _S, "Identity within the register."),
        Column("kind", pl.Enum(KINDS), "The speech act."),
        Column("date", _D, "Day said; first of the month or year where only that.", nullable=True),
        Column("date_precision", pl.Enum(DATE_PRECISIONS), "How exactly the date is known."),
        Column("speaker", _S, "Who spoke, resolved to one spelling."),
        Column("standing", pl.Enum(STANDINGS), "In what office."),
        Column("state", _S, "For which state or body."),
        Column("summary", _S, "The statement in own words."),
        Column("addressee", _S, "To whom.", nullable=True),
        Column("quote", _S, "The exact words.", nullable=True),
        Column("language", _S, "Language of the quote, BCP 47.", nullable=True),
        Column("translation", _S, "A translation of the quote.", nullable=True),
        Column("translator", _S, "Who or what made the translation.", nullable=True),
        Column("condition", _S, "If this ...", nullable=True),
        Column("consequence", _S, "... then that.", nullable=True),
        Column("conditionality", pl.Enum(CONDITIONALITIES), "Kind of condition.", nullable=True),
        Column("deadline", _D, "Last day the speaker named.", nullable=True),
        Column("strength", pl.Enum(STRENGTHS), "How plainly it was spoken.", nullable=True),
        Column("confidence", pl.Int64(), "Coder's confidence.", nullable=True, low=0, high=10),
        Column("source", _S, "Address of the source.", nullable=True),
        Column("archive", _S, "Address of an archived copy.", nullable=True),
        Column("archive_sha256", _S, "SHA-256 of the archived copy.", nullable=True),
        Column("channel", _S, "Where it was published.", nullable=True),
        Column("channel_state", _S, "State of the channel.", nullable=True),
        Column("repeats", pl.List(_S), "Earlier statements that it repeats."),
        Column("dataset", _S, "The collection it came from."),
    ),
)


def table_of(statements: Iterable[Statement]) -> pl.DataFrame:
    """Return statements as a table, ordered by date and identity; undated ones come last."""
    rows = [{**asdict(s), "repeats": list(s.repeats)} for s in statements]
    table = pl.DataFrame(rows, schema_overrides=STATEMENTS.dtypes()) if rows else STATEMENTS.empty()
    return STATEMENTS.conform(table).sort("date", "statement_id", nulls_last=True)


def statements_of(table: pl.DataFrame) -> list[Statement]:
    """Return the rows of a table as statements."""
    names = [f.name for f in fields(Statement)]
    return [
        Statement(**{**{n: row[n] for n in names}, "repeats": tuple(row["repeats"])})
        for row in table.iter_rows(named=True)
    ]
