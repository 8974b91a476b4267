"""The form in which a statement or a coding comes in from outside, checked."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from truceline.accounts.statements.statement import Coding, Statement
from truceline.core.types.errors import InputError, Where

Kind = Literal["warning", "red_line", "nuclear_allusion", "offer", "pledge", "position", "caveat"]
Precision = Literal["day", "month", "year", "undated"]
Standing = Literal[
    "head_of_state",
    "head_of_government",
    "minister",
    "security_official",
    "military",
    "deputy_minister",
    "ambassador",
    "spokesperson",
    "legislator",
    "institution",
    "state",
    "other_official",
    "author",
    "unresolved",
]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class StatementForm(_Form):
    """A statement as a person writes it in YAML or JSON."""

    statement_id: str = Field(min_length=1)
    kind: Kind
    date: str | None = None
    speaker: str = Field(min_length=1)
    standing: Standing
    state: str = Field(min_length=1)
    summary: str = Field(min_length=1)
    addressee: str | None = None
    quote: str | None = None
    language: str | None = None
    translation: str | None = None
    translator: str | None = None
    condition: str | None = None
    consequence: str | None = None
    conditionality: Literal["conditional", "situational", "implicit", "unconditional"] | None = None
    deadline: dt.date | None = None
    strength: Literal["explicit", "implicit", "veiled"] | None = None
    confidence: int | None = Field(default=None, ge=0, le=10)
    source: str = Field(min_length=1)
    archive: str | None = None
    archive_sha256: str | None = Field(default=None, pattern=r"^[0-9a-f]{64}$")
    channel: str | None = None
    channel_state: str | None = None
    repeats: tuple[str, ...] = ()
    dataset: str = "register"

    @model_validator(mode="after")
    def _words_have_a_language(self) -> StatementForm:
        if self.quote and not self.language:
            raise ValueError("a quote needs its language, such as 'language: ru'")
        if self.translation and not self.translator:
            raise ValueError("a translation needs its translator")
        if self.archive_sha256 and not self.archive:
            raise ValueError("a hash needs the archived copy it is of")
        return self

    def statement(self) -> Statement:
        """Return the statement, with its date read to the precision it was written in."""
        day, precision = read_date(self.date)
        content = self.model_dump(exclude={"date"})
        return Statement(**content, date=day, date_precision=precision)


class CodingForm(_Form):
    """A coding as a person writes it in YAML or JSON."""

    statement_id: str = Field(min_length=1)
    coder: str = Field(min_length=1)
    condition: Literal["unconditional", "not_met", "met", "met_inferred", "contested"]
    condition_on: dt.date | None = None
    condition_evidence: tuple[str, ...] = ()
    response: Literal["none_seen", "partial", "full", "contested"] = "none_seen"
    response_on: dt.date | None = None
    response_evidence: tuple[str, ...] = ()
    withdrawn_on: dt.date | None = None
    reason: str = Field(min_length=1)
    adjudicates: bool = False

    @model_validator(mode="after")
    def _facts_have_days_and_evidence(self) -> CodingForm:
        if self.condition in ("met", "met_inferred") and self.condition_on is None:
            raise ValueError("a condition that was met needs the day: 'condition_on: 2024-08-06'")
        if self.condition == "met" and not self.condition_evidence:
            raise ValueError("a condition coded 'met' needs an address in 'condition_evidence'")
        if self.response in ("partial", "full") and self.response_on is None:
            raise ValueError("a consequence that came about needs the day: 'response_on'")
        return self

    def coding(self) -> Coding:
        """Return the coding."""
        return Coding(**self.model_dump())


def read_date(text: str | None) -> tuple[dt.date | None, str]:
    """Read `2025-02-18`, `2025-02`, `2025` or nothing, with its precision.

    Examples
    --------
    >>> read_date("2025-02")
    (datetime.date(2025, 2, 1), 'month')
    >>> read_date(None)
    (None, 'undated')
    """
    if text is None or not text.strip():
        return None, "undated"
    cleaned = text.strip()
    padded = {4: cleaned + "-01-01", 7: cleaned + "-01", 10: cleaned}.get(len(cleaned), "")
    try:
        day = dt.date.fromisoformat(padded)
    except ValueError as cause:
        raise InputError(
            f"the date {text!r} is not understood.", hint="Write 2025-02-18, 2025-02 or 2025."
        ) from cause
    return day, {4: "year", 7: "month", 10: "day"}[len(cleaned)]


def statement_from(content: Mapping[str, object], where: Where) -> Statement:
    """Check a mapping against the form and return the statement."""
    try:
        return StatementForm.model_validate(_plain(content)).statement()
    except ValidationError as cause:
        raise _input_error(cause, where) from cause


def coding_from(content: Mapping[str, object], where: Where) -> Coding:
    """Check a mapping against the form and return the coding."""
    try:
        return CodingForm.model_validate(content).coding()
    except ValidationError as cause:
        raise _input_error(cause, where) from cause


def read_entries(path: Path) -> list[dict[str, object]]:
    """Read a YAML or JSON file that holds one mapping or a list of mappings."""
    try:
        text = path.read_text(encoding="utf-8")
        content = json.loads(text) if path.suffix == ".json" else yaml.safe_load(text)
    except (OSError, ValueError, yaml.YAMLError) as cause:
        raise InputError(
            f"the file cannot be read: {cause}.", where=Where(str(path)), hint="Give YAML or JSON."
        ) from cause
    entries = content if isinstance(content, list) else [content]
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            raise InputError(
                "an entry is not a mapping of names to values.",
                where=Where(str(path), row=number),
                hint="Start it with 'statement_id:'.",
            )
    return entries


def _plain(content: Mapping[str, object]) -> dict[str, object]:
    # YAML reads 2025-02-18 as a date and 2025 as a number; the form reads text.
    made = dict(content)
    if isinstance(made.get("date"), dt.date | int):
        made["date"] = str(made["date"])
    return made


def _input_error(cause: ValidationError, where: Where) -> InputError:
    first = cause.errors()[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    message = str(first["msg"]).removeprefix("Value error, ")
    return InputError(
        f"{message[0].lower()}{message[1:]}.",
        where=Where(where.file, where.row, field),
        hint="See docs/methods/statements.md for the form.",
    )
