"""What is withheld leaves no trace: a room with a secret answers as a room without it.

Every path of the OpenAPI document is asked by those outside, with filters, orders, pages and
boxes; the two answers must be the same to the last byte.
"""

import re
from dataclasses import replace

import polars as pl
import pytest
from fastapi.testclient import TestClient
from tests.web.room.conftest import PASSWORD, with_level

from truceline.judgement.judgement import Judgement
from truceline.web.access.roles import GRANTS, Viewer
from truceline.web.app import create_app
from truceline.web.room.seen import WITHHELD, only, within_levels
from truceline.web.settings import Settings

#: Values for the parameters of a path; `{incident}` takes real, secret and invented ones.
QUERIES = (
    "", "?listed=violation", "?listed=background&order=hostile", "?party=none", "?order=violation",
    "?page=2", "?sector=S01", "?kind=explosion_impact", "?limit=3&offset=2", "?limit=10000",
    "?bbox=-180,-90,180,90", "?datetime=2031-05-01T00:00:00Z/..", "?nonsense=1",
)  # fmt: skip

#: Paths that lead out, write, or never end.
LEFT_OUT = ("/api/events", "/login", "/static", "/openapi.json")


def asked(app, incidents):
    """Return every address that somebody may ask for."""
    found = []
    for path, methods in app.openapi()["paths"].items():
        if "get" not in methods or path.startswith(LEFT_OUT):
            continue
        fills = {
            "{incident}": incidents, "{item}": [*incidents, "0" * 32],
            "{name}": ["incidents", "observations", "zones", "nothing"], "{number}": ["0", "1"],
            "{name:path}": ["bulletin.json"],
        }  # fmt: skip
        addresses = [path]
        for hole, values in fills.items():
            addresses = [
                a.replace(hole, v) for a in addresses for v in (values if hole in a else [""])
            ]
        found += [a + q for a in addresses for q in (QUERIES if "{" not in path else ("",))]
        if path.endswith("/items"):
            found += [a + q for a in addresses for q in QUERIES]
    return sorted(set(found))


def masked(answer):
    """Return an answer without what differs between any two sessions."""
    text = re.sub(r'name="csrf" value="[^"]*"', "", answer.text)
    return answer.status_code, answer.headers.get("content-type"), text


def secret_of(judgement: Judgement) -> tuple[str, Judgement]:
    """Return the judgement with one more incident than those outside may know of."""
    incident = judgement.assessments.filter(pl.col("listed") == "violation")["incident_id"][0]
    return incident, with_level(judgement, incident, "RED")


@pytest.fixture
def clients(room):
    """Return, for each who is outside, a client of a room with a secret and one without."""
    working = room.working()
    incident, secret = secret_of(working)
    rest = sorted(set(working.incidents["incident_id"]) - {incident})
    shown = sorted(rest[: len(rest) // 2])
    room.publish_picture(only(working, shown))
    app = create_app(Settings(requests_per_minute=10**6, logins_per_minute=10**4), room)
    opened = {}
    for name in ("vera", "lina", "leo", "adam"):
        client = TestClient(app, follow_redirects=False, base_url="https://room.test")
        client.post("/login", data={"name": name, "password": PASSWORD})
        opened[name] = client
    yield room, app, opened, incident, secret, only(working, rest)
    for client in opened.values():
        client.close()


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_a_room_with_a_secret_answers_as_one_without(clients):
    room, app, opened, incident, secret, without = clients
    addresses = asked(app, [incident, room.published().incidents["incident_id"][0], "i-nothing"])
    assert len(addresses) > 60
    for name, client in opened.items():
        answers = []
        for working in (secret, without):
            room._working = working
            answers.append({at: masked(client.get(at)) for at in addresses})
        for at in addresses:
            assert answers[0][at] == answers[1][at], f"{name} can tell at {at}"


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_who_works_here_below_its_level_sees_nothing_of_it_either(clients):
    _, _, _, incident, secret, _ = clients
    monitor = Viewer("mona", "monitor", None, "h")
    seen = within_levels(secret, monitor.levels())
    assert incident not in set(seen.incidents["incident_id"])
    for table in ("members", "assessments", "weights", "attributions", "findings"):
        assert incident not in set(getattr(seen, table)["incident_id"])


@pytest.mark.parametrize("role", list(GRANTS))
def test_of_an_incident_half_withheld_the_sum_stays_and_the_witness_goes(rehearsed, role):
    from truceline.judgement.keeping import kept

    judgement = kept(rehearsed / "room" / "working")
    several = judgement.incidents.filter(pl.col("n_witnesses") >= 3)["incident_id"][0]
    own = judgement.members.filter(pl.col("incident_id") == several).sort("obs_id")["obs_id"]
    handling = judgement.observations.schema["handling"]
    rows = judgement.observations.with_columns(
        handling=pl.when(pl.col("obs_id") == own[0])
        .then(pl.lit("RED", dtype=handling))
        .otherwise(pl.lit("CLEAR", dtype=handling)),
        witness=pl.when(pl.col("obs_id") == own[0]).then(pl.lit("canary")).otherwise("witness"),
    )
    source = rows.filter(pl.col("obs_id") == own[0])["source"][0]
    old = judgement.observations.filter(pl.col("obs_id") == own[0])["witness"][0]
    weights = judgement.weights.with_columns(
        witness=pl.when(
            (pl.col("incident_id") == several)
            & (pl.col("witness") == old)
            & (pl.col("source") == source)
        )
        .then(pl.lit("canary"))
        .otherwise("witness")
    )
    levels = Viewer("x", role, None, "h").levels()
    seen = within_levels(replace(judgement, observations=rows, weights=weights), levels)
    texts = " ".join(
        str(getattr(seen, t).to_dicts())
        for t in ("observations", "members", "weights", "assessments", "incidents")
    )
    assert ("canary" in texts) == (levels[-1] == "RED")
    mine = pl.col("incident_id") == several
    assert seen.weights.filter(mine)["bits"].sum() == pytest.approx(
        judgement.weights.filter(mine)["bits"].sum()
    )
    if levels[-1] != "RED":
        assert WITHHELD in seen.weights.filter(mine)["witness"].to_list()
