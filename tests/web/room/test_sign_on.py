"""Single sign-on against a provider that is not ours: Debian's Glewlwyd."""

import shutil
import socket
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import sync_playwright
from sqlalchemy import update
from tests import glewlwyd
from tests.web.room.conftest import make_room, serving

from truceline.core.types.errors import InputError
from truceline.web.access.accounts import add_account
from truceline.web.access.sign_on import link, settings_of, unlink
from truceline.web.app import create_app
from truceline.web.room.tables import ACCOUNT, IDENTITY, SESSION, SIGN_ON
from truceline.web.settings import Settings

ROOM = "https://room.test"
USERS = {"anna.k": "analysts", "rita.b": "reviewers", "nobody": "visitors"}

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture(scope="module")
def provider():
    if not glewlwyd.is_installed():
        pytest.skip("Glewlwyd is not installed; on Debian: apt-get install glewlwyd")
    with glewlwyd.provider(USERS) as running:
        running.register(f"{ROOM}/sign-on/return")
        yield running


@pytest.fixture
def room(rehearsed, address, tmp_path, provider, monkeypatch):
    """Return a room with accounts that no password opens, at the provider's time."""
    monkeypatch.setenv("ROOM_SECRET", glewlwyd.SECRET)
    made = make_room(rehearsed / "case", tmp_path / "room", address)
    made.clock.now = time.time_ns() // 1000
    with made.database.writing() as connection:
        add_account(connection, "anna", "analyst", None)
        add_account(connection, "rita", "reviewer", None)
    return made


@pytest.fixture
def settle(room, provider):
    """Return a way to give the room its settings, which gives a way to open browsers at it."""

    def written(more=""):
        text = (
            f"title: the mission's account\nissuer: {provider.issuer}\n"
            f"client_id: {glewlwyd.CLIENT}\nsecret_env: ROOM_SECRET\naddress: {ROOM}\n{more}"
        )
        (room.folder / "sign-on.yaml").write_text(text, encoding="utf-8")
        return lambda: browser_at(room)

    return written


def browser_at(room):
    app = create_app(Settings(requests_per_minute=100_000, logins_per_minute=1000), room)
    return TestClient(app, follow_redirects=False, base_url=ROOM)


@pytest.fixture(scope="module")
def subjects(rehearsed, provider, tmp_path_factory):
    """Return what the provider calls its users, as the room tells each who is not linked."""
    folder = tmp_path_factory.mktemp("unlinked")
    unlinked = make_room(rehearsed / "case", folder, str(folder / "room.sqlite"))
    unlinked.clock.now = time.time_ns() // 1000
    text = (
        f"title: sign-on\nissuer: {provider.issuer}\nclient_id: {glewlwyd.CLIENT}\n"
        f"secret_env: ROOM_SECRET_TOO\naddress: {ROOM}\n"
    )
    (folder / "sign-on.yaml").write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ROOM_SECRET_TOO", glewlwyd.SECRET)
        client = browser_at(unlinked)
        pages = {user: came_back(client, provider, user).text for user in USERS}
    return {user: page.split("your subject: ")[1].split("<")[0] for user, page in pages.items()}


def linked(room, account, subject):
    with room.database.writing() as connection:
        link(connection, settings_of(room.folder), account, subject, room.clock())


def gone_out(client):
    """Return where a browser is sent when it wants to come in."""
    answer = client.get("/sign-on")
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def came_back(client, provider, user):
    return client.get(provider.answer(gone_out(client), user))


def refused(answer, words):
    assert answer.status_code == 401, answer.text
    assert words in answer.text
    assert "truceline=" not in answer.headers.get("set-cookie", "").replace("truceline-sign-on", "")


def test_a_linked_account_comes_in_with_its_own_rights(room, provider, subjects, settle):
    client = settle()()
    linked(room, "anna", subjects["anna.k"])
    assert "Come in with the mission&#39;s account" in client.get("/login").text
    asked = parse_qs(urlsplit(gone_out(client)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert {"state", "nonce", "code_challenge"} <= set(asked)
    answer = came_back(client, provider, "anna.k")
    assert answer.status_code == 200, answer.text
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("truceline="))
    assert {"HttpOnly", "Secure", "SameSite=strict"} <= {p.strip() for p in cookie.split(";")}
    assert client.get("/field").status_code == 200
    assert client.get("/people").status_code == 403


def test_who_is_known_to_the_provider_alone_gets_nothing(room, provider, subjects, settle):
    client = settle()()
    refused(came_back(client, provider, "nobody"), f"your subject: {subjects['nobody']}")
    with room.database.reading() as connection:
        assert connection.execute(SESSION.select()).all() == []


def test_a_closed_account_stays_closed(room, provider, subjects, settle):
    client = settle()()
    linked(room, "anna", subjects["anna.k"])
    with room.database.writing() as connection:
        connection.execute(update(ACCOUNT).where(ACCOUNT.c.name == "anna").values(is_open=False))
    refused(came_back(client, provider, "anna.k"), "no account here is linked to you")


def test_a_sign_on_counts_in_its_own_browser_and_once(room, provider, subjects, settle):
    opened = settle()
    mine, other = opened(), opened()
    linked(room, "anna", subjects["anna.k"])
    back = provider.answer(gone_out(mine), "anna.k")
    gone_out(other)
    refused(other.get(back), "not begun in this browser")
    assert mine.get(back).status_code == 200
    refused(opened().get(back), "not begun in this browser")
    refused(mine.get(back), "not begun in this browser")


def test_a_sign_on_is_over_after_ten_minutes(room, provider, subjects, settle):
    client = settle()()
    linked(room, "anna", subjects["anna.k"])
    back = provider.answer(gone_out(client), "anna.k")
    room.clock.now += 601 * 1_000_000
    refused(client.get(back), "or is over")


@pytest.mark.parametrize(
    ("column", "words"), [("nonce", "does not hold"), ("verifier", "the provider refused")]
)
def test_an_answer_to_another_question_is_refused(room, provider, subjects, settle, column, words):
    client = settle()()
    linked(room, "anna", subjects["anna.k"])
    back = provider.answer(gone_out(client), "anna.k")
    with room.database.writing() as connection:
        connection.execute(update(SIGN_ON).values({column: "another" * 8}))
    refused(client.get(back), words)


def test_a_provider_by_another_name_or_a_wrong_secret_is_refused(
    room, provider, subjects, settle, monkeypatch
):
    linked_client = settle()()
    linked(room, "anna", subjects["anna.k"])
    back = provider.answer(gone_out(linked_client), "anna.k")
    refused(linked_client.get(f"{back}&iss=https://id.evil"), "from another provider")
    monkeypatch.setenv("ROOM_SECRET", "a guess")
    answer = came_back(settle()(), provider, "anna.k")
    refused(answer, "the provider refused")
    assert "a guess" not in answer.text


def test_a_provider_that_is_away_is_said_in_a_sentence(room, provider, settle):
    path = room.folder / "sign-on.yaml"
    settle()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(provider.issuer, "http://127.0.0.1:1/away"), encoding="utf-8")
    refused(browser_at(room).get("/sign-on"), "the provider cannot be reached")


