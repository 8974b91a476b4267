"""SVG as text: elements, escaping, and numbers that come out the same every time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

#: Width of a character as a share of the font size, for laying out labels (DejaVu Sans is
#: among the widest faces that a reader may have).
CHARACTER = 0.6

FONT = 12.0
SMALL = 10.5


def num(value: float) -> str:
    """Return a coordinate to a tenth of a pixel, without a needless tail."""
    text = f"{value:.1f}"
    return "0" if text == "-0.0" else text.removesuffix(".0")


def tag(name: str, content: str | Iterable[str] = "", /, **attributes: object) -> str:
    """Return an element; `class_` is `class`, underscores are hyphens, None is left out."""
    pairs = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(_value(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    inner = content if isinstance(content, str) else "".join(content)
    return f"<{name}{pairs}>{inner}</{name}>" if inner else f"<{name}{pairs}/>"


def _value(value: object) -> str:
    return num(value) if isinstance(value, float) else str(value)


def text(
    x: float, y: float, words: str, *, kind: str = "t", anchor: str | None = None, **more: object
) -> str:
    """Return a line of text; `kind` is its class."""
    return tag(
        "text", escape(words), x=float(x), y=float(y), class_=kind, text_anchor=anchor, **more
    )


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "ax", **more: object) -> str:
    """Return a straight line."""
    return tag("line", x1=float(x1), y1=float(y1), x2=float(x2), y2=float(y2), class_=kind, **more)


def rect(x: float, y: float, width: float, height: float, kind: str, **more: object) -> str:
    """Return a rectangle."""
    return tag(
        "rect",
        x=float(x),
        y=float(y),
        width=float(max(width, 0)),
        height=float(max(height, 0)),
        class_=kind,
        **more,
    )


def path(d: str, kind: str, **more: object) -> str:
    """Return a path."""
    return tag("path", d=d, class_=kind, **more)


def titled(content: str | Iterable[str], words: str, **more: object) -> str:
    """Return a group that says what it is when pointed at."""
    inner = content if isinstance(content, str) else "".join(content)
    return tag("g", tag("title", escape(words)) + inner, **more)


def extent_of(words: str, size: float = FONT) -> float:
    """Return about how wide a line of text will be, in pixels."""
    return len(words) * size * CHARACTER


def shortened(words: str, room: float, size: float = FONT) -> str:
    """Return the text, cut with an ellipsis where it would not fit."""
    fits = max(1, int(room / (size * CHARACTER)))
    return words if len(words) <= fits else words[: max(1, fits - 1)].rstrip() + "\u2026"


@dataclass(frozen=True)
class Sheet:
    """The paper of one figure.

    Attributes
    ----------
    ident : str
        Identity in the page, so that patterns and titles of two figures do not meet.
    width, height : float
        Size in pixels.
    title, description : str
        What the figure is, and what it shows, for those who do not see it.
    role : str
        `img`, or `group` where parts of it lead somewhere: a picture hides what is in it.
    """

    ident: str
    width: float
    height: float
    title: str
    description: str
    role: str = "img"

    def wrap(self, content: Iterable[str]) -> str:
        """Return the finished figure."""
        head = tag("title", escape(self.title), id=f"{self.ident}-t") + tag(
            "desc", escape(self.description), id=f"{self.ident}-d"
        )
        return tag(
            "svg",
            head + tag("defs", _hatches(self.ident)) + "".join(content),
            xmlns="http://www.w3.org/2000/svg",
            viewBox=f"0 0 {num(self.width)} {num(self.height)}",
            width=float(self.width),
            height=float(self.height),
            role=self.role,
            aria_labelledby=f"{self.ident}-t {self.ident}-d",
            class_="fig",
        )

    def hatch(self, *, dense: bool = True) -> str:
        """Return the paint for what was not watched."""
        return f"url(#{self.ident}-{'h' if dense else 'k'})"


def _hatches(ident: str) -> str:
    def pattern(name: str, step: int) -> str:
        stroke = path(
            f"M-1 1L1 -1M0 {step}L{step} 0M{step - 1} {step + 1}L{step + 1} {step - 1}", "hatch"
        )
        return tag(
            "pattern",
            stroke,
            id=f"{ident}-{name}",
            patternUnits="userSpaceOnUse",
            width=step,
            height=step,
        )

    return pattern("h", 6) + pattern("k", 12)
