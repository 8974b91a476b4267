"""The bar that stands on every page: the pages' names, and which of them is shown."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Final

from truceline.publish.draw.style import SANS

#: Address and name of each page of the accounts, in the order they are shown.
PAGES: Final = (
    ("/accounts/aid", "Aid given"),
    ("/statements", "Statements"),
    ("/statements/positions", "Positions"),
    ("/statements/polls", "Polls"),
    ("/accounts/article", "The article"),
    ("/check", "Check a text"),
)

#: The bar's own style; it names only the colours of the palette, so it follows either theme.
STYLE: Final = (
    ".bar-of-pages{display:flex;flex-wrap:wrap;align-items:baseline;gap:.2rem 1.1rem;"
    "padding:.6rem 0;margin:0 0 .9rem;border:0;border-bottom:1px solid var(--rule);"
    f"font:.9rem/1.5 {SANS}}}"
    ".bar-of-pages a{color:var(--ink);text-decoration:none;padding:.2rem 0}"
    ".bar-of-pages a:hover{text-decoration:underline}"
    ".bar-of-pages .name{font-weight:bold;margin-right:auto}"
    ".bar-of-pages [aria-current]{border-bottom:2px solid var(--ink)}"
    "@media print{.bar-of-pages{display:none}}"
)


def masthead(here: str = "", pages: Sequence[tuple[str, str]] = PAGES) -> str:
    """Return the bar, with the page that is shown marked.

    Parameters
    ----------
    here : str
        Address of the page that is shown.
    pages : sequence of (str, str)
        Address and name of each page.

    Examples
    --------
    >>> 'href="/check" aria-current="page"' in masthead("/check")
    True
    """
    links = "".join(
        f'<a href="{html.escape(address)}"{_current(address, here)}>{html.escape(name)}</a>'
        for address, name in pages
    )
    return (
        '<nav class="bar-of-pages" aria-label="Pages"><a class="name" href="/">Truceline</a>'
        f"{links}</nav>"
    )


def _current(address: str, here: str) -> str:
    return ' aria-current="page"' if address == here else ""
