"""Statements and codings to build on."""

from datetime import date

import pytest

from truceline.accounts.statements.statement import Coding, Statement


@pytest.fixture
def statement():
    def make(statement_id="s1", **changes):
        content = {
            "statement_id": statement_id,
            "kind": "warning",
            "date": date(2024, 1, 10),
            "date_precision": "day",
            "speaker": "A. Speaker",
            "standing": "minister",
            "state": "Northland",
            "summary": "If B does it, A will answer.",
            "source": "https://example.org/a",
        }
        return Statement(**{**content, **changes})

    return make


@pytest.fixture
def coding():
    def make(statement_id="s1", coder="one", **changes):
        content = {"condition": "not_met", "reason": "as seen"}
        return Coding(statement_id, coder, **{**content, **changes})

    return make
