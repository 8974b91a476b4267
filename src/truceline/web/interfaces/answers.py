"""What programs are answered, as the OpenAPI document tells it: shapes, refusals, parameters."""

from __future__ import annotations

from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict

Told = dict[int | str, dict[str, Any]]


class _Open(BaseModel):
    """An answer that may hold more than is told: what a table has beside its key."""

    model_config = ConfigDict(extra="allow")


class Refusal(BaseModel):
    """Why a program was not given what it asked for."""

    code: int
    message: str


class Link(BaseModel):
    """A link (RFC 8288)."""

    href: str
    rel: str
    type: str
    title: str


class Landing(BaseModel):
    """Where a client of OGC API Features begins."""

    title: str
    description: str
    links: list[Link]


class Conformance(BaseModel):
    """The requirements that are met."""

    conformsTo: list[str]  # noqa: N815 - the standard's name


class Collection(_Open):
    """A collection of features."""

    id: str
    title: str
    description: str
    itemType: Literal["feature"]  # noqa: N815 - the standard's name
    crs: list[str]
    links: list[Link]


class Collections(BaseModel):
    """All collections."""

    collections: list[Collection]
    links: list[Link]


class Feature(_Open):
    """A feature of GeoJSON (RFC 7946); without a place its geometry is null."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None
    properties: dict[str, Any]


class FeatureCollection(BaseModel):
    """A page of features."""

    type: Literal["FeatureCollection"]
    features: list[Feature]
    links: list[Link]
    timeStamp: str  # noqa: N815 - the standard's name
    numberMatched: int  # noqa: N815 - the standard's name
    numberReturned: int  # noqa: N815 - the standard's name


_SAID: Final = {
    400: "The request cannot be read.",
    401: "Nobody has come in with it.",
    403: "The role may not do this.",
    404: "There is nothing there that this account may see.",
    409: "The key was used for another report.",
    411: "The request does not say how long it is.",
    413: "The request is too long.",
    422: "What was sent does not fit.",
    429: "Too many requests from this address.",
    503: "Too many reports wait; the answer says when to come again.",
}

#: What a program may be answered in place of what it asked for.
REFUSALS: Final[Told] = {
    status: {
        "description": said,
        # Written out, as a refusal is plain JSON whatever the answer would have been.
        "content": {"application/json": {"schema": Refusal.model_json_schema()}},
    }
    for status, said in _SAID.items()
}

#: What a person may be answered in place of a page.
PAGES: Final[Told] = {
    200: {"description": "The page.", "content": {"text/html": {}}},
    303: {"description": "To the page that shows what was done, or to the door."},
    **{
        status: {"description": said, "content": {"text/html": {}}}
        for status, said in _SAID.items()
    },
}


def parameter(name: str, about: str, schema: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a query parameter that is read by hand, as the document tells it."""
    return {
        "name": name, "in": "query", "required": False, "description": about, "schema": schema,
        **more,
    }  # fmt: skip


#: Parameters of a collection's items (17-069r4, 7.15).
ITEMS: Final = {
    "parameters": [
        parameter(
            "bbox", "West, south, east and north, degrees.",
            {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
            style="form", explode=False,
        ),
        parameter("datetime", "A time or an interval (RFC 3339).", {"type": "string"}),
        parameter("limit", "Features on a page.", {"type": "integer", "minimum": 1}),
        parameter("offset", "Features before the page.", {"type": "integer", "minimum": 0}),
        parameter("f", "The format.", {"type": "string", "enum": ["json"]}),
    ]
}  # fmt: skip

#: Page of a list.
PAGE: Final = {
    "parameters": [
        parameter("page", "From 1.", {"type": "integer", "minimum": 1, "maximum": 100_000}),
    ]
}
