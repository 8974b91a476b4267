"""The register for others: schema.org Claim as JSON-LD, and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from truceline.accounts.statements.outcomes import Outcome
from truceline.accounts.statements.statement import Statement, table_of


def claim_jsonld(statement: Statement, outcome: Outcome | None = None) -> dict[str, object]:
    """Return a statement as a schema.org `Claim`, with what came of it as a property."""
    appearance: dict[str, object] = {"@type": "CreativeWork", "url": statement.source}
    if statement.archive:
        appearance["archivedAt"] = statement.archive
    if statement.archive_sha256:
        appearance["sha256"] = statement.archive_sha256
    made: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Claim",
        "identifier": statement.statement_id,
        "name": statement.summary,
        "text": statement.quote,
        "inLanguage": statement.language,
        "author": {
            "@type": "Person",
            "name": statement.speaker,
            "affiliation": statement.state,
            "jobTitle": statement.standing.replace("_", " "),
        },
        "datePublished": _date(statement),
        "audience": statement.addressee,
        "firstAppearance": appearance,
        "genre": statement.kind.replace("_", " "),
        "isBasedOn": list(statement.repeats) or None,
    }
    if outcome is not None:
        made["additionalProperty"] = {
            "@type": "PropertyValue",
            "name": "outcome",
            "value": outcome.outcome,
            "description": outcome.reason,
        }
    return {key: value for key, value in made.items() if value is not None}


def register_table(
    statements: Iterable[Statement], outcomes: Mapping[str, Outcome]
) -> pl.DataFrame:
    """Return the statements with their outcome and its reason, one row each."""
    table = table_of(statements)
    ids = table["statement_id"].to_list()
    found = [outcomes.get(i) for i in ids]
    return table.with_columns(
        pl.Series("outcome", [o and o.outcome for o in found], pl.String),
        pl.Series("outcome_reason", [o and o.reason for o in found], pl.String),
        pl.Series("coders", [len(o.coders) if o else 0 for o in found], pl.Int64),
    )


def register_csv(table: pl.DataFrame) -> str:
    """Return a table of statements as CSV text; identities of repeats are joined by spaces."""
    return table.with_columns(pl.col("repeats").list.join(" ")).write_csv()


def _date(statement: Statement) -> str | None:
    if statement.date is None:
        return None
    length = {"day": 10, "month": 7, "year": 4}[statement.date_precision]
    return statement.date.isoformat()[:length]
