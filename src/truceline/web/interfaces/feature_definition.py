"""The definition of the features' interface in OpenAPI 3.0 (OGC 17-069r4, 7.3 and 9).

The room's own document is OpenAPI 3.1, which the standard's class `oas30` does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from truceline.web.interfaces.feature_queries import LIMIT, MOST

_JSON: Final = "application/json"
_GEOJSON: Final = "application/geo+json"

#: Parameters by name, as the standard gives their schemas (7.15.2 to 7.15.4).
PARAMETERS: Final[dict[str, dict[str, Any]]] = {
    "limit": {
        "description": f"Features in one answer; above {MOST} it is {MOST}.",
        "schema": {"type": "integer", "minimum": 1, "maximum": MOST, "default": LIMIT},
    },
    "bbox": {
        "description": "West, south, east, north in degrees; heights may stand after each pair.",
        "schema": {
            "type": "array", "items": {"type": "number"},
            "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}],
        },
    },
    "datetime": {
        "description": "A time or an interval (RFC 3339); `..` leaves an end open.",
        "schema": {"type": "string"},
    },
    "offset": {
        "description": "Features to pass over; links to other pages carry it.",
        "schema": {"type": "integer", "minimum": 0, "default": 0},
    },
    "f": {"description": "The format.", "schema": {"type": "string", "enum": ["json"]}},
}  # fmt: skip

_RESPONSES: Final = {
    "400": "A parameter is not known or cannot be read.",
    "401": "You have not come in.",
    "404": "There is nothing under this address.",
}


def definition_of(title: str, base: str, collections: Sequence[str]) -> dict[str, Any]:
    """Return the definition.

    Parameters
    ----------
    title : str
        Of the case.
    base : str
        Address of the landing page.
    collections : sequence of str
        Names of the collections.
    """
    paths = {
        "/": _get("landing", "The landing page."),
        "/api": _get("definition", "This document.", media="application/vnd.oai.openapi+json"),
        "/conformance": _get("conformance", "What the interface conforms to."),
        "/collections": _get("collections", "All collections."),
    }
    for name in collections:
        at = f"/collections/{name}"
        paths[at] = _get(f"{name}.collection", f"The collection {name}.")
        paths[f"{at}/items"] = _get(
            f"{name}.items", f"Features of {name}, as far as you may see them.", ("limit", "bbox",
            "datetime", "offset", "f"), _GEOJSON,
        )  # fmt: skip
        paths[f"{at}/items/{{featureId}}"] = _get(
            f"{name}.item", f"One feature of {name}.", ("f",), _GEOJSON, is_one=True
        )
    named = {
        name: {"name": name, "in": "query", "required": False, "style": "form",
               "explode": False, **told}
        for name, told in PARAMETERS.items()
    }  # fmt: skip
    bearer = {"type": "http", "scheme": "bearer", "description": "From POST /api/session."}
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": "1.0.0"},
        "servers": [{"url": base}],
        "security": [{"session": []}],
        "paths": paths,
        "components": {"parameters": named, "securitySchemes": {"session": bearer}},
    }


def _get(
    operation: str,
    summary: str,
    parameters: Sequence[str] = ("f",),
    media: str = _JSON,
    *,
    is_one: bool = False,
) -> dict[str, Any]:
    asked: list[dict[str, Any]] = [{"$ref": f"#/components/parameters/{p}"} for p in parameters]
    if is_one:
        asked.append({"name": "featureId", "in": "path", "required": True,
                      "schema": {"type": "string"}})  # fmt: skip
    answers: dict[str, Any] = {
        "200": {"description": summary, "content": {media: {"schema": {"type": "object"}}}}
    }
    for status, said in _RESPONSES.items():
        answers[status] = {
            "description": said, "content": {_JSON: {"schema": {"type": "object"}}},
        }  # fmt: skip
    return {"get": {"operationId": operation, "summary": summary, "parameters": asked,
                    "responses": answers}}  # fmt: skip
