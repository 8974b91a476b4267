"""Kills a room's server again and again while reports come in, and holds it to its word.

The server judges what comes in meanwhile, so that a kill hits the database, the files of
reports and the store alike. Each is a fresh interpreter: what is forked from a process that has
imported everything takes over locks of threads that it does not have, and may wait for ever.
"""

import json
import multiprocessing
import os
import random
import signal
import socket
import threading
import time
import uuid
from pathlib import Path

import httpx
import uvicorn
from sqlalchemy import select

from truceline.core.store.case_store import CaseStore
from truceline.core.store.sql import open_database
from truceline.record.log import Log
from truceline.web.app import create_app
from truceline.web.room.keeping_up import keep_up
from truceline.web.room.tables import REPORT
from truceline.web.settings import Settings

from .conftest import PASSWORD, make_room
from .test_reports import body

#: Seconds within which a server is killed after its first answer.
LONGEST_LIFE_S = 1.5

_FRESH = multiprocessing.get_context("spawn")


def serve(case: Path, folder: Path, address: str, port: int) -> None:
    """Serve a room that judges as it goes, the whole of it every second too."""
    room, wake = make_room(case, folder, address), threading.Event()
    room.wake = wake.set
    keep_up(room, 1.0, wake, threading.Event())
    app = create_app(Settings(requests_per_minute=10**7, logins_per_minute=10**4), room)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="critical")


class Served:
    """A server that runs until it is killed."""

    def __init__(self, case: Path, folder: Path, address: str) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.at = f"http://127.0.0.1:{port}"
        self._process = _FRESH.Process(target=serve, args=(case, folder, address, port))
        self._process.start()
        while not self._answers():
            assert self._process.is_alive()
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.at}/login", timeout=30.0).is_success
        except httpx.TransportError:
            return False

    def kill(self) -> None:
        """Kill it without a word."""
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join()


class Sender:
    """Sends reports, and remembers what was sent and what was acknowledged."""

    def __init__(self, at: str) -> None:
        form = {"name": "mona", "password": PASSWORD}
        self._token = httpx.post(f"{at}/api/session", data=form, timeout=60.0).json()["token"]
        self.sent: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.heard = threading.Event()

    def _client(self, at: str) -> httpx.Client:
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx.Client(base_url=at, headers=headers, timeout=60.0)

    def send(self, at: str, size: int) -> None:
        """Send batches of a size until the server is gone; a size of 1 sends single reports."""
        with self._client(at) as client:
            while True:
                keys = [str(uuid.uuid4()) for _ in range(size)]
                self.sent |= {key: body(len(self.sent), patrol=f"P{key[:8]}") for key in keys}
                try:
                    if not self._one(client, keys):
                        return
                except httpx.TransportError:
                    return

    def _one(self, client: httpx.Client, keys: list[str]) -> bool:
        if len(keys) == 1:
            headers = {"Idempotency-Key": keys[0]}
            answer = client.post("/api/reports", content=self.sent[keys[0]], headers=headers)
            self.acknowledged |= set(keys) if answer.status_code == 201 else set()
        else:
            items = [{"key": key, "report": json.loads(self.sent[key])} for key in keys]
            answer = client.post("/api/reports/batch", json=items)
            if answer.status_code == 200:
                told = answer.json()["reports"]
                self.acknowledged |= {item["key"] for item in told if item["status"] == 201}
        self.heard.set()
        return answer.status_code in (200, 201, 503)

    def send_again(self, at: str) -> None:
        """Send everything again, as a phone does; what was acknowledged must be there."""
        keys = sorted(self.sent)
        with self._client(at) as client:
            for some in (keys[n : n + 500] for n in range(0, len(keys), 500)):
                items = [{"key": key, "report": json.loads(self.sent[key])} for key in some]
                told = client.post("/api/reports/batch", json=items).json()["reports"]
                for item in told:
                    assert item["status"] in (200, 201), item
                    assert item["status"] == 200 or item["key"] not in self.acknowledged


def kill_often(case: Path, folder: Path, address: str, kills: int, dice: random.Random) -> int:
    """Kill a room's server so often under load; return how many reports were acknowledged."""
    sender = None
    for number in range(kills):
        server = Served(case, folder, address)
        sender = sender or Sender(server.at)
        load = [threading.Thread(target=sender.send, args=(server.at, n)) for n in (1, 20)]
        for thread in load:
            thread.start()
        # Every other one dies when reports are known to come in, the rest at any moment.
        sender.heard.clear()
        assert number % 2 or sender.heard.wait(120.0)
        time.sleep(dice.uniform(0.0, LONGEST_LIFE_S))
        server.kill()
        for thread in load:
            thread.join()
    assert sender is not None
    server = Served(case, folder, address)
    sender.send_again(server.at)
    server.kill()
    check(case, folder, address, sender)
    return len(sender.acknowledged)


def check(case: Path, folder: Path, address: str, sender: Sender) -> None:
    """Hold the room to its word: every report once, in database, record, files and store."""
    with open_database(address).reading() as connection:
        rows = connection.execute(select(REPORT)).all()
    assert sorted(row.key for row in rows) == sorted(sender.sent)
    log = Log(open_database(address))
    assert log.leaves() == [item.leaf() for item in log.entries()]
    assert [e.values()["sha256"] for e in log.entries()] == [
        row.sha256 for row in sorted(rows, key=lambda row: row.number)
    ]
    room = make_room(case, folder, address)
    judged = room.judge_again()
    files = (folder / "reports" / "patrol_form").glob("*.jsonl")
    lines = [line for path in files for line in path.read_bytes().splitlines()]
    assert sorted(lines) == sorted(row.body for row in rows)
    assert CaseStore(folder / "store").verify() == []
    reported = judged.observations.filter(judged.observations["source"] == "patrol_form")
    assert set(reported["witness"]) >= {f"patrol P{key[:8]}" for key in sender.sent}
