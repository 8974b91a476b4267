"""The part of OGC SensorThings 1.1 that a sensor needs: find its datastream, send observations."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import JSONResponse

from truceline.core.types.errors import InputError
from truceline.evidence.sources.sensor_form.form import Stream
from truceline.web.access.door import need
from truceline.web.interfaces.answers import Refusal, Told
from truceline.web.interfaces.keeping import Keep, busy, keeper
from truceline.web.interfaces.sensor_things.catalogue import Catalogue, catalogue_of
from truceline.web.interfaces.sensor_things.entities import (
    SETS,
    WAYS,
    entities_of,
    led_to,
    picked,
)
from truceline.web.interfaces.sensor_things.observing import (
    is_good,
    many_of,
    one_of,
    report_of,
)
from truceline.web.room.intake import BusyError
from truceline.web.room.reports import read_report
from truceline.web.room.room import Room

BASE: Final = "/sta/v1.1"

#: Requirements classes that are served whole: these entities, to be read.
CONFORMS: Final = tuple(
    f"http://www.opengis.net/spec/iot_sensing/1.1/req/datamodel/{name}"
    for name in ("thing", "location", "datastream", "sensor", "observed-property")
)

#: Entities in one answer, and the most that may be asked for.
LIMIT, MOST = 100, 1_000

_ENTITY: Final = re.compile(r"(\w+)\('([\w.-]{1,60})'\)(?:/(\w+))?")
_NAMED: Final = re.compile(r"name eq '([^']{1,200})'")
#: What is answered beside the room's own refusals.
_ANSWERS: Final[Told] = {
    201: {"description": "It is on the disk."},
    501: {"description": "An option that is not served.", "model": Refusal},
}

#: Requests that wait for the database at one time.
_WRITERS: Final = 4

_OPTIONS: Final = {"$top", "$skip", "$count", "$filter"}


def sensor_things_pages(room: Room) -> APIRouter:
    """Return the routes under `/sta/v1.1`."""
    router = APIRouter(prefix=BASE, responses=_ANSWERS)
    catalogue = catalogue_of(room.case.folder)
    streams = catalogue.streams()
    keep = keeper(room, "sensors", _WRITERS)

    @router.get("")
    def service(request: Request) -> JSONResponse:
        base = _base(request)
        sets = [{"name": n, "url": f"{base}/{n}"} for n in _entities(request, catalogue)]
        return JSONResponse({"value": sets, "serverSettings": {"conformance": list(CONFORMS)}})

    @router.get("/{path:path}")
    def read(request: Request, path: str) -> JSONResponse:
        return _read(request, catalogue, path)

    @router.post("/Observations")
    @router.post("/Datastreams('{within}')/Observations")
    async def send(request: Request, within: str | None = None) -> JSONResponse:
        return await _one(request, streams, keep, within)

    @router.post("/CreateObservations")
    async def send_many(request: Request) -> JSONResponse:
        return await _many(request, streams, keep)

    return router


def _entities(request: Request, catalogue: Catalogue) -> dict[str, dict[str, dict[str, Any]]]:
    need(request, "report")
    return entities_of(catalogue, _base(request))


def _read(request: Request, catalogue: Catalogue, path: str) -> JSONResponse:
    """Answer a set, an entity, or the way from an entity to others."""
    every = _entities(request, catalogue)
    if path in every:
        return _set(request, every[path], lambda _told: True)
    found = _ENTITY.fullmatch(path)
    name, key, way = found.groups() if found else ("", "", None)
    if key not in every.get(name, {}) or (way is not None and (name, way) not in WAYS):
        raise HTTPException(404, "There is no such entity.")
    if way is None:
        return JSONResponse(every[name][key])
    wanted = led_to(catalogue, name, key, way)
    if way in SETS:
        return JSONResponse(every[SETS[way]][wanted[0]])
    return _set(request, every[way], lambda told: told["@iot.id"] in wanted)


async def _one(
    request: Request, streams: Mapping[str, Stream], keep: Keep, within: str | None
) -> JSONResponse:
    """Keep one observation, sent to its datastream or naming it."""
    viewer = need(request, "report").viewer
    try:
        stream, observation = one_of(read_report(await request.body()), streams, within)
        sent = report_of(stream, observation, viewer.account)
        outcome = (await keep([sent]))[0]
    except InputError as error:
        raise HTTPException(400, str(error)) from error
    except BusyError as error:
        return busy(error)
    own = f"{_base(request)}/Observations('{sent.key}')"
    told = {"@iot.id": sent.key, "@iot.selfLink": own, **observation}
    return JSONResponse(told, 201 if outcome == "new" else 200, headers={"Location": own})


async def _many(request: Request, streams: Mapping[str, Stream], keep: Keep) -> JSONResponse:
    """Keep observations of many datastreams."""
    viewer = need(request, "report").viewer
    try:
        read = many_of(read_report(await request.body()), streams)
        sent = [report_of(stream, told, viewer.account) for stream, told in read]
        await keep(sent)
    except InputError as error:
        raise HTTPException(400, str(error)) from error
    except BusyError as error:
        return busy(error)
    base = _base(request)
    told = [
        f"{base}/Observations('{s.key}')" if is_good(observation) else "error"
        for s, (_, observation) in zip(sent, read, strict=True)
    ]
    return JSONResponse(told, 201)


def _set(
    request: Request,
    entities: dict[str, dict[str, Any]],
    keep: Callable[[dict[str, Any]], bool],
) -> JSONResponse:
    """Answer a set of entities, as far as its options go."""
    asked = request.query_params
    strange = sorted(set(asked) - _OPTIONS)
    if strange:
        raise HTTPException(501, f"There is no option {strange[0][:40]!r}.")
    found = picked(entities, keep)
    if "$filter" in asked:
        named = _NAMED.fullmatch(asked["$filter"])
        if named is None:
            raise HTTPException(501, "$filter takes: name eq 'NAME'.")
        found = [told for told in found if told["name"] == named[1]]
    top, skip = _number(request, "$top", LIMIT), _number(request, "$skip", 0)
    size = min(top, MOST)
    answer: dict[str, Any] = {"value": found[skip : skip + size]}
    if asked.get("$count") == "true":
        answer["@iot.count"] = len(found)
    if skip + size < len(found):
        url = request.url.include_query_params(**{"$top": size, "$skip": skip + size})
        answer["@iot.nextLink"] = str(url)
    return JSONResponse(answer)


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise HTTPException(400, f"{name} is a whole number from 0 up.")
    return int(text)


def _base(request: Request) -> str:
    return f"{str(request.base_url).rstrip('/')}{BASE}"
