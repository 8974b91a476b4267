"""Reports from the field: once each, refused in one sentence, and there after a kill."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from truceline.core.store.sql import open_database
from truceline.record.log import Log
from truceline.web.room.tables import REPORT

HEADERS = {"X-Truceline": "test"}


def body(number=1, **changes):
    report = {
        "form": "truceline-patrol-report/1", "patrol": f"P{number}", "monitors": 2,
        "sent": "2031-05-03T12:00:00+02:00", "observations": [
            {"time": "2031-05-03T10:00:00+02:00", "observer": {"lon": -30.0, "lat": 48.0},
             "bearing_deg": 85, "distance_m": 3000, "means": "heard", "type": "explosion",
             "description": "undetermined", "number": 4, "credibility": 2}
        ],
    }  # fmt: skip
    return json.dumps({**report, **changes})


def send(client, text, key=None):
    headers = {**HEADERS, "Idempotency-Key": key or str(uuid.uuid4())}
    return client.post("/api/reports", content=text, headers=headers)


def kept(room):
    with room.database.reading() as connection:
        return connection.execute(select(REPORT)).all()


def test_a_report_is_kept_once_and_judged(enter, room):
    mona, key = enter("mona"), str(uuid.uuid4())
    before = room.working().observations.height
    assert send(mona, body(), key).status_code == 201
    assert send(mona, body(), key).status_code == 200
    assert send(mona, body(2), key).status_code == 409
    assert len(kept(room)) == 1
    assert [entry.kind for entry in room.log.entries()] == ["report"]
    assert room.judge_again().observations.height == before + 1
    assert room.judge_again().observations.height == before + 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("[1]", "no known form"),
        (body(form="other/1"), "no known form"),
        (body(monitors=-1), "monitors"),
        (body(name="Anna"), "name"),
        ("[" * 5000, "not JSON"),
    ],
)
def test_what_is_no_report_is_refused_in_a_sentence(enter, room, text, said):
    answer = send(enter("mona"), text)
    assert answer.status_code == 422
    assert said in answer.json()["message"]
    assert kept(room) == []


def test_who_may_not_report_and_pages_of_others_are_refused(enter):
    assert send(enter("vera"), body()).status_code == 403
    assert send(enter("lina"), body()).status_code == 403
    mona = enter("mona")
    key = {"Idempotency-Key": str(uuid.uuid4())}
    assert mona.post("/api/reports", content=body(), headers=key).status_code == 403
    assert mona.post("/api/reports", content=body(), headers=HEADERS).status_code == 400


SERVER = """
import sys
from pathlib import Path
import uvicorn
sys.path.insert(0, sys.argv[4])
from tests.web.room.conftest import make_room
from truceline.web.app import create_app
from truceline.web.settings import Settings
room = make_room(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
app = create_app(Settings(requests_per_minute=10**6, logins_per_minute=10**4), room)
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[5]), log_level="critical")
"""


def free_port():
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def started(rehearsed, room, address):
    port = free_port()
    root = Path(__file__).resolve().parents[3]
    command = [sys.executable, "-c", SERVER, rehearsed / "case", room.folder, address, root, port]
    process = subprocess.Popen([str(part) for part in command])
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30.0)
    for _ in range(300):
        try:
            if client.get("/login").status_code == 200:
                break
        except httpx.TransportError:
            time.sleep(0.1)
    form = {"name": "mona", "password": "a long enough password"}
    token = client.post("/api/session", data=form).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    return process, client


def test_killed_under_load_every_acknowledged_report_is_there_once(room, rehearsed, address):
    """Kill -9 of the server at random moments; more of them: benchmarks/room_kills.py."""
    dice, acknowledged, sent = random.Random(7), set(), {}
    for _ in range(int(os.environ.get("TRUCELINE_KILLS", "3"))):
        process, client = started(rehearsed, room, address)
        until = time.monotonic() + 0.2 + dice.random()
        while time.monotonic() < until:
            key = str(uuid.uuid4())
            sent[key] = body(len(sent))
            acknowledged |= {key} if send(client, sent[key], key).status_code == 201 else set()
        process.send_signal(signal.SIGKILL)
        process.wait()
        client.close()
    # What was not acknowledged is sent again, as the phone does.
    process, client = started(rehearsed, room, address)
    for key, text in sent.items():
        assert send(client, text, key).status_code == (200 if key in acknowledged else 201)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert sorted(row.key for row in kept(room)) == sorted(sent)
    log = Log(open_database(address))
    assert log.leaves() == [item.leaf() for item in log.entries()]
    assert len(log.leaves()) == len(sent)
