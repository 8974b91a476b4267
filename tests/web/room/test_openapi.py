"""The OpenAPI document against what the room answers, to every role, with what nobody thought of.

Schemathesis makes the requests from the document. `TRUCELINE_API_EXAMPLES` asks for more of them.
"""

import os
from dataclasses import replace

import polars as pl
import pytest
import schemathesis
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from tests.web.room.conftest import PASSWORD, with_level

from truceline.web.access.roles import GRANTS
from truceline.web.app import create_app
from truceline.web.room.seen import only
from truceline.web.settings import Settings

EXAMPLES = int(os.environ.get("TRUCELINE_API_EXAMPLES", "2"))

#: Of the accounts' side of the server, which holds nothing of a room.
ACCOUNTS = ("/accounts", "/statements", "/check", "/api/check", "/embed", "/articles", "/healthz",
            "/site", "/index")  # fmt: skip

#: What never ends, ends the session, or runs the whole case anew.
LEFT_OUT = {
    ("GET", "/api/events"), ("POST", "/logout"), ("POST", "/bulletins"),
    ("GET", "/bulletins/draft"), ("POST", "/login"), ("POST", "/api/session"),
}  # fmt: skip

CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_schema_conformance,
]  # fmt: skip

MARK = "canary-of-the-withheld-witness"

WHO = {"vera": "viewer", "lina": "liaison", "mona": "monitor", "anna": "analyst",
       "rita": "reviewer", "paul": "publisher", "adam": "administrator"}  # fmt: skip

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def secret(room):
    """Put one incident into the room that only RED may read; return what would betray it."""
    working = room.working()
    incident = working.assessments.filter(pl.col("listed") == "violation")["incident_id"][0]
    working = with_level(working, incident, "RED")
    own = working.members.filter(pl.col("incident_id") == incident)["obs_id"].to_list()
    mine = pl.col("obs_id").is_in(own)
    marked = working.observations.with_columns(
        witness=pl.when(mine).then(pl.lit(MARK)).otherwise("witness"),
        attributes=pl.when(mine).then(pl.lit(f'{{"note": "{MARK}"}}')).otherwise("attributes"),
    )
    room._working = replace(working, observations=marked)
    others = sorted(set(working.incidents["incident_id"]) - {incident})
    room.publish_picture(only(working, others[::2]))
    return [incident, *own, MARK]


def operations(app):
    document = schemathesis.openapi.from_dict(app.openapi())
    found = [result.ok() for result in document.get_all_operations()]
    return [
        operation
        for operation in found
        if not operation.path.startswith(ACCOUNTS)
        and (operation.method.upper(), operation.path) not in LEFT_OUT
    ]


def test_every_answer_is_as_the_document_says_and_holds_nothing_withheld(room, secret):
    app = create_app(Settings(requests_per_minute=10**6, logins_per_minute=10**4), room)
    found = operations(app)
    assert len(found) >= 30
    for name, role in WHO.items():
        client = TestClient(
            app, follow_redirects=False, base_url="https://room.test",
            raise_server_exceptions=False,
        )  # fmt: skip
        said = {"name": name, "password": PASSWORD}
        token = client.post("/api/session", data=said).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        withheld = secret if GRANTS[role].level != "RED" else ()
        for operation in found:
            ask(client, operation, secret, withheld)


def ask(client, operation, real, withheld):
    """Ask an operation what its schema allows, and often for what is really there."""

    @settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(), item=st.sampled_from(real), is_real=st.booleans())
    def tried(case, item, is_real):
        holes = case.path_parameters or {}
        if is_real:
            case.path_parameters = holes | {
                hole: value
                for hole, value in {"incident": item, "item": item, "name": "observations"}.items()
                if hole in holes
            }
        asked = case.as_transport_kwargs(base_url="https://room.test")
        asked.pop("cookies", None)
        answer = client.request(**asked)
        case.validate_response(answer, checks=CHECKS)
        told = answer.text + repr(sorted(answer.headers.items()))
        request = f"{answer.request.url} {asked.get('data')}"
        for trace in withheld:
            assert trace in request or trace not in told, operation.label

    tried()


HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy",
           "cross-origin-opener-policy", "permissions-policy", "cache-control")  # fmt: skip

#: Before the door: what it takes to come in.
DOOR = ("/login", "/api/session")


def test_every_path_is_behind_the_door_and_every_form_needs_its_token(room, enter):
    rita, stranger = enter("rita"), enter("vera")
    stranger.cookies.clear()
    document = rita.get("/openapi.json").json()["paths"]
    paths = [p for p in document if not p.startswith((*ACCOUNTS, *DOOR))]
    assert len(paths) >= 25
    before = len(room.log.entries())
    for path in paths:
        at = path.replace("{name:path}", "x").replace("{number}", "1")
        at = at.replace("{incident}", "i-0").replace("{item}", "0").replace("{name}", "zones")
        for method in document[path]:
            answer = stranger.request(method, at)
            outside = {303, 401} if method == "get" else {401}
            assert answer.status_code in outside, (method, path)
            assert answer.headers.get("location", "/login") == "/login"
            if method != "get":
                answer = rita.request(method, at, data={"csrf": "of another session"})
                assert answer.status_code == 403, (method, path)
            policy = answer.headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert all(name in answer.headers for name in HEADERS), path
    assert len(room.log.entries()) == before
