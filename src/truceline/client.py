"""A room as seen by a program: incidents as a table, reports sent once, changes as they come.

    room = come_in("https://room.example", "mona", password)
    room.table("incidents", bbox=(36, 47, 39, 49))
    room.send(reports)

What an account may not see it does not get here either: the room's interfaces answer a program
as they answer the account it came in as.
"""

from __future__ import annotations

import datetime as dt
import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

import httpx2
import polars as pl

from truceline.core.types.errors import InputError, TrucelineError

#: Features asked for at a time.
PAGE: Final = 1_000

#: What a report's key is made from, with its words: the same report has the same key for ever.
_KEYS: Final = uuid.UUID("5a2c9a0e-8f2e-5d0b-9d2b-2f3f6f1c7b11")

_BUSY: Final = (429, 502, 503, 504)


@dataclass(frozen=True)
class Patience:
    """How long to go on with a room that is busy or away.

    Attributes
    ----------
    attempts : int
        How often one thing is asked for.
    wait_s, longest_s : float
        Seconds before the second attempt, doubled each time, and the most; where the room says
        when to come again (`Retry-After`) that is done, up to the most.
    """

    attempts: int = 8
    wait_s: float = 0.5
    longest_s: float = 60.0


@dataclass(frozen=True)
class Room:
    """A room that an account has come in to.

    Attributes
    ----------
    client : httpx2.Client
        With the room's address and the session's token.
    patience : Patience
        How long to go on.
    sleep : callable
        Waits so many seconds.
    """

    client: httpx2.Client
    patience: Patience = Patience()
    sleep: Callable[[float], None] = time.sleep

    def features(
        self,
        collection: str,
        *,
        bbox: tuple[float, float, float, float] | None = None,
        datetime: str | None = None,
    ) -> Iterator[dict[str, Any]]:
        """Yield the features of a collection (OGC API Features), page by page.

        Parameters
        ----------
        collection : str
            Such as ``incidents``, ``observations`` or ``zones``.
        bbox : tuple of float, optional
            West, south, east, north; WGS84 degrees.
        datetime : str, optional
            A time or an interval in the standard's form, ``2026-05-01T00:00:00Z/..``.
        """
        asked: dict[str, str] = {"limit": str(PAGE)}
        if bbox is not None:
            asked["bbox"] = ",".join(f"{edge:.9g}" for edge in bbox)
        if datetime is not None:
            asked["datetime"] = datetime
        begin = 0
        while True:
            page = self._asked(
                "GET", f"/ogc/collections/{collection}/items",
                params={**asked, "offset": str(begin)},
            ).json()  # fmt: skip
            yield from page["features"]
            begin += page["numberReturned"]
            if begin >= page["numberMatched"] or page["numberReturned"] == 0:
                return

    def table(
        self,
        collection: str,
        *,
        bbox: tuple[float, float, float, float] | None = None,
        datetime: str | None = None,
    ) -> pl.DataFrame:
        """Return a collection as a table: `id`, `lon`, `lat` of a point, and its properties.

        Parameters are those of `features`. What has no point has a null place.
        """
        rows = []
        for feature in self.features(collection, bbox=bbox, datetime=datetime):
            shape = feature["geometry"]
            point = shape["coordinates"] if shape and shape["type"] == "Point" else (None, None)
            place = {"id": feature["id"], "lon": point[0], "lat": point[1]}
            rows.append({**feature["properties"], **place})
        return pl.DataFrame(rows, infer_schema_length=None)

    def period(self) -> tuple[dt.datetime, dt.datetime]:
        """Return from when to when the room's case is judged, UTC."""
        told = self._asked("GET", "/ogc/collections/incidents").json()
        start, end = told["extent"]["temporal"]["interval"][0]
        return dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end)

    def ground(self) -> dict[str, Any]:
        """Return the case's lines, zones and sectors as GeoJSON, and its parties by id.

        A sector carries the last state of its truce.
        """
        told: dict[str, Any] = self._asked("GET", "/api/map/ground").json()
        return told

    def effort(self, at: dt.datetime) -> dict[str, Any]:
        """Return what is watched at a moment and what is not, as GeoJSON.

        Features of the layer `watched` are cells with the probability that fighting there would
        have been seen; those of `blind` are the sectors of whose day nothing can be said.
        """
        moment = {"at": at.isoformat()}
        told: dict[str, Any] = self._asked("GET", "/api/map/effort", params=moment).json()
        return told

    def send(self, reports: Iterable[Mapping[str, Any]], *, together: int = 200) -> pl.DataFrame:
        """Send reports, each kept once however often it is sent, and return what became of them.

        A report's key is made from its words, so that after a cut all can be sent again. A report
        that the room refuses is told beside the others and stops none of them.

        Parameters
        ----------
        together : int
            Reports in one request, 1 to 1,000.

        Returns
        -------
        polars.DataFrame
            Columns `key`, `is_new` (null where it was refused) and `refused`, in their order.
        """
        rows = []
        for some in _batched(reports, together):
            items = [{"key": _key(report), "report": report} for report in some]
            told = self._asked("POST", "/api/reports/batch", json=items).json()["reports"]
            rows += [
                (item["key"], answer.get("is_new"), answer.get("message"))
                for item, answer in zip(items, told, strict=True)
            ]
        types = {"key": pl.String, "is_new": pl.Boolean, "refused": pl.String}
        return pl.DataFrame(rows, schema=types, orient="row")

    def changes(self) -> Iterator[str]:
        """Yield the name of each change as the room tells of it, for as long as the line holds.

        An event says that it is time to look again, never what there is to see.
        """
        line_open = httpx2.Timeout(30.0, read=None)
        try:
            with self.client.stream("GET", "/api/events", timeout=line_open) as line:
                if line.status_code != httpx2.codes.OK:
                    raise InputError(
                        f"the room answered {line.status_code}.", hint="Come in again."
                    )
                for text in line.iter_lines():
                    if text.startswith("event: "):
                        yield text.removeprefix("event: ")
        except httpx2.TransportError as cause:
            raise TrucelineError(
                f"the line to the room broke: {cause}",
                hint="Listen again, and look at what changed.",
            ) from cause

    def _asked(
        self, method: str, path: str, *, refusals: tuple[int, ...] = (), **words: Any
    ) -> httpx2.Response:
        """Ask until there is an answer, or patience ends."""
        wait, said = self.patience.wait_s, ""
        for attempt in range(self.patience.attempts):
            if attempt:
                self.sleep(min(wait, self.patience.longest_s))
                wait *= 2
            try:
                answer = self.client.request(method, path, **words)
            except httpx2.TransportError as cause:
                said = f"does not answer: {cause}"
                continue
            if answer.status_code not in _BUSY:
                return _checked(answer, refusals)
            said = f"is busy ({answer.status_code})"
            wait = max(wait, _retry_after(answer))
        raise TrucelineError(
            f"the room {said}, after {self.patience.attempts} attempts.",
            hint="Ask again later; what was sent already is kept, and is not kept twice.",
        )


