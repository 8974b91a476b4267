"""Keys that change, keys that are lost, two histories and witnesses, on the command line."""

import json
import shutil

import pytest
from typer.testing import CliRunner

from truceline.cli.main import app

pytestmark = pytest.mark.slow


def run(*words, code=0):
    done = CliRunner().invoke(app, ["record", *map(str, words)])
    assert done.exit_code == code, done.output
    return done.output


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return a folder with a log, its key and a bundle of it."""
    folder = tmp_path_factory.mktemp("record")
    (folder / "public").write_text(run("keygen", folder / "key").strip(), encoding="utf-8")
    publish(folder, "key", "one")
    return folder


@pytest.fixture
def folder(first, tmp_path):
    """Return a copy of it that a test may change."""
    shutil.copytree(first, tmp_path / "record")
    return tmp_path / "record"


def publish(folder, key, out, code=0):
    return run("publish", "loc-2021", "--log", folder / "log", "--key", folder / key,
               "-o", folder / out, code=code)  # fmt: skip


def public(folder):
    return (folder / "public").read_text(encoding="utf-8")


def changed(folder, *words, code=0):
    return run("change-key", "--log", folder / "log", "--new", folder / "new", "--why",
               "a new year", *words, code=code)  # fmt: skip


def test_readers_of_the_first_key_follow_a_change_of_key(folder):
    new = changed(folder, "--key", folder / "key").splitlines()[0]
    assert new != public(folder)
    publish(folder, "new", "two")
    two = folder / "two" / "bundle.zip"
    assert "verified" in run("verify", two, "--key", public(folder))
    assert "verified" in run("verify", two, "--key", new)
    assert "key_change" in run("diff", folder / "one" / "bundle.zip", two)
    assert "gone over to the key" in publish(folder, "key", "three", code=3)
    # The old key can change nothing any more.
    assert "gone over" in changed(folder, "--key", folder / "key", code=3)


def test_after_a_lost_key_readers_are_told_to_ask_and_can_go_on(folder):
    new = changed(folder, "--lost", public(folder)).splitlines()[0]
    publish(folder, "new", "two")
    two = folder / "two" / "bundle.zip"
    told = run("verify", two, "--key", public(folder), code=8)
    assert "no trusted key has signed it" in told
    assert f"went over to the key {new} without the word of the one before (a new year)" in told
    assert "verified" in run("verify", two, "--key", new)


def test_a_change_needs_the_key_or_that_it_is_lost_and_a_reason(folder):
    assert "either the key" in changed(folder, code=3)
    assert "says why" in run(
        "change-key", "--log", folder / "log", "--new", folder / "new", "--why", " ",
        "--key", folder / "key", code=3,
    )  # fmt: skip


def test_a_witness_cosigns_one_history_and_no_other(folder):
    witness = run("keygen", folder / "witness").strip()
    one = folder / "one" / "bundle.zip"
    words = ("--key", folder / "witness", "--name", "witness.example", "--log-key",
             public(folder), "--seen", folder / "seen")  # fmt: skip
    assert "cosigned" in run("cosign", one, *words, "-o", folder / "cosigned.zip")
    by = ("--key", public(folder), "--witness", f"witness.example={witness}")
    assert "verified" in run("verify", folder / "cosigned.zip", *by)
    assert "witness.example has not cosigned it" in run("verify", one, *by, code=8)
    wrong = f"witness.example={public(folder)}"
    run("verify", folder / "cosigned.zip", "--witness", wrong, code=8)
    # The log goes on: what was seen is still there.
    publish(folder, "key", "two")
    run("cosign", folder / "two" / "bundle.zip", *words, "-o", folder / "again.zip")
    # The log shows another history to somebody else, signed by the same key.
    (folder / "log").rename(folder / "first-log")
    publish(folder, "key", "other")
    other = folder / "other" / "bundle.zip"
    told = run("cosign", other, *words, "-o", folder / "never.zip", code=8)
    assert "SPLIT VIEW" in told
    assert not (folder / "never.zip").exists()
    assert "SPLIT VIEW" in run("diff", one, other, code=8)


def test_a_bundle_that_does_not_hold_is_no_proof_of_two_histories(folder):
    one = folder / "one" / "bundle.zip"
    data = bytearray(one.read_bytes())
    at = data.find(b"checkpoint.txt")
    data[at + 40] ^= 1
    bad = folder / "bad.zip"
    bad.write_bytes(bytes(data))
    assert (
        "SPLIT VIEW" not in CliRunner().invoke(app, ["record", "diff", str(one), str(bad)]).output
    )


def test_what_is_printed_for_programs_is_json(folder):
    told = json.loads(run("verify", folder / "one" / "bundle.zip", "--json"))
    assert told["faults"] == []
