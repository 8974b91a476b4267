"""One visual language: quiet greys, parties by shape and neutral hue, one accent."""

from __future__ import annotations

import re
from collections.abc import Mapping

#: What each colour is for, on light paper and in a dark room. The party hues are a dark
#: teal and a lighter ochre: far apart in every common colour blindness, and one dark and
#: one light in black-and-white print. None is taken from a flag.
PALETTE: Mapping[str, tuple[str, str]] = {
    "paper": ("#ffffff", "#14181c"),
    "panel": ("#f4f5f6", "#1b2026"),
    "ground": ("#eceef0", "#20262c"),
    "ink": ("#1c2126", "#e4e7ea"),
    "muted": ("#58616b", "#a0a9b3"),
    "rule": ("#c9ced4", "#3b434c"),
    "bar": ("#aab2bb", "#5c6670"),
    "hatch": ("#7d8791", "#7b8590"),
    "party-0": ("#17646b", "#58b3ba"),
    "party-1": ("#b9822f", "#e0b062"),
    "party-2": ("#6a5a94", "#a897d6"),
    "party-3": ("#7c7f45", "#b9bc80"),
    "rest": ("#8b949e", "#8b949e"),
    "accent": ("#ad1a54", "#f0699f"),
    "link": ("#2b4b66", "#9cc3e4"),
}

#: Marks of the parties in the case's order; a hollow ring is for what no party can be given.
PARTY_GLYPHS = ("\u25b2", "\u25a0", "\u25c6", "\u25bc")
UNATTRIBUTABLE_GLYPH = "\u25cb"

#: Marks of the truce states: words carry the meaning, the shape helps to find them.
STATE_GLYPHS: Mapping[str, str] = {
    "holding": "\u25ac",
    "eroding": "\u25e2",
    "broken": "\u2715",
    "not known": "\u25a8",
}

SANS = "'DejaVu Sans', 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

_RULES = """
.fig text{font-family:SANS;font-variant-numeric:tabular-nums}
.t{fill:var(--ink);font-size:12px}
.s{fill:var(--muted);font-size:10.5px}
.b{fill:var(--ink);font-size:12px;font-weight:bold}
.halo{fill:none;stroke:var(--paper);stroke-width:3;stroke-linejoin:round;font-size:10.5px}
.lab{fill:var(--ink);font-size:10.5px}
.acc{fill:var(--accent)}
.acct{fill:var(--accent);font-size:12px;font-weight:bold}
.ax{stroke:var(--muted);stroke-width:1;fill:none}
.gr{stroke:var(--rule);stroke-width:1;fill:none}
.dash{stroke:var(--muted);stroke-width:1;stroke-dasharray:4 3;fill:none}
.bar{fill:var(--bar)}
.ink{fill:var(--ink)}
.wh{stroke:var(--ink);stroke-width:1.5;fill:none}
.ground{fill:var(--ground)}
.paper{fill:var(--paper)}
.frame{fill:none;stroke:var(--muted);stroke-width:1}
.hatch{stroke:var(--hatch);stroke-width:1;fill:none}
.box{stroke:var(--muted);stroke-width:1}
.sector{fill:none;stroke:var(--muted);stroke-width:1}
.zone{fill:var(--rule);fill-opacity:.45;stroke:var(--muted);stroke-width:.75;stroke-dasharray:2 3}
.loc{fill:none;stroke:var(--ink);stroke-width:2.25;stroke-linejoin:round}
.coast{fill:none;stroke:var(--muted);stroke-width:.75}
.disputed{fill:none;stroke:var(--muted);stroke-width:1;stroke-dasharray:5 4}
.f0{fill:var(--party-0)}.f1{fill:var(--party-1)}.f2{fill:var(--party-2)}.f3{fill:var(--party-3)}
.fu{fill:var(--rest)}
.e0{stroke:var(--party-0)}.e1{stroke:var(--party-1)}.e2{stroke:var(--party-2)}
.e3{stroke:var(--party-3)}.eu{stroke:var(--rest)}
.ring{fill:var(--paper);stroke:var(--ink);stroke-width:1.5}
.unit{fill:var(--paper);stroke:var(--ink)}
.edge{fill:none;stroke:var(--paper);stroke-width:.75}
.icon{fill:none;stroke:var(--ink)}
.ell{fill:none;stroke-width:1}
""".replace("SANS", SANS)


def rules() -> str:
    """Return the style rules of all figures, in terms of the palette's names."""
    return _RULES.strip()


def variables(theme: int) -> str:
    """Return the palette as style variables; theme 0 is light and 1 is dark."""
    return "".join(f"--{name}:{pair[theme]};" for name, pair in PALETTE.items())


def standalone(svg: str) -> str:
    """Return a figure with its light colours inside, to stand outside a page."""
    plain = re.sub(r"var\(--([a-z0-9-]+)\)", lambda m: PALETTE[m.group(1)][0], rules())
    at = svg.index(">") + 1
    return f"{svg[:at]}<style>{plain}</style>{svg[at:]}"


def party_class(position: int | None) -> str:
    """Return the class suffix of a party's hue; null is what no party can be given."""
    return "u" if position is None else str(position % 4)


def glyph(position: int | None) -> str:
    """Return the mark of a party by its place in the case's order."""
    return UNATTRIBUTABLE_GLYPH if position is None else PARTY_GLYPHS[position % 4]
