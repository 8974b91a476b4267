"""The server answers, refuses plainly, and lets nothing inline run that it did not name."""

import base64
import datetime as dt
import hashlib
import re

import pytest
from fastapi.testclient import TestClient

from truceline.web.app import create_app
from truceline.web.security.limits import RequestRate
from truceline.web.settings import Settings

DAY = dt.date(2025, 2, 20)


def client(data=None, **changed):
    settings = Settings(data=data, today=lambda: DAY, clock=lambda: 0.0, **changed)
    return TestClient(create_app(settings))


@pytest.mark.parametrize("path", ["/", "/check", "/nothing", "/accounts/aid", "/static/room.css"])
def test_every_answer_has_a_policy_without_inline_code(path):
    answer = client().get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/check", "/accounts/aid"])
def test_absent_data_is_said(path):
    assert "There is no aid data" in client().get(path).text


def test_own_pages_hold_nothing_inline():
    for path in ("/", "/check", "/nothing"):
        assert not re.search(r"<script|<style|style=|\son\w+=", client().get(path).text)


def test_a_checked_text_is_escaped_and_its_blocks_are_named():
    answer = client().get("/check", params={"text": "<script>x()</script>", "on": "2025-02-20"})
    assert answer.status_code == 200
    assert "<script>x()" not in answer.text
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)[1]
    named = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{named}'" in answer.headers["content-security-policy"]


def test_a_wrong_day_keeps_the_text_and_says_what_is_wrong():
    answer = client().get("/check", params={"text": "France gives more", "on": "yesterday"})
    assert answer.status_code == 400
    assert "&#39;yesterday&#39; is not a day" in answer.text
    assert "France gives more" in answer.text


def test_a_text_too_long_is_refused():
    answer = client(most_characters=5).get("/check", params={"text": "a" * 6, "on": "2025-02-20"})
    assert answer.status_code == 400
    assert "more than 5" in answer.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"content-length": "70000"}, 413), ({"content-length": "x"}, 400)],
)
def test_a_body_is_refused_by_its_length(headers, status):
    assert client().get("/", headers=headers).status_code == status


def test_a_body_of_unknown_length_is_refused():
    assert client().request("POST", "/", content=iter([b"x"])).status_code == 411


def test_errors_are_pages():
    assert client().get("/nothing").status_code == 404
    assert client().post("/").status_code == 405


def test_one_address_is_held_back_and_others_are_not():
    now = [0.0]
    rate = RequestRate(2, lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    now[0] = 30.0
    assert [rate.allows("a"), rate.allows("a")] == [True, False]


def test_the_server_says_when_it_holds_back():
    web = client(requests_per_minute=1)
    assert [web.get("/").status_code, web.get("/").status_code] == [200, 429]


@pytest.mark.real_data
def test_the_aid_page_is_served_under_its_hashes(shared_data):
    answer = client(shared_data).get("/accounts/aid")
    assert answer.status_code == 200
    assert answer.headers["content-encoding"] == "gzip"
    assert "unsafe" not in answer.headers["content-security-policy"]
