"""Alerts reach real servers, wait for those that are away, and are not sent twice once taken."""

import hashlib
import hmac
import http.server
import json
import socketserver
import threading
from xml.etree import ElementTree

import pytest

from truceline.core.store.sql import open_database
from truceline.core.types.time import HOUR, MINUTE
from truceline.publish.bulletins.cursor_on_target import events
from truceline.web.room.alerts import Target, alerts_of, deliver, enqueue
from truceline.web.room.tables import TABLES

ISSUE = 1_900_000_000_000_000

FEATURE = {
    "type": "Feature", "id": "i1", "geometry": {"type": "Point", "coordinates": [30.5, 48.25]},
    "properties": {"label": "V1", "kind": "explosion_impact", "listed": "violation", "party": None,
                   "p_hostile": 0.97, "p_violation": 0.95, "t_start": ISSUE - HOUR,
                   "err_major_m": 120.0},
}  # fmt: skip


@pytest.fixture
def database(address):
    made = open_database(address)
    made.make(TABLES)
    return made


@pytest.fixture
def issues(tmp_path):
    folder = tmp_path / "issues" / str(ISSUE) / "bulletin"
    folder.mkdir(parents=True)
    (folder / "alert.cap.xml").write_bytes(b"<alert/>")
    (folder / "bulletin.json").write_text('{"kind": "daily"}')
    (folder / "bulletin.en.pdf").write_bytes(b"%PDF-1.7")
    (folder / "incidents.geojson").write_text(json.dumps({"features": [FEATURE]}))
    return tmp_path / "issues"


def queued(database, target):
    with database.writing() as connection:
        enqueue(connection, (target,), ISSUE, ISSUE)


def listening(handler, kind=socketserver.TCPServer):
    """Run a server on a free port; return it and its port."""
    server = kind(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, server.server_address[1]


def test_a_webhook_gets_the_alert_signed_and_once(database, issues, monkeypatch):
    got = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            got.append((body, self.headers["X-Truceline-Signature"]))
            self.send_response(503 if len(got) == 1 else 204)
            self.end_headers()

        def log_message(self, *_):
            """Stay quiet."""

    server, port = listening(Hook, http.server.HTTPServer)
    monkeypatch.setenv("HOOK_KEY", "secret")
    target = Target(
        name="desk", kind="webhook", address=f"http://127.0.0.1:{port}/x", secret_env="HOOK_KEY"
    )
    for _ in range(2):
        queued(database, target)
    assert deliver(database, (target,), issues, ISSUE) == (0, 1)
    assert "waiting" in alerts_of(database)[ISSUE][0]
    assert deliver(database, (target,), issues, ISSUE) == (0, 0)
    assert deliver(database, (target,), issues, ISSUE + 2 * MINUTE) == (1, 0)
    assert deliver(database, (target,), issues, ISSUE + HOUR) == (0, 0)
    assert alerts_of(database) == {ISSUE: ["desk: acknowledged"]}
    signature = hmac.new(b"secret", b"<alert/>", hashlib.sha256).hexdigest()
    assert got == [(b"<alert/>", signature)] * 2
    server.shutdown()


def test_a_target_that_is_away_is_waited_for_and_its_address_not_told(database, issues):
    target = Target(name="away", kind="webhook", address="http://127.0.0.1:1/token-in-the-path")
    queued(database, target)
    assert deliver(database, (target,), issues, ISSUE) == (0, 1)
    (said,) = alerts_of(database)[ISSUE]
    assert "waiting" in said
    assert "token" not in said


def test_cursor_on_target_over_a_line(database, issues):
    got, done = bytearray(), threading.Event()

    class Line(socketserver.BaseRequestHandler):
        def handle(self):
            while part := self.request.recv(4096):
                got.extend(part)
            done.set()

    server, port = listening(Line)
    target = Target(name="map", kind="cot", address=f"tcp://127.0.0.1:{port}")
    queued(database, target)
    assert deliver(database, (target,), issues, ISSUE) == (1, 0)
    assert done.wait(5)
    event = ElementTree.fromstring(bytes(got))
    assert event.get("uid") == "truceline-i1"
    point = event.find("point")
    assert (point.get("lat"), point.get("lon"), point.get("ce")) == ("48.25000", "30.50000", "120")
    server.shutdown()


def test_an_incident_without_a_place_is_no_event():
    without = {**FEATURE, "geometry": None}
    assert list(events({"features": [without]}, "2031-01-01T00:00:00Z")) == []


def test_an_e_mail_with_the_bulletin(database, issues):
    got = []

    class Post(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    while (text := self.rfile.readline()) != b".\r\n":
                        got.append(text)
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
                if word == b"QUIT":
                    return

    server, port = listening(Post)
    target = Target(
        name="mail", kind="email", address=f"smtp://127.0.0.1:{port}", to="watch@example.org",
        sender="room@example.org",
    )  # fmt: skip
    queued(database, target)
    assert deliver(database, (target,), issues, ISSUE) == (1, 0)
    text = b"".join(got).decode()
    assert "watch@example.org" in text
    assert "alert.cap.xml" in text
    server.shutdown()
