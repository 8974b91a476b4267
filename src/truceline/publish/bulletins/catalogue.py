"""Message catalogues: one file a language, the same keys in each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml

from truceline.core.types.errors import InputError
from truceline.publish.bulletins.report import Bulletin
from truceline.publish.wording import Wording

LANGUAGES = ("en", "uk", "ru")


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return the messages of a language by key."""
    if language not in LANGUAGES:
        raise InputError(
            f"there is no message catalogue for the language {language!r}.",
            hint=f"Use one of {', '.join(LANGUAGES)}.",
        )
    source = files("truceline.publish.bulletins") / "catalogues" / f"{language}.yaml"
    words: dict[str, str] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return words


def wording(bulletin: Bulletin, language: str) -> Wording:
    """Return the words of a bulletin in a language: the catalogue and the case's names."""
    names = {**bulletin.geography.sector_names(), **bulletin.settings.parties}
    return Wording(language, catalogue(language), names, bulletin.settings.timezone)
