"""The picture that is kept up is the picture that is judged at once."""

import json
import threading
import uuid
from dataclasses import fields

from polars.testing import assert_frame_equal

from truceline.judgement.judgement import Judgement
from truceline.web.room.keeping_up import keep_up
from truceline.web.room.publishing import as_they_are

from .test_intake import bring, item, statuses


def near(room, number, shift):
    """A report of an explosion beside an incident that is there, so that it may change."""
    seen = room.working().incidents.drop_nulls("lon").row(number, named=True)
    place = {"lon": seen["lon"] + shift, "lat": seen["lat"], "sigma_m": 100.0}
    report = item(number)["report"]
    report["observations"][0] |= {"event": place, "observer": place}
    return {"key": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{number} {shift}")), "report": report}


def test_a_look_gives_what_a_whole_judgement_gives(enter, room):
    room.judge_again()
    mona = enter("mona")
    for shift in (0.0, 0.001, 0.3):
        batch = [near(room, number, shift) for number in (0, 1, 2)]
        assert statuses(bring(mona, batch)) == [201] * 3
        looked = room.look_again()
    whole = room.judge_again()
    assert looked.observations.height == whole.observations.height
    for table in (f.name for f in fields(Judgement) if f.name not in ("period", "provenance")):
        if table not in ("states", "unwatched"):
            assert_frame_equal(getattr(looked, table), getattr(whole, table), check_exact=True)
    assert looked.provenance == whole.provenance


def test_a_bulletin_stands_on_the_reports_of_its_moment(enter, room):
    mona, folder = enter("mona"), room.folder / "reports"
    assert statuses(bring(mona, [item(1)])) == [201]
    room.look_again()
    with as_they_are(folder, room.folder) as held:
        there = [path.relative_to(held) for path in held.rglob("*.jsonl")]
        assert there
        assert statuses(bring(mona, [item(2)])) == [201]
        room.look_again()
        assert [path.relative_to(held) for path in held.rglob("*.jsonl")] == there
    assert len(list(folder.rglob("*.jsonl"))) == len(there) + 1
    assert not list(room.folder.glob("publishing-*"))


def test_what_waits_when_the_room_opens_is_looked_at_first(enter, room):
    report = json.loads(json.dumps(item(1)))
    assert statuses(bring(enter("mona"), [report])) == [201]
    before, wake, stop = room.working().observations.height, threading.Event(), threading.Event()
    judged = threading.Event()
    tell = room.events.tell
    room.events.tell = lambda *said: (tell(*said), judged.set())
    threads = keep_up(room, 3600.0, wake, stop)
    assert judged.wait(120.0)
    assert room.working().observations.height == before + 1
    stop.set()
    wake.set()
    for thread in threads:
        thread.join(60.0)
        assert not thread.is_alive()
