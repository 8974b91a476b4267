"""The reference page says what the code does: it is made from the schemas."""

from pathlib import Path

import pytest

from truceline.rehearsal.reference import reference_page

ROOT = Path(__file__).resolve().parents[2]


def test_the_page_is_the_schemas() -> None:
    page = ROOT / "docs" / "reference" / "rehearsal-format.md"
    if not page.parent.is_dir():
        pytest.skip("the documentation is not part of this installation")
    assert page.read_text(encoding="utf-8") == reference_page(), (
        "write it anew from truceline.rehearsal.reference.reference_page()"
    )


def test_every_column_is_on_it() -> None:
    page = reference_page()
    for column in ("episode_id", "blamed", "p_hostile", "known_at", "is_breakdown"):
        assert f"`{column}`" in page
