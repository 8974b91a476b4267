"""Pages from templates, and documents that carry their own style and program."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from truceline.web.pages.masthead import PAGES, STYLE, masthead
from truceline.web.security.policy import document_policy, frame_policy

#: Where a document's content begins: behind the link that skips to it.
_CONTENT = re.compile(r'<body[^>]*>\s*(?:<a class="skip".*?</a>)?')

#: A row of a table, and a cell in it.
_ROW = re.compile(r"<tr[^>]*>.*?</tr>", re.DOTALL)
_CELL = re.compile(r"<td([^>]*)>(.*?)</td>", re.DOTALL)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=PackageLoader("truceline.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )
    made.filters["labelled"] = labelled
    return made


def labelled(rows: Markup, heads: Sequence[str]) -> Markup:
    """Return a table's rows with the head of its column on each cell.

    On a narrow screen each row is a list of its cells, which the style shows with these heads.

    Examples
    --------
    >>> labelled(Markup("<tr><td>3</td></tr>"), ["Events"])
    Markup('<tr><td data-h="Events"><div>3</div></td></tr>')
    """

    def row(found: re.Match[str]) -> str:
        names = iter(heads)
        return _CELL.sub(
            lambda cell: (
                f'<td{cell[1]} data-h="{escape(next(names, ""))}"><div>{cell[2]}</div></td>'
            ),
            found[0],
        )

    return Markup(_ROW.sub(row, rows))  # noqa: S704 - rows are escaped already, heads are here


def rendered(
    template: str,
    *,
    status: int = 200,
    here: str = "",
    pages: Sequence[tuple[str, str]] = PAGES,
    **values: object,
) -> HTMLResponse:
    """Return a page of the server's own, everything in it escaped.

    Parameters
    ----------
    template : str
        Name of the template.
    status : int
        HTTP status.
    here : str
        Address of the page, to mark it in the bar of pages.
    pages : sequence of (str, str)
        Address and name of each page in the bar.
    **values
        What the template shows.
    """
    bar = Markup(masthead(here, pages))  # noqa: S704 - made of our own names, escaped one by one
    return HTMLResponse(_templates().get_template(template).render(bar=bar, **values), status)


def document(page: str, here: str = "") -> HTMLResponse:
    """Return a published page under the bar of pages, with a policy that names its inline blocks.

    The page itself stands alone and knows no server: the bar is put in here.
    """
    styled = page.replace("</head>", f"<style>{STYLE}</style></head>", 1)
    barred = _CONTENT.sub(lambda found: found[0] + masthead(here), styled, count=1)
    return HTMLResponse(barred, headers={"Content-Security-Policy": document_policy(barred)})


def frame(page: str) -> HTMLResponse:
    """Return a small page that other sites may show in a frame; no other page may be."""
    return HTMLResponse(
        page,
        headers={
            "Content-Security-Policy": frame_policy(page),
            "Cross-Origin-Resource-Policy": "cross-origin",
        },
    )
