"""How many reports a second a room keeps, and how soon one is seen on the map.

    python benchmarks/room_ingest.py [--seconds 20] [--latencies 30] [--case FOLDER]

A room of a rehearsed case runs as a process of its own, as `truceline serve` runs it, on SQLite
and then on a PostgreSQL server that is started here. Printed for each:

- plain: rows a second that one connection inserts into a table like the room's, in the same
  database, one transaction for each row and one for each thousand;
- single: reports a second that come one a request from eight clients;
- bulk: reports a second that come five hundred a request from two clients;
- on the map: the time from the first byte of a report that makes an incident to the answer of
  `/api/map/incidents` that has it, asked for after each event of `/api/events`; with nothing
  else to do, and while bulk reports come in.

The clients share the two cores with the server.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from pathlib import Path

import httpx2
import numpy as np
import psycopg
import uvicorn
from sqlalchemy import Column, LargeBinary, MetaData, Table, Text

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.postgres import programs, server  # noqa: E402

from truceline.agreement.case import load_case  # noqa: E402
from truceline.client import Room, come_in  # noqa: E402
from truceline.core.store.sql import open_database  # noqa: E402
from truceline.core.types.errors import TrucelineError  # noqa: E402
from truceline.core.types.time import HOUR  # noqa: E402
from truceline.evidence.sources.source import installed_sources  # noqa: E402
from truceline.judgement.parameters import shipped_parameters  # noqa: E402
from truceline.rehearsal.generation import generate  # noqa: E402
from truceline.rehearsal.scenarios.scenario import load_scenario  # noqa: E402
from truceline.web.access.accounts import add_account  # noqa: E402
from truceline.web.app import create_app  # noqa: E402
from truceline.web.room.keeping_up import keep_up  # noqa: E402
from truceline.web.room.room import Room as ServedRoom  # noqa: E402
from truceline.web.room.room import open_room  # noqa: E402
from truceline.web.settings import Settings  # noqa: E402

PASSWORD = "a long enough password"

#: The rehearsed case: thirty days of a truce on 400 km of line.
SMALL = {"days": 30, "before_days": 5, "background_days": 10, "line": {"km": 400}}


def opened(case: Path, folder: Path, address: str) -> ServedRoom:
    """Open a room whose clock went past the end of the rehearsed truce an hour ago."""
    loaded, begun = load_case(case), time.time_ns()
    end = loaded.settings.window.micros()[1]
    assert end is not None
    return open_room(
        loaded, folder, sources=installed_sources(), parameters=shipped_parameters(),
        address=address, clock=lambda: end + HOUR + (time.time_ns() - begun) // 1000,
    )  # fmt: skip


def serve(case: Path, folder: Path, address: str, port: int) -> None:
    """Serve a room as `truceline serve` does, without its limit on requests."""
    room, wake = opened(case, folder, address), threading.Event()
    room.wake = wake.set
    room.working()
    keep_up(room, 900.0, wake, threading.Event())
    app = create_app(Settings(requests_per_minute=10**7), room)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="error", access_log=False, http="h11")


def maker(case: Path, seed: int) -> Callable[[], dict[str, object]]:
    """Return what makes patrols' reports of one explosion each, somewhere on the case's ground."""
    settings = load_case(case).settings
    west, south, east, north = settings.bbox
    end = settings.window.micros()[1]
    assert end is not None
    dice = random.Random(seed)

    def made() -> dict[str, object]:
        at = dt.datetime.fromtimestamp(end / 1e6 - dice.uniform(60, 86_400 * 2), dt.UTC).isoformat()
        place = {"lon": dice.uniform(west, east), "lat": dice.uniform(south, north), "sigma_m": 50}
        seen = {
            "time": at, "observer": place, "event": place, "means": "seen", "type": "explosion",
            "description": "impact", "number": 1, "credibility": 1,
        }  # fmt: skip
        patrol = f"B{dice.randrange(10**9)}"
        return {
            "form": "truceline-patrol-report/1", "patrol": patrol, "monitors": 2, "sent": at,
            "observations": [seen],
        }  # fmt: skip

    return made


@contextmanager
def served(case: Path, folder: Path, address: str) -> Iterator[str]:
    """Run the room as a process of its own, and give its address on the network."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = get_context("spawn").Process(target=serve, args=(case, folder, address, port))
    process.start()
    at = f"http://127.0.0.1:{port}"
    try:
        while not _answers(at):
            if not process.is_alive():
                raise SystemExit("the room does not start")
            time.sleep(0.2)
        yield at
    finally:
        process.kill()
        process.join()


