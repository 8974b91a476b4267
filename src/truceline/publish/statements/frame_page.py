"""One figure alone, for a frame on somebody else's page."""

from __future__ import annotations

import html

from truceline.publish.statements.shell import page

_RULES = (
    ".unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
    "body{padding:.6rem .8rem;max-width:none}figure{margin:0}"
    ".source{font-size:.8rem;color:var(--muted);margin:.4rem 0 0}"
)


def frame_page(title: str, figure: str, *, whole: str, cited: str) -> str:
    """Return a small page of one figure, with its table, its basis and the way to the whole.

    Parameters
    ----------
    title : str
        The page's name.
    figure : str
        From `figure`.
    whole : str
        Address of the page it is taken from.
    cited : str
        What it rests on, in one sentence.
    """
    body = (
        f'<main><h1 class="unseen">{html.escape(title)}</h1>{figure}'
        f'<p class="source">{html.escape(cited)} '
        f'<a href="{html.escape(whole)}" target="_blank" rel="noopener">'
        "Open the page it is from</a></p></main>"
    )
    return page(title, body, rules=_RULES)
