"""The bulletin on paper: one PDF by typst, archival and accessible, the same bytes each time."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, assert_never

import typst

from truceline.core.types.errors import InputError
from truceline.core.types.time import SECOND
from truceline.publish.bulletins.page import (
    Block,
    Cell,
    Dossier,
    Figure,
    Page,
    Paragraph,
    Points,
    Sheet,
)
from truceline.publish.draw.style import PALETTE, standalone

#: PDF/A-2b for archives and PDF/UA-1 for screen readers, both declared in the file.
STANDARDS: list[typst.PDFStandard] = ["a-2b", "ua-1"]
#: Pixels to a printed line: 12 of them come out at about 8 points on A4, as in the tables.
WIDTH = 760.0
#: Figures that take no more of a line than this, per cent, stand in pairs where two follow.
HALF = 49


def printed(page: Page) -> bytes:
    """Return the page as a PDF.

    Its only time is that of issue: the same page gives the same bytes. Letters are DejaVu Sans,
    which has Latin and Cyrillic and every mark used, and no font of the machine is read.
    """
    source = (files("truceline.publish.bulletins") / "templates" / "bulletin.typ").read_bytes()
    compiler = typst.Compiler(
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"page": json.dumps(_plain(page), ensure_ascii=False)},
    )
    result = compiler.compile(
        source, format="pdf", pdf_standards=STANDARDS, timestamp=page.issued // SECOND
    )
    if not isinstance(result, bytes):
        raise InputError("the PDF came out empty.", hint="Report this with the bulletin.json.")
    return result


@cache
def _fonts() -> Path:
    """Return the folder of the DejaVu fonts that come with matplotlib."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise InputError(
            "the fonts for the PDF are not installed.", hint="Install the package matplotlib."
        )
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"


def _plain(page: Page) -> dict[str, Any]:
    colours = {"accent": PALETTE["accent"][0], "u": PALETTE["rest"][0]}
    colours |= {str(n): PALETTE[f"party-{n}"][0] for n in range(4)}
    annexes: list[dict[str, Any]] | None = [] if "annexes" in page.labels else None
    sections = [
        {"heading": s.heading, "blocks": _paired([_block(b, annexes) for b in s.blocks])}
        for s in page.sections
    ]
    return {
        "title": page.title,
        "kind": page.kind,
        "language": page.language,
        "banner": page.banner,
        "facts": [list(pair) for pair in page.facts],
        "reference": page.reference,
        "disclaimer": page.disclaimer,
        "labels": dict(page.labels),
        "colours": colours,
        "sections": sections,
        "annexes": annexes or [],
    }


def _paired(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Set two narrow figures that follow each other side by side."""
    out: list[dict[str, Any]] = []
    for block in blocks:
        last = out[-1] if out else None
        if last is not None and _is_narrow(last) and _is_narrow(block):
            out[-1] = {"block": "pair", "figures": [last, block]}
        else:
            out.append(block)
    return out


def _is_narrow(block: dict[str, Any]) -> bool:
    return block["block"] == "figure" and bool(block["width"] <= HALF)


def _block(block: Block, annexes: list[dict[str, Any]] | None) -> dict[str, Any]:
    """Return a block as data; a folded table goes to the annexes, where there are any."""
    match block:
        case Paragraph():
            return {"block": "paragraph", "text": block.text, "accent": block.accent}
        case Points():
            return {"block": "points", "items": [_block(p, annexes) for p in block.items]}
        case Sheet():
            return _sheet(block, annexes)
        case Figure():
            return {
                "block": "figure",
                "title": block.title,
                "width": block.paper,
                "pieces": [standalone(svg) for svg in _pieces(block)],
                "alt": block.sheet.caption,
                "sheet": _sheet(block.sheet, annexes),
            }
        case Dossier():
            return {
                "block": "dossier",
                "heading": block.heading,
                "blocks": [_block(b, annexes) for b in block.blocks],
            }
        case _:
            assert_never(block)


def _pieces(figure: Figure) -> list[str]:
    width = WIDTH * figure.paper / 100.0
    if figure.pieces is not None:
        return figure.pieces(width, figure.ident)
    return [figure.draw(width, figure.ident) or ""]


def _sheet(sheet: Sheet, annexes: list[dict[str, Any]] | None) -> dict[str, Any]:
    if annexes is not None and sheet.folded:
        name = f"A{len(annexes) + 1}"
        annexes.append(_sheet(sheet, None) | {"annex": name})
        return {"block": "annexed", "annex": name, "caption": sheet.caption}
    return {
        "block": "sheet",
        "caption": sheet.caption,
        "columns": [{"text": c.text, "numeric": c.numeric} for c in sheet.columns],
        "rows": [[_cell(c) for c in row] for row in sheet.rows],
        "note": sheet.note,
        "widths": _widths(sheet),
    }


def _widths(sheet: Sheet) -> list[float]:
    """Share the line out by the longest word of each column and, less so, its longest text."""
    widths = []
    for number, head in enumerate(sheet.columns):
        texts = [head.text, *(row[number].text for row in sheet.rows)]
        word = max(len(w) for t in texts for w in (t.split() or [""]))
        widths.append(2.5 + word + 0.25 * min(60, max(map(len, texts))))
    return widths


def _cell(cell: Cell) -> dict[str, Any]:
    return {"text": cell.text, "glyph": cell.glyph, "hue": cell.hue, "accent": cell.accent}