def _answers(at: str) -> bool:
    try:
        return httpx2.get(f"{at}/login", timeout=5.0).is_success
    except httpx2.TransportError:
        return False


def plain(address: str, seconds: float) -> tuple[float, float]:
    """Return the rows a second of plain inserts: a transaction each, and one for a thousand."""
    tables = MetaData()
    table = Table("plain", tables, Column("key", Text, primary_key=True),
                  Column("body", LargeBinary))  # fmt: skip
    database = open_database(address)
    database.make(tables)
    body = b"x" * 330
    rates = []
    for size in (1, 1000):
        rows, begun = 0, time.perf_counter()
        while time.perf_counter() - begun < seconds:
            with database.writing() as connection:
                connection.execute(
                    table.insert(), [{"key": uuid.uuid4().hex, "body": body} for _ in range(size)]
                )
            rows += size
        rates.append(rows / (time.perf_counter() - begun))
    database.close()
    return rates[0], rates[1]


def singly(room: Room, make: Callable[[], dict[str, object]], seconds: float) -> float:
    """Return the reports a second that eight clients bring, one a request."""
    counts = []

    def bring(reports: list[dict[str, object]]) -> None:
        until, count = time.perf_counter() + seconds, 0
        for item in reports:
            if time.perf_counter() > until:
                break
            headers = {"Idempotency-Key": str(uuid.uuid4())}
            answer = room.client.post("/api/reports", content=json.dumps(item), headers=headers)
            count += answer.status_code == httpx2.codes.CREATED
        counts.append(count)

    return _rate([[make() for _ in range(4000)] for _ in range(8)], bring, counts)


def in_bulk(room: Room, make: Callable[[], dict[str, object]], seconds: float) -> float:
    """Return the reports a second that two clients bring, five hundred a request."""
    counts = []

    def bring(bodies: list[bytes]) -> None:
        until, count = time.perf_counter() + seconds, 0
        for body in bodies:
            if time.perf_counter() > until:
                break
            answer = room.client.post("/api/reports/batch", content=body)
            if answer.status_code == httpx2.codes.OK:
                count += sum(item["status"] == httpx2.codes.CREATED
                             for item in answer.json()["reports"])  # fmt: skip
        counts.append(count)

    return _rate([[_batch(make, 500) for _ in range(60)] for _ in range(2)], bring, counts)


def _rate(work: list[list[object]], bring: Callable[..., None], counts: list[int]) -> float:
    threads = [threading.Thread(target=bring, args=(part,)) for part in work]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - begun)


def _batch(make: Callable[[], dict[str, object]], size: int) -> bytes:
    lines = (json.dumps({"key": str(uuid.uuid4()), "report": make()}) for _ in range(size))
    return "\n".join(lines).encode()


#: A report this far from all incidents makes one of its own, and it is there when one is this
#: near; degrees.
APART, THERE = 0.02, 1e-4


