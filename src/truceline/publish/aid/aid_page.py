"""The page to explore aid: one HTML file with its figures, style and program inside."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from importlib import resources
from typing import Final

from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import AidRelease
from truceline.core.types.errors import InputError
from truceline.publish.aid.payload import payload
from truceline.publish.draw.aid.paint import aid_rules, aid_variables
from truceline.publish.draw.style import rules, variables

#: Parts of the program, in the order they stand in the page.
PROGRAM: Final = (
    "model.js",
    "quantity.js",
    "marks.js",
    "bars.js",
    "course.js",
    "compare.js",
    "tiles.js",
    "citation.js",
    "views.js",
    "downloads.js",
    "controls.js",
    "page.js",
)


def aid_page(
    releases: Mapping[str, AidRelease],
    indicators: Indicators,
    *,
    title: str = "Aid given",
    embed: str = "",
    whole: str = "",
) -> str:
    """Return the page; it loads nothing from anywhere and works offline.

    Parameters
    ----------
    releases : mapping
        Releases by name, the last one shown first.
    indicators : Indicators
        Rates, product and heads.
    title : str
        Heading of the page.
    embed : str
        Address under which a picture alone can be framed; without it the page frames itself.
    whole : str
        Address of the page with all controls; where it is given, this one shows a picture alone.
    """
    if not releases:
        raise InputError("there is no release to show.", hint="Give a folder with --data.")
    data = json.dumps(payload(releases, indicators), ensure_ascii=False, separators=(",", ":"))
    frame = _part("page.html")
    program = "\n".join(_part(name) for name in PROGRAM)
    filled = {
        "BODY": _told({"embed": embed, "whole": whole}),
        "TITLE": html.escape(title),
        "STYLE": _style(),
        "DATA": _inside_script(data),
        "PROGRAM": f"'use strict';\n(() => {{\n{program}\n}})();",
    }
    return re.sub(r"\[\[([A-Z]+)\]\]", lambda found: filled[found[1]], frame)


def _told(addresses: Mapping[str, str]) -> str:
    return "".join(f' data-{name}="{html.escape(a)}"' for name, a in addresses.items() if a)


def _style() -> str:
    light, dark = (variables(theme) + aid_variables(theme) for theme in (0, 1))
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media(prefers-color-scheme:dark){{:root:not([data-theme=light]){{{dark}}}}}"
        f":root[data-theme=dark]{{color-scheme:dark;{dark}}}"
        f":root[data-theme=light]{{color-scheme:light}}"
        f"{rules()}{aid_rules()}{_part('page.css')}"
    )


def _part(name: str) -> str:
    return resources.files("truceline.publish.aid.page").joinpath(name).read_text("utf-8")


def _inside_script(data: str) -> str:
    """Keep data from ending the script element it stands in."""
    return data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
