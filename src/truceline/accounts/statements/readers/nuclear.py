"""Reader of the coded nuclear statements of the HCSS red lines dashboard."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import polars as pl

from truceline.accounts.statements.names import SpeakerTable, shipped_speakers
from truceline.accounts.statements.statement import Statement, table_of
from truceline.core.types.errors import InputError, Where

DATASET: Final = "HCSS nuclear statements"

_NEEDED: Final = (
    "chunk_id",
    "date",
    "source",
    "speaker",
    "target",
    "threat_text_span",
    "nts_threat_type",
    "conditionality",
    "consequences",
    "overall_confidence",
)
_CONDITIONALITY: Final = {
    "Conditional (Level 1)": "conditional",
    "Situational (Level 2)": "situational",
    "Implicit Condition (Level 3)": "implicit",
    "Unconditional (Level 4)": "unconditional",
}
_STRENGTH: Final = {
    "Explicit Threat": "explicit",
    "Overt Threat": "explicit",
    "Implicit Threat": "implicit",
    "Veiled Threat": "veiled",
}


@dataclass(frozen=True)
class NuclearStatements:
    """The statements, and what was done to the speakers' names.

    Attributes
    ----------
    statements : polars.DataFrame
        Of the schema `STATEMENTS`.
    names : polars.DataFrame
        Spelling, name, state, how it was resolved, rows, and rows in which the speaker's
        state is not the channel's (a quotation of the other side, or a slip of the coder).
    """

    statements: pl.DataFrame
    names: pl.DataFrame


def read_nuclear_statements(path: Path, speakers: SpeakerTable | None = None) -> NuclearStatements:
    """Read `nts_statements.json`, with the speakers' names resolved."""
    table = speakers or shipped_speakers()
    rows = _rows(path)
    made, names = [], []
    for number, row in enumerate(rows, start=1):
        statement, how = _statement(row, table, Where(str(path), row=number))
        made.append(statement)
        names.append(
            {
                "spelling": row["speaker"],
                "name": statement.speaker,
                "state": statement.state,
                "how": how,
                "foreign": statement.channel_state not in (None, statement.state),
            }
        )
    frame = pl.DataFrame(names, schema_overrides={"spelling": pl.String()})
    keys = ["spelling", "name", "state", "how"]
    grouped = frame.group_by(keys).agg(
        pl.len().alias("rows"), pl.col("foreign").sum().alias("foreign_rows")
    )
    return NuclearStatements(table_of(made), grouped.sort("rows", "spelling", descending=True))


def _rows(path: Path) -> list[dict[str, Any]]:
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:
        raise InputError(
            f"the file is not JSON: {cause}.", where=Where(str(path)), hint="Give the whole file."
        ) from cause
    if not isinstance(rows, list) or not rows:
        raise InputError("the file is not a list of statements.", where=Where(str(path)))
    for number, row in enumerate(rows, start=1):
        for name in _NEEDED:
            if name not in row:
                raise InputError(
                    f"the statement has no {name!r}.",
                    where=Where(str(path), row=number, field=name),
                    hint=f"Expected are {', '.join(_NEEDED)}.",
                )
    return rows


def _statement(
    row: Mapping[str, Any], speakers: SpeakerTable, where: Where
) -> tuple[Statement, str]:
    day = _day(row["date"], where)
    channel_state = speakers.channel_state(row["source"])
    who = speakers.resolve(row["speaker"], day, channel_state)
    quote = row["threat_text_span"]
    statement = Statement(
        statement_id=f"hcss-{row['chunk_id']}",
        kind="nuclear_allusion",
        date=day,
        date_precision="day",
        speaker=who.name,
        standing=who.standing,
        state=who.state,
        summary=f"Coded as a nuclear threat to {row['target'] or 'an unnamed addressee'}.",
        addressee=row["target"],
        quote=quote,
        language=language_of(quote),
        consequence=row["consequences"],
        conditionality=_coded(_CONDITIONALITY, row, "conditionality", where),
        strength=_coded(_STRENGTH, row, "nts_threat_type", where),
        confidence=int(row["overall_confidence"]),
        source=f"hcss_redlines/nts_statements.json, chunk {row['chunk_id']}",
        channel=row["source"],
        channel_state=channel_state,
        dataset=DATASET,
    )
    return statement, who.how


def language_of(text: str | None) -> str | None:
    """Return `ru` for Cyrillic text and `en` for Latin, by the share of letters."""
    letters = [c for c in text or "" if c.isalpha()]
    if not letters:
        return None
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in letters)
    return "ru" if 2 * cyrillic > len(letters) else "en"


def _day(text: object, where: Where) -> dt.date:
    try:
        return dt.date.fromisoformat(str(text))
    except ValueError as cause:
        raise InputError(
            f"the date {text!r} is not ISO 8601.",
            where=Where(where.file, where.row, "date"),
            hint="Write it as 2025-02-18.",
        ) from cause


def _coded(codes: Mapping[str, str], row: Mapping[str, Any], name: str, where: Where) -> str:
    value = row[name]
    if value not in codes:
        raise InputError(
            f"the code {value!r} is unknown.",
            where=Where(where.file, where.row, name),
            hint=f"Known are {', '.join(codes)}.",
        )
    return codes[value]
