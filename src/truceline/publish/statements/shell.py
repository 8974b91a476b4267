"""The shell of a page that stands alone: light and dark, no address outside itself."""

from __future__ import annotations

import csv as csv_module
import datetime as dt
import html
import io
import json
from collections.abc import Sequence
from importlib import resources
from urllib.parse import quote

from truceline.publish.draw import style


def page(
    title: str, body: str, *, script: str = "", data: Sequence[object] = (), rules: str = ""
) -> str:
    """Return a whole HTML page with its styles, script and linked data inside.

    Parameters
    ----------
    title, body, script : str
        The page's name, its HTML, and its script.
    data : sequence
        schema.org objects, embedded as JSON-LD.
    rules : str
        Rules of this page alone.
    """
    linked = "".join(f'<script type="application/ld+json">{_json(item)}</script>' for item in data)
    run = f"<script>{script}</script>" if script else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f"<title>{html.escape(title)}</title><style>{css()}{rules}</style>{linked}</head>"
        f"<body>{body}{run}</body></html>\n"
    )


def css() -> str:
    """Return the styles of the page and of the figures, in both themes."""
    file = resources.files("truceline.publish.statements") / "templates" / "page.css"
    rules = file.read_text(encoding="utf-8").replace("SANS", style.SANS)
    return (
        f":root{{color-scheme:light dark;{style.variables(0)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{style.variables(1)}}}}}"
        f"@media print{{:root{{{style.variables(0)}}}}}{rules}{style.rules()}"
    )


def table(
    caption: str,
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
    numeric: Sequence[int] = (),
) -> str:
    """Return a table with a caption; columns in `numeric` are set to the right."""

    def cell(place: int, value: object) -> str:
        kind = ' class="n"' if place in numeric else ""
        if isinstance(value, dt.date):
            kind = ' class="d"'
        shown = "not known" if value is None else str(value)
        return (
            f'<td{kind} data-h="{html.escape(heads[place])}"><span>{html.escape(shown)}</span></td>'
        )

    head = "".join(
        f'<th scope="col"{" class=n" if i in numeric else ""}>{html.escape(h)}</th>'
        for i, h in enumerate(heads)
    )
    body = "".join(
        "<tr>" + "".join(cell(i, v) for i, v in enumerate(row)) + "</tr>" for row in rows
    )
    return (
        f'<div class="scroll" tabindex="0" role="group" aria-label="{html.escape(caption)}">'
        f"<table><caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def figure(
    caption: str,
    wide: str,
    narrow: str,
    name: str,
    beside: str,
    *,
    csv: str = "",
    embed: str = "",
) -> str:
    """Return a figure at two widths, its table beside it, and the picture and data as files.

    Parameters
    ----------
    caption, wide, narrow, name, beside : str
        Words over it, the picture at two widths, the name of its files, and its table.
    csv : str
        Its data, to be saved; nothing where the page offers them elsewhere.
    embed : str
        Address under which the figure alone can be framed; nothing where there is none.
    """
    file = f"data:image/svg+xml,{quote(style.standalone(wide))}"
    links = [f'<a download="{name}.svg" href="{file}">This picture (SVG)</a>']
    if csv:
        links.append(download("Its data (CSV)", f"{name}.csv", "text/csv", csv))
    listed = "".join(f"<li>{link}</li>" for link in links)
    return (
        f"<figure><figcaption>{html.escape(caption)}</figcaption>"
        f'<div class="wide">{wide}</div><div class="narrow">{narrow}</div>'
        f"<details><summary>The same as a table</summary>{beside}</details>"
        f'<ul class="links">{listed}</ul>{_snippet(caption, embed)}</figure>'
    )


def _snippet(caption: str, embed: str) -> str:
    if not embed:
        return ""
    frame = (
        f'<iframe src="{html.escape(embed)}" title="{html.escape(caption)}" width="760" '
        'height="520" loading="lazy"></iframe>'
    )
    return (
        '<details class="embed"><summary>Show this picture elsewhere</summary>'
        f'<textarea readonly rows="3" aria-label="Code to embed: {html.escape(caption)}">'
        f"{html.escape(frame)}</textarea></details>"
    )


def rows_csv(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    r"""Return rows as CSV; what is not known is left empty.

    Examples
    --------
    >>> rows_csv(["day", "n"], [["2025-01", 3], ["2025-02", None]])
    'day,n\n2025-01,3\n2025-02,\n'
    """
    out = io.StringIO()
    writer = csv_module.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows(["" if v is None else v for v in row] for row in rows)
    return out.getvalue()


def download(label: str, name: str, kind: str, content: str) -> str:
    """Return a link that saves a text carried inside the page."""
    address = f"data:{kind};charset=utf-8,{quote(content)}"
    return f'<a download="{name}" href="{address}">{html.escape(label)}</a>'


def _json(item: object) -> str:
    # A closing tag inside a text must not end the script element.
    return json.dumps(item, ensure_ascii=False, sort_keys=True).replace("</", "<\\/")
