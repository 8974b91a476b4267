"""The room as people use it, on SQLite and on PostgreSQL."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from tests.web.room.conftest import PASSWORD, csrf_of

from truceline.core.types.time import HOUR
from truceline.record.decided import decisions_of

WHY = "Both patrols heard it from two sides."


def named_incident(room, party=None):
    """Return an incident whose evidence passes the limit for a party."""
    rows = room.working().assessments.filter(
        pl.col("party").is_not_null() & (pl.col("listed") == "violation")
    )
    if party is not None:
        rows = rows.filter(pl.col("party") == party)
    assert rows.height, "the rehearsal names nobody"
    return rows.row(0, named=True)


def decide(client, incident, decision, **more):
    data = {"csrf": csrf_of(client), "decision": decision, "reason": WHY, **more}
    return client.post(f"/incidents/{incident}/review", data=data)


PAGES = ("/incidents", "/queue", "/claims", "/bulletins", "/watching", "/terms", "/people")


def test_every_page_opens_for_who_may_and_for_nobody_else(enter):
    opens = {
        "vera": {"/incidents", "/claims", "/bulletins", "/watching", "/terms"},
        "anna": {"/incidents", "/queue", "/claims", "/bulletins", "/watching", "/terms"},
        "adam": {"/incidents", "/claims", "/bulletins", "/watching", "/terms", "/people"},
    }
    for name, expected in opens.items():
        client = enter(name)
        found = {page for page in PAGES if client.get(page).status_code == 200}
        assert found == expected, name


def test_who_is_not_in_is_sent_to_the_door(enter):
    client = enter("vera")
    client.cookies.clear()
    for page in PAGES:
        answer = client.get(page)
        assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert client.get("/ogc/collections/incidents/items").status_code == 401
    assert client.get("/api/events").status_code == 401


@pytest.mark.parametrize(("name", "password"), [("anna", "wrong words here"), ("nobody", PASSWORD)])
def test_wrong_words_and_no_account_get_the_same_answer(enter, name, password):
    client = enter("vera")
    answer = client.post("/login", data={"name": name, "password": password})
    assert answer.status_code == 401
    assert "The name, the password or the code is wrong." in answer.text


def test_a_form_from_elsewhere_is_refused(enter, room):
    client = enter("anna")
    incident = room.working().incidents["incident_id"][0]
    data = {"csrf": "made up", "decision": "confirm", "reason": WHY}
    assert client.post(f"/incidents/{incident}/review", data=data).status_code == 403
    assert room.reviews() == []


def test_a_decision_is_in_the_record_and_on_the_page(enter, room):
    client = enter("anna")
    incident = named_incident(room)["incident_id"]
    assert decide(client, incident, "confirm").status_code == 303
    page = client.get(f"/incidents/{incident}").text
    assert WHY in page
    (entry,) = room.log.entries()
    assert (entry.kind, entry.values()["decision"]) == ("review", "confirm")
    assert incident not in client.get("/queue").text


def test_an_analyst_names_nobody_and_two_reviewers_do(enter, room):
    found = named_incident(room)
    incident, party = found["incident_id"], found["party"]
    assert decide(enter("anna"), incident, "name", party=party).status_code == 403
    assert decide(enter("rita"), incident, "name", party=party).status_code == 303
    assert room.standings()[incident].named is None
    assert "a second must agree" in enter("remi").get("/queue").text
    assert decide(enter("remi"), incident, "name", party=party).status_code == 303
    assert room.standings()[incident].named == party


def test_merging_and_splitting_judge_the_case_anew(enter, room):
    client = enter("anna")
    both = room.working().incidents.sort("incident_id")["incident_id"].to_list()[:2]
    before = room.working().incidents.height
    assert decide(client, both[0], "merge", other=both[1]).status_code == 303
    assert room.working().incidents.height == before - 1


def claim(client):
    data = {
        "csrf": csrf_of(client), "start": "2031-05-02T00:00:00+02:00",
        "end": "2031-05-03T00:00:00+02:00", "unit": "strikes", "total": "100",
        "parts": "shells: 60\ndrones: 30", "source": "a statement", "about": "south",
    }  # fmt: skip
    answer = client.post("/claims", data=data)
    assert answer.status_code == 200
    return answer


def test_a_claim_is_taken_down_as_said_and_its_arithmetic_shown(enter, room):
    answer = claim(enter("lina"))
    assert "60 + 30 = 90" in answer.text
    assert "60 + 30 = 90" in enter("anna").get("/claims").text
    assert "a statement" not in enter("leo").get("/claims").text
    assert [e.kind for e in room.log.entries()] == ["claim"]


def test_a_whole_watch(enter, room):
    """Reviewed by two, put to the party, answered, published, exported and verified."""
    found = named_incident(room)
    incident, party = found["incident_id"], found["party"]
    speaker = {"north": "lina", "south": "leo"}
    liaison = enter(speaker[party])
    other = enter(speaker["south" if party == "north" else "north"])
    assert incident not in liaison.get("/incidents").text
    for name in ("rita", "remi"):
        assert decide(enter(name), incident, "name", party=party).status_code == 303
    rita = enter("rita")
    put = {"csrf": csrf_of(rita), "party": party}
    assert rita.post(f"/incidents/{incident}/put", data=put).status_code == 303

    assert liaison.get(f"/incidents/{incident}").status_code == 200
    assert other.get(f"/incidents/{incident}").status_code == 404
    now = room.clock()
    assert decisions_of(room.log.entries(), now).standings[incident].named is None
    words = {"csrf": csrf_of(liaison), "words": "It was not us."}
    assert liaison.post(f"/incidents/{incident}/reply", data=words).status_code == 303
    assert decisions_of(room.log.entries(), now).standings[incident].named == party
    claim(enter("lina"))

    paul = enter("paul")
    room.clock.now += HOUR
    strange = {"csrf": csrf_of(paul), "words": "We saw 987654 strikes."}
    refused = paul.post("/bulletins", data=strange)
    assert (refused.status_code, "987654 is not in the bulletin" in refused.text) == (422, True)
    published = paul.post("/bulletins", data={"csrf": csrf_of(paul), "words": "A quiet day."})
    assert published.status_code == 303
    assert "It was not us." in other.get(f"/incidents/{incident}").text
    assert "A quiet day." in enter("vera").get("/bulletins").text

    issue = room.folder / "issues" / str(room.clock())
    page = (issue / "bulletin" / "bulletin.en.html").read_text()
    assert "a statement" in page
    assert "60 + 30 = 90" in page
    verified(issue / "bundle.zip")


def verified(bundle):
    """A separate process checks the bundle and runs it again."""
    program = Path(sys.executable).with_name("truceline")
    command = [program, "record", "verify", bundle, "--recompute", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(done.stdout)
    assert (told["faults"], told["recomputed"]) == ([], [])
