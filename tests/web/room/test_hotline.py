"""A call sent to the server: what is refused, and what the server keeps of it."""

import copy
import json
import uuid

import pytest
from tests.evidence.sources.hotline_form.test_hotline_form import HEARD, REPORT
from tests.web.room.test_reports import kept

from truceline.evidence.sources.hotline_form import HotlineReport
from truceline.web.pages.room_field import CONSENT

GOOD = {**REPORT, "observations": [HEARD]}


@pytest.fixture
def address(tmp_path):
    """What is refused is so whatever the database."""
    return str(tmp_path / "room.sqlite")


def sent(client, report, key=None):
    headers = {"X-Truceline": "field", "Idempotency-Key": key or str(uuid.uuid4())}
    return client.post("/api/reports", content=json.dumps(report), headers=headers)


def test_a_call_is_taken_once_and_its_key_for_no_other(enter, room):
    mona, key = enter("mona"), str(uuid.uuid4())
    assert [sent(mona, GOOD, key).status_code for _ in range(2)] == [201, 200]
    assert sent(mona, {**GOOD, "handling": "AMBER"}, key).status_code == 409
    (row,) = kept(room)
    assert row.form == "truceline-hotline-report/1"


def test_what_the_form_forbids_is_refused_by_field_and_not_kept(enter, room):
    mona = enter("mona")
    exact = copy.deepcopy(HEARD)
    exact["place"]["lat"] = 48.01234
    for changed, field in (
        ({"consent": {"given": False, "words": CONSENT}}, "consent.given"),
        ({"phone": "0441234567"}, "phone"),
        ({"handling": "CLEAR"}, "handling"),
        ({"observations": [exact]}, "observations.0.place"),
        ({"observations": []}, "observations"),
    ):
        answer = sent(mona, {**GOOD, **changed})
        assert answer.status_code == 422
        assert answer.json()["message"].startswith(f"{field}: ")
        assert "0441234567" not in answer.text
    assert kept(room) == []


def test_the_words_on_the_page_are_words_that_the_form_takes(enter):
    page = enter("mona").get("/field/hotline")
    assert CONSENT.split(".")[0] in page.text
    HotlineReport.model_validate({**GOOD, "consent": {"given": True, "words": CONSENT}})


def test_only_who_may_report_opens_the_form_and_only_it_may_ask_for_the_place(enter):
    assert enter("vera").get("/field/hotline").status_code == 403
    mona = enter("mona")
    page = mona.get("/field/hotline")
    assert "geolocation=(self)" in page.headers["Permissions-Policy"]
    assert "'unsafe-inline'" not in page.headers["Content-Security-Policy"]
    assert "geolocation=()" in mona.get("/incidents").headers["Permissions-Policy"]


def test_nothing_of_the_session_stands_on_a_page_that_the_phone_keeps(enter):
    mona = enter("mona")
    for path in ("/field", "/field/hotline"):
        text = mona.get(path).text
        assert "mona" not in text
        assert "csrf" not in text
