"""The reference page says what the sources say."""

from __future__ import annotations

from pathlib import Path

from truceline.evidence.sources.reference import reference_page
from truceline.evidence.sources.source import installed_sources

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "sources.md"


def test_the_page_in_the_docs_is_the_one_the_sources_write() -> None:
    told = (
        "write it anew: python -m truceline.evidence.sources.reference > docs/reference/sources.md"
    )
    assert PAGE.read_text() == reference_page(installed_sources()), told


def test_every_setting_of_every_source_is_on_the_page() -> None:
    page = PAGE.read_text()
    for name, source in installed_sources().items():
        section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
        for setting in source.info.settings:
            assert f"`{setting}`" in section
