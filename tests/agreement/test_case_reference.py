"""The page on a case's files says what the models say, and leaves no key unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest

from truceline.agreement.case_reference import TABLES, meanings_of, reference_page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "case.md"


def test_the_page_in_the_docs_is_the_one_the_models_write() -> None:
    told = "write it anew: python -m truceline.agreement.case_reference > docs/reference/case.md"
    assert PAGE.read_text(encoding="utf-8") == reference_page(), told


@pytest.mark.parametrize("model", [model for _, model in TABLES])
def test_every_key_has_a_meaning(model) -> None:
    assert set(model.model_fields) <= set(dict(meanings_of(model)))