def come_in(
    address: str, name: str, password: str, code: str = "", *, patience: Patience = Patience()
) -> Room:
    """Come in to a room with a local account.

    Parameters
    ----------
    address : str
        Such as ``https://room.example``.
    code : str
        Of the second factor, where the account has one.

    Raises
    ------
    InputError
        If the account is not let in.
    TrucelineError
        If nobody answers.
    """
    outside = Room(httpx2.Client(base_url=address, timeout=60.0), patience)
    answer = outside._asked(
        "POST", "/api/session", data={"name": name, "password": password, "code": code},
        refusals=(401, 422),
    )  # fmt: skip
    if answer.status_code != httpx2.codes.CREATED:
        raise InputError("the room lets nobody in with these words.", hint="Check name and code.")
    outside.client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return outside


def _batched(reports: Iterable[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    """Yield the reports in lists of a size; the last may be shorter."""
    left = iter(reports)
    while some := list(islice(left, size)):
        yield some


def _key(report: Mapping[str, Any]) -> str:
    text = json.dumps(report, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return str(uuid.uuid5(_KEYS, text))


def _checked(answer: httpx2.Response, refusals: tuple[int, ...]) -> httpx2.Response:
    if answer.is_success or answer.status_code in refusals:
        return answer
    try:
        told = str(answer.json().get("message", ""))
    except ValueError:
        told = ""
    raise InputError(
        f"the room answered {answer.status_code}{': ' if told else ''}{told}",
        hint="Come in again." if answer.status_code == httpx2.codes.UNAUTHORIZED else None,
    )


def _retry_after(answer: httpx2.Response) -> float:
    said = answer.headers.get("retry-after", "")
    return float(said) if said.isdecimal() else 0.0
