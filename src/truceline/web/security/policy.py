"""The content security policy: nothing inline runs unless its hash was named."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

#: The policy of the room's own pages: own files only.
OWN: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

#: Headers of every answer beside the policy.
HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


def document_policy(page: str) -> str:
    """Return the policy of a page that carries its own style and program.

    Each inline block is named by its SHA-256 (CSP level 2), so a block that finds its way
    into the page later, in the browser, does not run.

    Examples
    --------
    >>> "unsafe-inline" in document_policy("<style>b{}</style>")
    False
    """
    return _policy(page, ancestors="'none'")


def frame_policy(page: str) -> str:
    """Return the same policy for a page that any site may show in a frame.

    Such a page asks nothing of the reader and changes nothing, so a click stolen over it
    does no harm.
    """
    return _policy(page, ancestors="*")


def _policy(page: str, *, ancestors: str) -> str:
    return (
        f"default-src 'none'; script-src {_named(page, 'script')}; "
        f"style-src {_named(page, 'style')}; img-src data: blob:; "
        f"form-action 'none'; base-uri 'none'; frame-ancestors {ancestors}"
    )


def _named(page: str, element: str) -> str:
    blocks = re.findall(rf"<{element}\b[^>]*>(.*?)</{element}>", page, flags=re.DOTALL)
    hashes = dict.fromkeys(f"'sha256-{_digest(block)}'" for block in blocks)
    return " ".join(hashes) or "'none'"


def _digest(block: str) -> str:
    return base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
