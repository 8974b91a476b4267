"""Accounts and their links from the command line, in a folder that is its owner's alone."""

import pytest
from typer.testing import CliRunner

from truceline.cli.main import app

SETTINGS = (
    "title: the mission\nissuer: https://id.example\nclient_id: room\naddress: https://r.test\n"
)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "room"


def run(folder, *words, code=0, **more):
    done = CliRunner().invoke(app, ["room", *words, "--out", str(folder)], **more)
    assert done.exit_code == code, done.output
    return done.output


def test_an_account_is_opened_linked_unlinked_and_closed(folder):
    run(folder, "open-account", "anna", "--role", "analyst", "--sign-on")
    assert folder.stat().st_mode & 0o077 == 0
    assert "has no single sign-on" in run(folder, "link-account", "anna", "248", code=3)
    (folder / "sign-on.yaml").write_text(SETTINGS, encoding="utf-8")
    assert "linked anna to 248" in run(folder, "link-account", "anna", "248")
    assert "linked to 'anna' already" in run(folder, "link-account", "anna", "248", code=3)
    assert "no account 'nobody'" in run(folder, "link-account", "nobody", "249", code=3)
    assert "unlinked anna" in run(folder, "unlink-account", "248")
    assert "no account is linked" in run(folder, "unlink-account", "248", code=3)
    assert "closed anna" in run(folder, "close-account", "anna")


def test_a_password_is_read_and_a_short_one_refused(folder):
    short = run(folder, "open-account", "rita", "--role", "reviewer", code=3, input="short\n")
    assert "shorter than 12 characters" in short
    run(folder, "open-account", "rita", "--role", "reviewer", input="a long enough one\n")