def on_the_map(room: Room) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Return longitude and latitude of all incidents on the map, a row each."""
    told = room.client.get("/api/map/incidents").content
    body = 4 + int.from_bytes(told[:4], "little")
    columns = json.loads(told[4:body])["columns"]

    def degrees(name: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        about = columns[name]
        raw = np.frombuffer(told, f"<{about['type']}", about["length"], body + about["at"])
        return raw / about["scale"]

    return np.column_stack([degrees("lon"), degrees("lat")])


def nearest(room: Room, place: dict[str, float]) -> float:
    """Return how far the nearest incident on the map is, degrees."""
    return float(np.abs(on_the_map(room) - [place["lon"], place["lat"]]).max(axis=1).min())


def latencies(room: Room, make: Callable[[], dict[str, object]], number: int) -> list[float]:
    """Return the seconds from a report's sending to the answer of the map that has it."""
    changed = threading.Event()

    def listen() -> None:
        # The line breaks when the room is closed.
        with suppress(TrucelineError):
            for name in room.changes():
                if name == "judgement":
                    changed.set()

    threading.Thread(target=listen, daemon=True).start()
    time.sleep(1.0)
    found = []
    for _ in range(number):
        # Where there is nothing yet, so that it makes an incident of its own.
        while nearest(room, _place(item := make())) < APART:
            pass
        begun = time.perf_counter()
        room.client.post("/api/reports", content=json.dumps(item),
                         headers={"Idempotency-Key": str(uuid.uuid4())})  # fmt: skip
        while nearest(room, _place(item)) > THERE:
            if not changed.wait(120.0):
                raise SystemExit("the picture has not changed for two minutes")
            changed.clear()
        found.append(time.perf_counter() - begun)
    return found


def _place(item: dict[str, object]) -> dict[str, float]:
    return item["observations"][0]["event"]  # type: ignore[index,no-any-return]


@contextmanager
def load(room: Room, make: Callable[[], dict[str, object]], rate: int) -> Iterator[None]:
    """Bring so many reports a second meanwhile, a batch a second."""
    stop = threading.Event()

    def bring() -> None:
        while not stop.wait(1.0):
            room.client.post("/api/reports/batch", content=_batch(make, rate))

    thread = threading.Thread(target=bring)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def measure(name: str, case: Path, folder: Path, address: str, told: argparse.Namespace) -> None:
    """Print the figures of a room on one database."""
    one, thousand = plain(address, told.seconds / 2)
    room = opened(case, folder, address)
    with room.database.writing() as connection:
        add_account(connection, "mona", "monitor", PASSWORD)
    room.judge_again()
    room.database.close()
    make = maker(case, 1)
    with served(case, folder, address) as at:
        mona = come_in(at, "mona", PASSWORD)
        incidents = len(on_the_map(mona))
        latencies(mona, make, 2)
        print(f"{name}: {incidents} incidents on the map")
        print(f"  on the map          {_told(latencies(mona, make, told.latencies))}", flush=True)
        with load(mona, make, told.load):
            loaded = _told(latencies(mona, make, told.latencies))
        print(f"  with {told.load:4} reports/s {loaded}", flush=True)
        single, bulk = (work(mona, make, told.seconds) for work in (singly, in_bulk))
        print(f"  plain inserts  {one:8.0f} a second, {thousand:8.0f} in thousands")
        print(f"  single reports {single:8.0f} a second, {single / one:.2f} of plain")
        print(f"  bulk reports   {bulk:8.0f} a second, {bulk / thousand:.2f} of plain in thousands",
              flush=True)  # fmt: skip


def _told(seconds: list[float]) -> str:
    return f"p50 {np.quantile(seconds, 0.5):.2f} s, p99 {np.quantile(seconds, 0.99):.2f} s"


def main() -> None:
    """Print the figures for both databases."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--latencies", type=int, default=40)
    parser.add_argument("--load", type=int, default=20, help="reports a second meanwhile")
    parser.add_argument("--case", type=Path)
    told = parser.parse_args()
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, "
          f"load {os.getloadavg()[0]:.1f}, {dt.datetime.now(dt.UTC):%Y-%m-%d}")  # fmt: skip
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        case = told.case or folder / "case"
        if told.case is None:
            generate(load_scenario("spoiler", SMALL), case)
        measure("SQLite", case, folder / "lite", str(folder / "lite.sqlite"), told)
        found = programs()
        if found is None:
            raise SystemExit("PostgreSQL is not installed; on Debian: apt-get install postgresql")
        with server(found) as address:
            with psycopg.connect(address.format(name="postgres"), autocommit=True) as connection:
                connection.execute("CREATE DATABASE room")
            measure("PostgreSQL", case, folder / "pg", address.format(name="room"), told)


if __name__ == "__main__":
    main()
