"""Spot reports go out at once, each incident once, and say no more than a bulletin would."""

import http.server
from xml.etree import ElementTree

import polars as pl
import pytest
from sqlalchemy import select
from tests.web.room.conftest import csrf_of, with_level
from tests.web.room.test_alerts import listening

from truceline.publish.bulletins.alerts import NAMESPACE
from truceline.record.reviews import Review
from truceline.web.access.roles import Viewer
from truceline.web.room.alerts import deliver, targets_of
from truceline.web.room.decisions import review
from truceline.web.room.protected import protected
from truceline.web.room.spots import FRESH, MOST_AT_ONCE, issue_by_limit
from truceline.web.room.tables import ALERT, SPOT

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def hook(room):
    """Return what a webhook is sent; it asks for incidents that pass the limit, and spots."""
    got = []

    class Hook(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            """Stay quiet."""

    server, port = listening(Hook, http.server.HTTPServer)
    (room.folder / "alerts.yaml").write_text(
        "targets:\n"
        f"  - {{name: ops, kind: webhook, address: 'http://127.0.0.1:{port}/',"
        " tells_of: [spot, incident]}\n"
        "  - {name: press, kind: webhook, address: 'http://127.0.0.1:1/'}\n",
        encoding="utf-8",
    )
    yield got
    server.shutdown()


def fresh(room):
    """Return the violations of the last day with nothing protected in them, the surest first."""
    seen = room.working()
    heights = protected(seen)
    recent = seen.incidents.filter(pl.col("t_end") >= room.clock() - FRESH)
    names = (
        seen.assessments.filter(pl.col("listed") == "violation")
        .join(recent, on="incident_id", how="semi")
        .sort(["p_violation", "incident_id"], descending=[True, False])["incident_id"]
    )
    return [name for name in names if heights.of(name) is None]


def told(body):
    """Return incident and party of each `info` of an alert."""
    space = {"c": NAMESPACE}
    for info in ElementTree.fromstring(body).findall("c:info", space):
        named = {
            parameter.findtext("c:valueName", None, space): parameter.findtext("c:value", "", space)
            for parameter in info.findall("c:parameter", space)
        }
        yield named["incident_id"], named["party"]


def test_what_passes_the_limit_is_told_once_the_surest_first_and_names_nobody(room, hook):
    room.clock.now -= 3 * FRESH
    wanted = fresh(room)
    assert len(wanted) > MOST_AT_ONCE
    looks = [issue_by_limit(room) for _ in range(-(-len(wanted) // MOST_AT_ONCE) + 1)]
    assert looks[0] == wanted[:MOST_AT_ONCE]
    assert [name for look in looks for name in look] == wanted
    assert looks[-1] == []
    assert deliver(
        room.database, targets_of(room.folder), room.folder / "issues", room.clock() + FRESH
    ) == (len(wanted), 0)
    # Nobody has named a party yet, however sure the evidence is.
    assert [row for body in hook for row in told(body)] == [(n, "unattributable") for n in wanted]
    kinds = [(item.kind, item.values()["by"]) for item in room.log.entries()[-len(wanted) :]]
    assert kinds == [("spot", "the case's limit")] * len(wanted)


def test_an_incident_that_has_grown_is_not_told_again(room, hook):
    first = issue_by_limit(room)[0]
    with room.database.writing() as connection:
        connection.execute(SPOT.update().where(SPOT.c.incident == first).values(incident="other"))
    while issue_by_limit(room):
        pass
    with room.database.reading() as connection:
        assert first not in set(connection.scalars(select(SPOT.c.incident)))


def test_what_is_protected_is_not_told_before_somebody_has_looked(room, hook):
    secret, *others = fresh(room)
    room._working = with_level(room.working(), secret, "AMBER")
    assert issue_by_limit(room) == others[:MOST_AT_ONCE]


def test_what_people_rejected_is_not_told(room, hook):
    rejected, *others = fresh(room)
    rita = Viewer("rita", "reviewer", None, "hand")
    review(room, rita, Review(rejected, "reject", "a quarry, by its own log", "hand"))
    assert issue_by_limit(room) == others[:MOST_AT_ONCE]


def test_nothing_is_told_of_unreviewed_incidents_where_nobody_asks_for_it(room):
    (room.folder / "alerts.yaml").write_text(
        "targets:\n  - {name: press, kind: webhook, address: 'http://127.0.0.1:1/'}\n",
        encoding="utf-8",
    )
    assert issue_by_limit(room) == []


def test_a_publisher_sends_one_by_hand_and_the_page_says_what_became_of_it(room, hook, enter):
    incident = fresh(room)[0]
    paul = enter("paul")
    send = {"csrf": csrf_of(paul)}
    assert "Send the spot report" in paul.get(f"/incidents/{incident}").text
    assert paul.post(f"/incidents/{incident}/spot", data=send).status_code == 303
    page = paul.get(f"/incidents/{incident}").text
    assert "ops: waiting; press: waiting" in page
    assert "Send the spot report" not in page
    again = paul.post(f"/incidents/{incident}/spot", data=send)
    assert again.status_code == 422
    assert "sent already" in again.text
    rita = enter("rita")
    refused = rita.post(f"/incidents/{incident}/spot", data={"csrf": csrf_of(rita)})
    assert refused.status_code == 403
    with room.database.reading() as connection:
        assert len(connection.execute(select(ALERT)).all()) == 2
    assert incident not in enter("vera").get("/incidents").text
