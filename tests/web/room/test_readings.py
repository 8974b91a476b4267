"""Readings of protected material are noted, before they are shown and for good."""

from dataclasses import replace

import polars as pl
import pytest
from sqlalchemy import delete, update
from tests.web.room.conftest import csrf_of, with_level

from truceline.core.types.errors import StoreError
from truceline.web.room.readings import SHOW_NONE, Filter, readers, readings
from truceline.web.room.tables import READING

#: Before the door, or of the accounts' side of the server.
OUTSIDE = ("/login", "/field-worker.js", "/field.webmanifest", "/accounts", "/statements", "/check",
           "/embed", "/healthz", "/site", "/api/check", "/articles")  # fmt: skip


@pytest.fixture
def shown(room):
    """Return an incident at each level of handling, in the picture of the room."""
    judgement = room.working()
    incidents = judgement.incidents.sort("incident_id")["incident_id"].to_list()
    levels = dict(zip(("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"), incidents, strict=False))
    for level, incident in levels.items():
        judgement = with_level(judgement, incident, level)
    room._working = judgement
    return levels


def noted(room):
    return [(r["account"], r["level"], r["item"]) for r in readings(room, Filter(), 0, 1000)[1]]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_an_incident_above_green_is_noted_with_who_and_when_and_below_it_is_not(enter, room, shown):
    rita = enter("rita")
    for level in ("CLEAR", "GREEN", "AMBER", "RED"):
        assert rita.get(f"/incidents/{shown[level]}").status_code == 200
    rita.get(f"/incidents/{shown['RED']}/case-file")
    assert noted(room) == [
        ("rita", "RED", shown["RED"]), ("rita", "RED", shown["RED"]),
        ("rita", "AMBER", shown["AMBER"]),
    ]  # fmt: skip
    newest = readings(room, Filter(), 0, 1)[1][0]
    assert newest["address"] == f"/incidents/{shown['RED']}/case-file"
    assert newest["at"] == room.clock()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_was_not_shown_is_not_noted(enter, room, shown):
    assert enter("mona").get(f"/incidents/{shown['RED']}").status_code == 404
    assert enter("vera").get(f"/incidents/{shown['AMBER']}").status_code == 404
    assert noted(room) == []


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_what_people_told_is_noted_at_any_level(enter, room, shown):
    judgement = room.working()
    own = judgement.members.filter(pl.col("incident_id") == shown["CLEAR"])["obs_id"]
    kinds = judgement.observations.schema["instrument"]
    told = judgement.observations.with_columns(
        instrument=pl.when(pl.col("obs_id").is_in(own.to_list()))
        .then(pl.lit("hotline", dtype=kinds))
        .otherwise("instrument")
    )
    room._working = replace(judgement, observations=told)
    enter("anna").get(f"/incidents/{shown['CLEAR']}")
    assert noted(room) == [("anna", "source", shown["CLEAR"])]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_no_way_to_the_evidence_is_forgotten(enter, room, shown):
    """Every address of the OpenAPI document is noted, or named as showing nothing."""
    rita = enter("rita")
    observation = room.working().members.filter(pl.col("incident_id") == shown["RED"])["obs_id"][0]
    paths = rita.get("/openapi.json").json()["paths"]
    tried = 0
    for path in paths:
        if "get" not in paths[path] or path.startswith(OUTSIDE) or path in SHOW_NONE:
            continue
        room.clock.now += 120_000_000
        before = len(noted(room))
        at = path.replace("{incident}", shown["RED"]).replace("{item}", observation)
        answer = rita.get(at.replace("{name}", "observations"))
        if answer.status_code == 200:
            tried += 1
            assert len(noted(room)) == before + 1, path
    assert tried >= 6


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_list_asked_for_again_within_a_minute_is_one_reading(enter, room, shown):
    rita = enter("rita")
    for _ in range(3):
        rita.get("/incidents")
    room.clock.now += 61_000_000
    rita.get("/incidents?order=hostile")
    assert noted(room) == [("rita", "RED", None)] * 2


def test_nobody_can_change_or_remove_a_note(enter, room, shown):
    enter("rita").get(f"/incidents/{shown['RED']}")
    for change in (delete(READING), update(READING).values(account="another")):
        with pytest.raises(StoreError, match="append-only"), room.database.writing() as connection:
            connection.execute(change)
    assert noted(room) == [("rita", "RED", shown["RED"])]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_desk_shows_them_filtered_and_the_administrator_not_what_was_read(enter, room, shown):
    enter("rita").get(f"/incidents/{shown['RED']}")
    enter("anna").get(f"/incidents/{shown['AMBER']}")
    remi, adam = enter("remi"), enter("adam")
    assert enter("anna").get("/access").status_code == 403
    page = remi.get("/access").text
    assert shown["RED"] in page
    assert shown["AMBER"] in page
    assert shown["RED"] not in remi.get("/access?level=AMBER").text
    assert shown["AMBER"] not in remi.get(f"/access?item={shown['RED']}").text
    assert shown["RED"] not in remi.get("/access?account=anna").text
    told = adam.get("/access").text
    assert "rita" in told
    assert shown["RED"] not in told
    assert shown["RED"] not in adam.get(f"/access?item={shown['RED']}").text.split("<table")[-1]
    assert [(r["account"], r["n"]) for r in readers(room)] == [("anna", 1), ("rita", 1)]


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_the_administrator_links_and_unlinks_by_hand(room, rehearsed):
    from fastapi.testclient import TestClient
    from tests.web.room.conftest import PASSWORD

    from truceline.web.app import create_app
    from truceline.web.settings import Settings

    (room.folder / "sign-on.yaml").write_text(
        "title: the mission\nissuer: https://id.example\nclient_id: room\n"
        "address: https://room.test\n",
        encoding="utf-8",
    )
    client = TestClient(create_app(Settings(), room), base_url="https://room.test")
    client.post("/login", data={"name": "adam", "password": PASSWORD})
    said = {"csrf": csrf_of(client), "account": "anna", "subject": "248289761001"}
    assert "248289761001" in client.post("/access/links", data=said).text
    again = client.post("/access/links", data=said)
    assert (again.status_code, "linked to &#39;anna&#39; already" in again.text) == (422, True)
    end = {**said, "issuer": "https://id.example"}
    assert "248289761001" not in client.post("/access/links/end", data=end).text
    assert [e.values()["what"] for e in room.log.entries()] == [
        "link anna to a subject", "unlink anna",
    ]  # fmt: skip
