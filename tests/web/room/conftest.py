"""A room of a small case, with an account of every role."""

import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import select

from truceline.agreement.case import load_case
from truceline.core.store.sql import open_database
from truceline.core.types.time import HOUR
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import shipped_parameters
from truceline.rehearsal.generation import generate
from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.web.access.accounts import add_account
from truceline.web.app import create_app
from truceline.web.room.room import Room, open_room
from truceline.web.room.tables import ACCOUNT
from truceline.web.settings import Settings

PASSWORD = "a long enough password"

PEOPLE = (
    ("vera", "viewer", None),
    ("lina", "liaison", "north"),
    ("leo", "liaison", "south"),
    ("mona", "monitor", None),
    ("anna", "analyst", None),
    ("rita", "reviewer", None),
    ("remi", "reviewer", None),
    ("paul", "publisher", None),
    ("adam", "administrator", None),
)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: int

    def __call__(self) -> int:
        return self.now


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the case of a small rehearsal, with its picture judged once beside it."""
    folder = tmp_path_factory.mktemp("rehearsed")
    # A seed whose last day has several violations that no protected report speaks of.
    small = {"seed": 2, "days": 4, "before_days": 2, "background_days": 6, "line": {"km": 120}}
    generate(load_scenario("spoiler", small), folder / "case")
    first = make_room(folder / "case", folder / "room", str(folder / "first.sqlite"))
    first.working()
    with first.database.writing() as connection:
        for name, role, party in PEOPLE:
            add_account(connection, name, role, PASSWORD, party=party)
    return folder


@pytest.fixture(scope="session")
def accounts(rehearsed: Path) -> list[dict[str, object]]:
    """Return the accounts of `PEOPLE`, whose passwords take long to hash and are hashed once."""
    with open_database(rehearsed / "first.sqlite").reading() as connection:
        return [dict(row) for row in connection.execute(select(ACCOUNT)).mappings()]


def make_room(case: Path, folder: Path, address: str) -> Room:
    """Return a room whose clock stands an hour after the truce that is judged."""
    loaded = load_case(case)
    end = loaded.settings.window.micros()[1]
    assert end is not None
    return open_room(
        loaded, folder, sources=installed_sources(), parameters=shipped_parameters(),
        address=address, clock=Clock(end + HOUR),
    )  # fmt: skip


@pytest.fixture
def room(rehearsed: Path, accounts: list[dict[str, object]], tmp_path: Path, address: str) -> Room:
    """Return an open room on an empty database of each kind, with its picture judged."""
    folder = tmp_path / "room"
    shutil.copytree(rehearsed / "room", folder)
    made = make_room(rehearsed / "case", folder, address)
    with made.database.writing() as connection:
        connection.execute(ACCOUNT.insert(), accounts)
    return made


@pytest.fixture
def enter(room: Room) -> Iterator[Callable[[str], TestClient]]:
    """Return a way to come in as somebody."""
    app = create_app(Settings(requests_per_minute=100_000, logins_per_minute=1000), room)
    opened = []

    def come_in(name: str) -> TestClient:
        client = TestClient(app, follow_redirects=False, base_url="https://room.test")
        opened.append(client)
        answer = client.post("/login", data={"name": name, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    yield come_in
    for client in opened:
        client.close()


@pytest.fixture
def served(room: Room) -> Iterator[str]:
    """Return the address of the room on a real server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with serving(room, port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def serving(room: Room, port: int, told: Settings | None = None) -> Iterator[None]:
    """Serve a room on this machine."""
    told = told or Settings(requests_per_minute=10**6, logins_per_minute=10**4)
    app = create_app(told, room)
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(10)


def csrf_of(client: TestClient) -> str:
    """Return the token that the forms of a session carry."""
    page = client.get("/incidents").text
    return page.split('name="csrf" value="')[1].split('"')[0]


def with_level(judgement: Judgement, incident: str, level: str) -> Judgement:
    """Return a judgement with one incident's observations at a level of handling."""
    own = judgement.members.filter(pl.col("incident_id") == incident)["obs_id"]
    handling = judgement.observations.schema["handling"]
    rows = judgement.observations.with_columns(
        handling=pl.when(pl.col("obs_id").is_in(own.to_list()))
        .then(pl.lit(level, dtype=handling))
        .otherwise("handling")
    )
    return replace(judgement, observations=rows)
