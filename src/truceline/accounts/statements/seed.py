"""The small register in own words that ships with the package."""

from __future__ import annotations

from functools import cache
from importlib import resources

import yaml

from truceline.accounts.statements.form import coding_from, statement_from
from truceline.accounts.statements.statement import Coding, Statement
from truceline.core.types.errors import Where


@cache
def seed_statements() -> tuple[Statement, ...]:
    """Return the seed's statements, each a fact in own words with its source."""
    return tuple(
        statement_from(entry, Where("seed.yaml", row))
        for row, entry in enumerate(_content()["statements"], start=1)
    )


@cache
def seed_codings() -> tuple[Coding, ...]:
    """Return the seed's codings: one reading of press analyses, not two coders' work."""
    return tuple(
        coding_from(entry, Where("seed.yaml", row))
        for row, entry in enumerate(_content()["codings"], start=1)
    )


@cache
def _content() -> dict[str, list[dict[str, object]]]:
    file = resources.files("truceline.accounts.statements.data") / "seed.yaml"
    content: dict[str, list[dict[str, object]]] = yaml.safe_load(file.read_text("utf-8"))
    return content
