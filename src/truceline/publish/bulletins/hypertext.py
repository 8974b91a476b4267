"""The bulletin on a screen: one HTML file that needs nothing but itself."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from truceline.publish.bulletins.page import Figure, Page
from truceline.publish.draw.style import SANS, rules, variables


def hypertext(page: Page) -> str:
    """Return the page as one HTML file that opens offline.

    Its content policy allows the one style sheet and the one script inside it, by their
    hashes, and nothing from anywhere else.
    """
    style, script = stylesheet(), _template("bulletin.js")
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        _environment()
        .get_template("bulletin.html.j2")
        .render(
            page=page,
            labels=page.labels,
            policy=policy,
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own file
            drawn=_drawn,
        )
    )


@cache
def stylesheet() -> str:
    """Return the style of the page and of all figures, for light and for dark."""
    light, dark = variables(0), variables(1)
    themes = f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
    return themes + rules() + "\n" + _template("bulletin.css").replace("SANS", SANS)


def _drawn(figure: Figure, width: float, letter: str) -> Markup:
    svg = figure.draw(float(width), f"{letter}-{figure.ident}")
    return Markup(svg or "")  # noqa: S704 - drawn by us, with every word escaped


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FunctionLoader(_template),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
    )


def _template(name: str) -> str:
    folder = files("truceline.publish.bulletins") / "templates"
    return (folder / name).read_text(encoding="utf-8")
