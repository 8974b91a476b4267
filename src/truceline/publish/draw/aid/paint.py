"""Paint of the kinds of aid: one hue in three steps, with a pattern, so that print keeps them.

The three kinds differ in lightness, not in hue, and the lightest carries dots: they stay apart
in every colour blindness and in black-and-white print. What has no date is hatched, as all
that is not known is. Two donors set against each other differ in hue, mark and dash at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from truceline.publish.draw.style import PALETTE, rules
from truceline.publish.draw.svg import Sheet, extent_of, num, rect, tag, text

#: Kinds in the order they are stacked, with the words of the legend.
KINDS: Final[Mapping[str, str]] = {
    "military": "military",
    "financial": "financial",
    "humanitarian": "humanitarian",
    "unsplit": "not split by kind",
    "undated": "without a date",
}

#: Colours on light paper and in a dark room.
AID_PALETTE: Final[Mapping[str, tuple[str, str]]] = {
    "military": ("#27496a", "#a9cdea"),
    "financial": ("#7c9cb9", "#5d86aa"),
    "humanitarian": ("#dbe5ee", "#274459"),
    "dots": ("#27496a", "#c9def0"),
    "unsplit": ("#aab2bb", "#5c6670"),
    "first": ("#27496a", "#a9cdea"),
    "second": ("#a8551c", "#eda56b"),
    "third": ("#6b6f76", "#b5bac1"),
    "fourth": ("#5d7a3a", "#a9c784"),
    "step-1": ("#e6edf3", "#1d2b38"),
    "step-2": ("#bfd0df", "#2b4358"),
    "step-3": ("#8cabc6", "#40637f"),
    "step-4": ("#53799c", "#6f9cc2"),
    "step-5": ("#27496a", "#b4d4ee"),
}

_RULES: Final = """
.k-military{fill:var(--military)}.k-financial{fill:var(--financial)}
.k-humanitarian{fill:var(--humanitarian)}.k-unsplit{fill:var(--unsplit)}
.edge{fill:none;stroke:var(--muted);stroke-width:.75}
.dot{fill:var(--dots)}
.d0{fill:var(--first)}.d1{fill:var(--second)}.d2{fill:var(--third)}.d3{fill:var(--fourth)}
.l0{stroke:var(--first)}.l1{stroke:var(--second)}.l2{stroke:var(--third)}.l3{stroke:var(--fourth)}
.l0,.l1,.l2,.l3{fill:none;stroke-width:2.25;stroke-linejoin:round}
.q1{fill:var(--step-1)}.q2{fill:var(--step-2)}.q3{fill:var(--step-3)}
.q4{fill:var(--step-4)}.q5{fill:var(--step-5)}
.tl{font-size:11px;font-weight:bold}.tv{font-size:10px}
.on-dark{fill:var(--paper)}.on-light{fill:var(--ink)}
.head{fill:var(--ink);font-size:15px;font-weight:bold}
.big{fill:var(--muted);font-size:30px;font-weight:bold}
"""

#: White around a picture that stands alone, pixels.
MARGIN: Final = 14

#: Dash of the line of each of up to four donors.
DASHES: Final = (None, "7 4", "2 3", "10 3 2 3")
#: Mark of each of up to four donors.
MARKS: Final = ("\u25cf", "\u25a0", "\u25b2", "\u25c6")


def aid_rules() -> str:
    """Return the style rules of the pictures of aid, in terms of the palette's names."""
    return _RULES.strip()


def aid_variables(theme: int) -> str:
    """Return the palette as style variables; theme 0 is light and 1 is dark."""
    return "".join(f"--{name}:{pair[theme]};" for name, pair in AID_PALETTE.items())


def complete(svg: str) -> str:
    """Return a picture with its light colours and its paper inside, to stand alone."""
    colours = {**PALETTE, **AID_PALETTE}
    plain = re.sub(r"var\(--([a-z0-9-]+)\)", lambda m: colours[m.group(1)][0], _all_rules())
    at = svg.index(">") + 1
    made = f"{svg[:at]}<style>{plain}</style>{svg[at:]}"
    width, height = (float(n) for n in re.findall(r'viewBox="0 0 (\S+) ([^"]+)"', svg)[0])
    wide, high = num(width + 2 * MARGIN), num(height + 2 * MARGIN)
    paper = f'<rect x="{-MARGIN}" y="{-MARGIN}" width="{wide}" height="{high}" fill="#ffffff"/>'
    head = made[:at]
    head = re.sub(r'viewBox="[^"]*"', f'viewBox="{-MARGIN} {-MARGIN} {wide} {high}"', head)
    head = re.sub(r' width="[^"]*"', f' width="{wide}"', head, count=1)
    head = re.sub(r' height="[^"]*"', f' height="{high}"', head, count=1)
    body = made[at:]
    style_end = body.index("</style>") + len("</style>")
    return head + body[:style_end] + paper + body[style_end:]


def _all_rules() -> str:
    return rules() + aid_rules()


def dots(sheet: Sheet) -> str:
    """Return the pattern of humanitarian aid."""
    circle = tag("circle", cx=2.5, cy=2.5, r=0.8, class_="dot")
    pattern = tag(
        "pattern",
        circle,
        id=f"{sheet.ident}-dots",
        patternUnits="userSpaceOnUse",
        width=5,
        height=5,
    )
    return tag("defs", pattern)


def block(sheet: Sheet, kind: str, x: float, y: float, width: float, height: float) -> str:
    """Return one piece of a bar in the paint of its kind."""
    if kind == "undated":
        fill = rect(x, y, width, height, "paper") + rect(
            x, y, width, height, "h", fill=sheet.hatch()
        )
        return fill + rect(x, y, width, height, "edge")
    filled = rect(x, y, width, height, f"k-{kind}")
    if kind != "humanitarian":
        return filled
    dotted = rect(x, y, width, height, "h", fill=f"url(#{sheet.ident}-dots)")
    return filled + dotted + rect(x, y, width, height, "edge")


def legend(sheet: Sheet, kinds: Sequence[str], x: float, y: float) -> list[str]:
    """Return a swatch and a word for each kind, in one row, broken where it is too long."""
    parts = []
    at, line = x, y
    for kind in kinds:
        words = KINDS[kind]
        if at > x and at + 20 + extent_of(words, 10.5) > sheet.width:
            at, line = x, line + 16
        parts += [block(sheet, kind, at, line - 9, 13, 10), text(at + 18, line, words, kind="s")]
        at += 18 + extent_of(words, 10.5) + 16
    return parts
