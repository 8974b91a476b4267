"""A finished picture of aid with its table and citation, as SVG, HTML, data or pixels."""

from __future__ import annotations

import html
import json
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import typst

from truceline.core.types.errors import InputError
from truceline.publish.draw.aid.paint import aid_rules, aid_variables, complete
from truceline.publish.draw.style import SANS, rules, variables

#: Pixels drawn for one pixel of the picture, so that print stays sharp.
SHARPNESS = 2.0


@dataclass(frozen=True)
class Picture:
    """A picture that can stand anywhere.

    Attributes
    ----------
    title : str
        What it shows.
    svg : str
        The picture, in terms of the palette's names.
    table : polars.DataFrame
        The figures drawn, to be put beside it.
    citation : str
        Release, unit, rate, denominator, source: one sentence.
    """

    title: str
    svg: str
    table: pl.DataFrame
    citation: str

    def as_svg(self) -> str:
        """Return the picture with its colours and citation inside, to stand alone."""
        plain = complete(self.svg)
        at = plain.index("</desc>") + len("</desc>")
        return f"{plain[:at]}<metadata>{html.escape(self.citation)}</metadata>{plain[at:]}"

    def as_csv(self) -> str:
        """Return the table as CSV, the citation in its first line."""
        return f"# {self.citation}\n{self.table.write_csv()}"

    def as_png(self) -> bytes:
        """Return the picture as pixels."""
        return pixels([self.as_svg()])[0]

    def as_html(self) -> str:
        """Return a page of its own: the picture, its table and its citation, light and dark."""
        style = (
            f":root{{color-scheme:light dark;{variables(0)}{aid_variables(0)}}}"
            f"@media(prefers-color-scheme:dark){{:root{{{variables(1)}{aid_variables(1)}}}}}"
            f"body{{background:var(--paper);color:var(--ink);font:14px/1.45 {SANS};"
            "margin:1rem auto;max-width:60rem;padding:0 .75rem}figure{margin:0;overflow-x:auto}"
            "table{border-collapse:collapse;font-variant-numeric:tabular-nums}"
            "td,th{padding:.15rem .6rem;text-align:right;border-bottom:1px solid var(--rule)}"
            "caption{text-align:left}h1{font-size:1.2rem}h2{font-size:1rem}"
            "td:first-child,th:first-child{text-align:left}.wide{overflow-x:auto}"
            ".fig{max-width:max(100%,34rem);height:auto}"
            f"{rules()}{aid_rules()}"
        )
        return (
            '<!doctype html><html lang="en"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width,initial-scale=1">'
            f"<title>{html.escape(self.title)}</title><style>{style}</style></head><body>"
            f'<main><h1>{html.escape(self.title)}</h1><figure tabindex="0">{self.svg}'
            f"<figcaption>{html.escape(self.citation)}</figcaption></figure>"
            f"<h2>The same as a table</h2>{table_html(self.table, self.title)}</main></body></html>"
        )


def table_html(table: pl.DataFrame, caption: str) -> str:
    """Return a table as HTML; what is not known says so."""
    head = "".join(f'<th scope="col">{html.escape(name)}</th>' for name in table.columns)
    body = "".join(
        f'<tr><th scope="row">{_cell(row[0])}</th>'
        + "".join(f"<td>{_cell(value)}</td>" for value in row[1:])
        + "</tr>"
        for row in table.iter_rows()
    )
    return (
        f'<div class="wide" tabindex="0" role="region" aria-label="{html.escape(caption)}, table">'
        f"<table><caption>{html.escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )


def pixels(svgs: list[str]) -> list[bytes]:
    """Return pictures as PNG, one each, by typst with the fonts of matplotlib.

    The same picture gives the same bytes: no font of the machine is read.
    """
    source = (
        "#set page(width: auto, height: auto, margin: 0pt)\n"
        "#for (i, svg) in json(bytes(sys.inputs.svgs)).enumerate() {\n"
        "  if i > 0 { pagebreak() }\n"
        '  image(bytes(svg), format: "svg")\n'
        "}\n"
    )
    compiler = typst.Compiler(
        font_paths=[_fonts()], ignore_system_fonts=True, sys_inputs={"svgs": json.dumps(svgs)}
    )
    made = compiler.compile(source.encode(), format="png", ppi=72.0 * 96 / 72 * SHARPNESS)
    pages = made if isinstance(made, list) else [made]
    return [page for page in pages if page is not None]


@cache
def _fonts() -> Path:
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise InputError("the fonts are not installed.", hint="Install the package matplotlib.")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def _cell(value: object) -> str:
    if value is None:
        return "not known"
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:,.4g}"
    return html.escape(str(value))
