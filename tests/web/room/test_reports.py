"""Reports from the field: once each, refused in one sentence, and there after a kill."""

import json
import random
import uuid

import pytest
from sqlalchemy import select

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
        (body(patrol="\ud800"), "Invalid JSON"),
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


def test_killed_under_load_every_acknowledged_report_is_there_once(room, rehearsed, address):
    """Kill -9 of the server at random moments; more of them: benchmarks/room_kills.py."""
    from .kills import kill_often

    assert kill_often(rehearsed / "case", room.folder, address, 2, random.Random(7)) > 0
