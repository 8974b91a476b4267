"""The Python client beside a real server on loopback."""

import contextlib
import http.server
import json
import threading
from dataclasses import replace

import httpx2
import polars as pl
import pytest

from truceline import client as client_module
from truceline.client import Patience, come_in
from truceline.core.types.errors import InputError, TrucelineError
from truceline.core.types.tables import TRUCE_STATE
from truceline.core.types.time import DAY, to_micros
from truceline.judgement.truce_state.indicator import WHOLE_LINE
from truceline.judgement.truce_state.latest import GRAVEST, gravest_by_sector
from truceline.publish.bulletins.truce import current
from truceline.web.live_map.layers import ground

from .conftest import PASSWORD
from .test_reports import body


@pytest.fixture
def address(tmp_path):
    """What a program is answered is the same whatever the database."""
    return str(tmp_path / "room.sqlite")


@pytest.fixture
def enter_as(served):
    return lambda name: come_in(served, name, PASSWORD)


def test_incidents_come_as_a_table_whatever_the_page(enter_as, room, monkeypatch):
    monkeypatch.setattr(client_module, "PAGE", 7)
    found = enter_as("anna").table("incidents")
    assert found.height > 7
    assert found["id"].n_unique() == found.height
    assert {"id", "lon", "lat"} <= set(found.columns)


def test_a_box_keeps_what_is_in_it(enter_as):
    everything = enter_as("anna").table("incidents").drop_nulls("lon")
    west, east = everything["lon"].min(), everything["lon"].median()
    few = enter_as("anna").table("incidents", bbox=(west, -90, east, 90))
    assert 0 < few.height < everything.height
    assert few["lon"].max() <= east


def test_the_ground_has_the_sectors_and_the_parties_in_the_agreement_s_order(enter_as, room):
    told = enter_as("vera").ground()
    assert list(told["parties"].items()) == list(room.parties.items())
    sectors = [f["properties"] for f in told["features"] if f["properties"]["layer"] == "sector"]
    assert [sector["id"] for sector in sectors] == [s.id for s in room.geography().sectors]


def test_a_sector_has_the_state_that_the_bulletin_of_the_last_day_gives_it(room):
    seen = room.working()
    made = [GRAVEST[row % len(GRAVEST)] for row in range(seen.states.height)]
    states = seen.states.with_columns(
        state=pl.Series(made, dtype=TRUCE_STATE), t_end=pl.col("t_end").max()
    )
    told = ground(room.geography(), replace(seen, states=states), room.parties)["features"]
    sectors = [f["properties"] for f in told if f["properties"]["layer"] == "sector"]
    last = states["t_end"].max()
    bulletin = gravest_by_sector(current(states, (last - DAY, last)))
    assert len(set(bulletin.values())) > 1
    assert {s["id"]: s["state"] for s in sectors} == {
        s.id: bulletin[s.id] for s in room.geography().sectors
    }


def test_what_was_found_of_the_whole_line_is_said_of_no_sector(room):
    seen = room.working()
    states = seen.states.with_columns(sector=pl.lit(WHOLE_LINE))
    told = ground(room.geography(), replace(seen, states=states), room.parties)
    said = [f["properties"].get("state") for f in told["features"]]
    assert set(said) - {None} == {"not known"}


def test_effort_tells_the_sectors_of_whose_day_nothing_can_be_said(enter_as, room):
    anna = enter_as("anna")
    start, end = anna.period()
    assert (to_micros(start), to_micros(end)) == room.period()
    at = start + (end - start) / 2
    layers = [f["properties"] for f in anna.effort(at)["features"]]
    moment = to_micros(at)
    gaps = room.working().unwatched.filter(
        pl.col("t_start") <= moment, pl.col("t_end") > moment
    )  # fmt: skip
    assert (
        {f["name"]: f["p"] for f in layers if f["layer"] == "blind"}
        == dict(gaps.select("sector", "p_detect").iter_rows())
        != {}
    )
    assert any(f["layer"] == "watched" for f in layers)


def test_before_anything_is_published_every_sector_is_blind_to_the_public(enter_as, room):
    vera = enter_as("vera")
    told = vera.effort(vera.period()[0])["features"]
    assert {f["properties"]["layer"] for f in told} == {"blind"}
    assert len(told) == len(room.geography().sectors)


def test_reports_are_kept_once_and_a_refused_one_stops_none(enter_as):
    reports = [json.loads(body(n)) for n in range(3)]
    wrong = {"form": "truceline-patrol-report/1"}
    mona = enter_as("mona")
    first = mona.send([reports[0], wrong, *reports[1:]])
    assert first["is_new"].to_list() == [True, None, True, True]
    assert first["refused"][1]
    again = mona.send(reports)
    assert again["is_new"].to_list() == [False] * 3
    assert again["key"].to_list() == first["key"].gather([0, 2, 3]).to_list()


def test_it_hears_that_something_changed(enter_as, room):
    listening, heard = enter_as("anna"), []

    def listen():
        heard.append(next(listening.changes()))

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    while thread.is_alive():
        room.events.tell("judgement", "work")
        thread.join(0.1)
    assert heard == ["judgement"]


def test_wrong_words_let_nobody_in(served):
    with pytest.raises(InputError, match="nobody in"):
        come_in(served, "anna", "another password")


def test_what_a_role_may_not_do_is_said(enter_as):
    with pytest.raises(InputError, match="403"):
        enter_as("vera").send([json.loads(body())])


@contextlib.contextmanager
def answering(*answers):
    """A server that answers each request in turn: status, headers, body."""
    waiting = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers["Content-Length"]))
            status, headers, text = waiting.pop(0)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_it_waits_as_long_as_a_busy_room_says():
    done = json.dumps({"reports": [{"key": "k", "status": 201, "is_new": True}]}).encode()
    slept = []
    with answering((503, {"Retry-After": "7"}, b"{}"), (429, {}, b"{}"), (200, {}, done)) as at:
        room = client_module.Room(httpx2.Client(base_url=at), Patience(), slept.append)
        assert room.send([{"a": 1}])["is_new"].to_list() == [True]
    assert slept == [7.0, 14.0]


def test_a_room_that_stays_away_is_said():
    room = client_module.Room(
        httpx2.Client(base_url="http://127.0.0.1:9"), Patience(attempts=2), lambda _s: None
    )
    with pytest.raises(TrucelineError, match="after 2 attempts"):
        room.send([{"a": 1}])
