"""Pages from templates, and documents that carry their own style and program."""

from __future__ import annotations

from functools import cache

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from truceline.web.security.policy import document_policy


@cache
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("truceline.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
    )


def rendered(template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """Return a page of the room, everything in it escaped."""
    return HTMLResponse(_templates().get_template(template).render(values), status)


def document(page: str) -> HTMLResponse:
    """Return a published page as it is, under a policy that names its inline blocks."""
    return HTMLResponse(page, headers={"Content-Security-Policy": document_policy(page)})
