"""Many reports at once: each for itself, each once, and no more than the room can bear."""

import json
import threading
import uuid

import pytest
from sqlalchemy import event

from truceline.client import Patience, come_in
from truceline.record.log import Log
from truceline.web.room import intake

from .conftest import PASSWORD
from .test_reports import HEADERS, body, kept


def item(number, key=None, **changes):
    return {"key": key or str(uuid.uuid4()), "report": json.loads(body(number, **changes))}


def bring(client, items):
    return client.post("/api/reports/batch", content=json.dumps(items), headers=HEADERS)


def statuses(answer):
    assert answer.status_code == 200, answer.text
    return [told["status"] for told in answer.json()["reports"]]


def test_each_report_of_a_batch_is_answered_for_itself_and_kept_once(enter, room):
    mona, items = enter("mona"), [item(n) for n in range(4)]
    wrong = [{"report": {}}, item(9, monitors=-1), {"key": "k" * 20, "report": {"form": "other"}}]
    mixed = [items[0], *wrong, *items[1:], items[0], {**item(8), "key": items[1]["key"]}]
    assert statuses(bring(mona, mixed)) == [201, 400, 422, 422, 201, 201, 201, 200, 409]
    assert statuses(bring(mona, items)) == [200] * 4
    assert sorted(row.key for row in kept(room)) == sorted(i["key"] for i in items)
    entries = room.log.entries()
    digests = [e.values()["sha256"] for e in entries]
    assert [row.sha256 for row in sorted(kept(room), key=lambda r: r.number)] == digests
    assert Log(room.database).leaves() == [e.leaf() for e in entries]


def test_lines_are_as_good_as_an_array_and_a_bad_line_stops_no_other(enter, room):
    first, second = item(1), item(2)
    text = "\n".join([json.dumps(first), "{", "", json.dumps(second)])
    answer = enter("mona").post("/api/reports/batch", content=text, headers=HEADERS)
    assert statuses(answer) == [201, 422, 201]
    assert "not JSON" in answer.json()["reports"][1]["message"]
    assert len(kept(room)) == 2


def test_other_blanks_and_another_order_of_fields_are_the_same_report(enter, room):
    mona, held = enter("mona"), item(1)
    assert statuses(bring(mona, [held])) == [201]
    turned = {"key": held["key"], "report": dict(reversed(held["report"].items()))}
    assert statuses(bring(mona, [turned])) == [200]
    headers = {**HEADERS, "Idempotency-Key": held["key"]}
    spaced = json.dumps(held["report"], indent=3)
    assert mona.post("/api/reports", content=spaced, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("[]", 422, "0 reports"),
        ("[" * 5000, 422, "not JSON"),
        (json.dumps([{}] * 1001), 422, "1001 reports"),
        ("x" * (4 << 20) + "x", 413, "too long"),
    ],
)
def test_what_is_no_batch_is_refused_in_a_sentence(enter, room, text, status, said):
    answer = enter("mona").post("/api/reports/batch", content=text, headers=HEADERS)
    assert (answer.status_code, said in answer.json()["message"]) == (status, True)
    assert kept(room) == []


def test_requests_that_wait_together_are_written_in_one_transaction(room):
    commits, ready = [], threading.Barrier(7)
    event.listen(room.database._engine, "commit", lambda _connection: commits.append(1))

    def keep(number):
        sent = intake.Sent(f"key {number}", "f", f"{number}", b"{}", "mona")
        ready.wait()
        assert room.intake.keep([sent]) == ["new"]

    threads = [threading.Thread(target=keep, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    with room.database.writing():
        # Another writer holds the database; whoever comes first waits there, the others behind.
        ready.wait()
        while len(room.intake._groups) < 5:
            pass
    for thread in threads:
        thread.join()
    assert len(kept(room)) == 6
    assert len(commits) <= 1 + 2


def test_a_room_that_is_behind_says_when_to_come_again_and_keeps_nothing(enter, room, monkeypatch):
    monkeypatch.setattr(intake, "MOST_WAITING", 3)
    mona, items = enter("mona"), [item(n) for n in range(3)]
    assert statuses(bring(mona, items)) == [201] * 3
    more = bring(mona, [item(4)])
    assert (more.status_code, more.headers["retry-after"]) == (503, str(intake.JUDGEMENT_S))
    assert statuses(bring(mona, items)) == [200] * 3
    assert len(kept(room)) == 3
    room.look_again()
    assert statuses(bring(mona, [item(4)])) == [201]
    monkeypatch.setattr(intake, "MOST_IN_HAND", 1)
    full = bring(mona, [item(5), item(6)])
    assert (full.status_code, full.headers["retry-after"]) == (503, str(intake.DATABASE_S))


def test_a_client_waits_for_a_room_that_is_behind_and_loses_nothing(served, room, monkeypatch):
    monkeypatch.setattr(intake, "MOST_WAITING", 20)
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        room.look_again()

    mona = come_in(served, "mona", PASSWORD)
    patient = type(mona)(mona.client, Patience(), sleep)
    reports = [json.loads(body(n)) for n in range(45)]
    sent = patient.send(reports, together=15)
    assert sent["is_new"].to_list() == [True] * 45
    assert slept and all(seconds >= intake.JUDGEMENT_S for seconds in slept)
    assert patient.send(reports, together=45)["is_new"].to_list() == [False] * 45
    assert len(kept(room)) == 45