def test_a_claim_opens_accounts_only_where_the_settings_name_it(room, provider, subjects, settle):
    client = settle("by_claim: {claim: unit, roles: {analysts: monitor}}\n")()
    refused(came_back(client, provider, "nobody"), "no account here is linked to you")
    assert came_back(client, provider, "anna.k").status_code == 200
    assert client.get("/field").status_code == 200
    assert [e.values()["what"].split()[-1] for e in room.log.entries()] == ["monitor"]
    # What an administrator linked by hand stays what it was made.
    linked(room, "rita", subjects["rita.b"])
    reviewer = settle("by_claim: {claim: unit, roles: {reviewers: viewer}}\n")()
    assert came_back(reviewer, provider, "rita.b").status_code == 200
    assert reviewer.get("/field").status_code == 200
    # Who has lost the claim has lost the way in.
    refused(came_back(reviewer, provider, "anna.k"), "no account here is linked to you")


@pytest.mark.parametrize("role", ["reviewer", "publisher", "administrator", "liaison"])
def test_no_claim_opens_an_account_that_decides(room, settle, role):
    with pytest.raises(Exception, match="by_claim"):
        settle(f"by_claim: {{claim: unit, roles: {{analysts: {role}}}}}\n")()


def test_a_subject_is_linked_once_and_unlinking_ends_its_sessions(room, provider, subjects, settle):
    client = settle()()
    linked(room, "anna", subjects["anna.k"])
    with pytest.raises(InputError, match="linked to 'anna' already"):
        linked(room, "rita", subjects["anna.k"])
    came_back(client, provider, "anna.k")
    with room.database.writing() as connection:
        assert unlink(connection, provider.issuer, subjects["anna.k"]) == "anna"
        assert connection.execute(IDENTITY.select()).all() == []
    assert client.get("/field").status_code == 303
    refused(came_back(client, provider, "anna.k"), "no account here is linked to you")


def test_without_settings_there_is_no_such_way_and_without_the_secret_no_start(room):
    client = browser_at(room)
    assert client.get("/sign-on").status_code == 404
    assert "Or with an account" not in client.get("/login").text
    (room.folder / "sign-on.yaml").write_text(
        "title: x\nissuer: https://id.example\nclient_id: room\nsecret_env: NO_SUCH_SECRET\n"
        "address: https://room.test\n",
        encoding="utf-8",
    )
    with pytest.raises(Exception, match="the environment has no NO_SUCH_SECRET"):
        settings_of(room.folder)


@pytest.mark.browser
def test_a_browser_goes_to_the_other_site_and_comes_back_in(
    rehearsed, room, provider, subjects, settle
):
    """The provider is on another site (127.0.0.1) than the room (localhost)."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = f"http://localhost:{port}"
    settle()
    path = room.folder / "sign-on.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(ROOM, at), encoding="utf-8")
    linked(room, "anna", subjects["anna.k"])
    shutil.copytree(rehearsed / "room" / "working", room.folder / "working")
    provider.register(f"{at}/sign-on/return")
    with serving(room, port), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark")
        page.goto(f"{at}/login")
        found = Axe().run(page).response["violations"]
        assert [(v["id"], v["help"]) for v in found] == []
        page.click("text=Come in with the mission's account")
        page.wait_for_url(f"{provider.address}/login.html*")
        # What the provider's page does when its user signs in, agrees and goes on.
        said = {"username": "anna.k", "password": glewlwyd.PASSWORD}
        page.request.post(f"{provider.address}/api/auth/", data=said)
        agreed = f"{provider.address}/api/auth/grant/{glewlwyd.CLIENT}"
        page.request.put(agreed, data={"scope": "openid"})
        back = parse_qs(urlsplit(page.url).query)["callback_url"][0]
        page.evaluate("address => { location.href = address }", f"{back}&g_continue")
        page.wait_for_url(f"{at}/queue")
        browser.close()
