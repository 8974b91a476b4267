"""A bundle: verified by a stranger, redacted, attacked byte by byte, and run again."""

import base64
import zipfile
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from truceline.agreement.case import load_case
from truceline.cli.case import find_case
from truceline.cli.main import app
from truceline.core.store.sql import open_database
from truceline.core.types.errors import RecordError
from truceline.core.types.time import parse_time
from truceline.evidence.sources.source import installed_sources
from truceline.judgement.parameters import shipped_parameters
from truceline.recompute import publish, recompute
from truceline.record.bundle import (
    compared,
    container_fault,
    faults_of,
    read_bundle,
    redacted_bundle,
    write_bundle,
)
from truceline.record.checkpoints import raw_public, signed
from truceline.record.entries import entry
from truceline.record.keys import endorsement, public_text
from truceline.record.log import Log
from truceline.record.redaction import Audience

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NEXT = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
NOW = parse_time("2026-11-01T08:00:00Z")
TRUSTED = base64.b64encode(raw_public(KEY.public_key())).decode()


def published(folder, case="loc-2021", data=None, now=NOW, log=None, key=KEY):
    return publish(
        load_case(find_case(case)), log or Log(open_database(folder / "log.sqlite")), key,
        origin="example",
        sources=installed_sources(), parameters=shipped_parameters(), data=data,
        output=folder / "out", until=None, now=now,
    )  # fmt: skip


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    return published(tmp_path_factory.mktemp("published"))


@pytest.fixture(scope="module")
def written(bundle, tmp_path_factory):
    path = tmp_path_factory.mktemp("bundle") / "bundle.zip"
    path.write_bytes(write_bundle(bundle))
    return path


def wrong_with(path):
    try:
        found = read_bundle(path)
    except RecordError as fault:
        return [str(fault)]
    outer = container_fault(path.read_bytes(), found)
    return faults_of(found, TRUSTED) + ([outer] if outer else [])


def test_a_stranger_verifies_it(written, bundle):
    assert wrong_with(written) == []
    assert read_bundle(written) == bundle
    assert {item.kind for item in bundle.entries} == {"agreement", "parameters", "bulletin"}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found(written, tmp_path, where, bit):
    data = bytearray(written.read_bytes())
    data[int(where * len(data))] ^= 1 << bit
    path = tmp_path / "flipped.zip"
    path.write_bytes(bytes(data))
    assert wrong_with(path)


def test_a_number_edited_in_a_published_file_is_named(bundle):
    name = "published/bulletin.json"
    edited = {**bundle.files, name: bundle.files[name].replace(b"2021", b"2022", 1)}
    assert faults_of(replace(bundle, files=edited), TRUSTED) == [
        f"{name}: the file is not the one that was recorded."
    ]


def test_a_number_edited_before_it_was_signed_is_found_by_running_again(bundle):
    """The publisher itself lies: every signature holds, and the run says otherwise."""
    name = "published/data/truce_states.csv"
    assert b",6.0," in bundle.files[name]
    edited = {**bundle.files, name: bundle.files[name].replace(b",6.0,", b",5.0,", 1)}
    found = recompute(replace(bundle, files=edited), installed_sources(), shipped_parameters())
    assert len(found) == 1
    assert "data/truce_states.csv" in found[0]
    assert ",5.0," in found[0]
    assert ",6.0," in found[0]


def test_every_published_file_comes_out_again_to_the_last_byte(bundle):
    assert recompute(bundle, installed_sources(), shipped_parameters()) == []


def test_other_parameters_are_said_to_be_others(bundle):
    other = shipped_parameters().model_copy(update={"base_bits": -1.0})
    with pytest.raises(RecordError, match="parameters"):
        recompute(bundle, installed_sources(), other)


def test_a_redacted_bundle_verifies_and_cannot_be_run(bundle, tmp_path):
    shown = redacted_bundle(bundle, Audience("CLEAR"))
    path = tmp_path / "public.zip"
    path.write_bytes(write_bundle(shown))
    assert wrong_with(path) == []
    assert shown.checkpoint == bundle.checkpoint
    with pytest.raises(RecordError, match="withheld"):
        recompute(shown, installed_sources(), shipped_parameters())


def test_another_key_is_not_the_log(bundle):
    other = base64.b64encode(raw_public(NEXT.public_key())).decode()
    faults = faults_of(bundle, other)
    assert any("not the key you trust" in fault for fault in faults)
    assert any("no trusted key" in fault for fault in faults)


def changed_key(folder, word):
    log = Log(open_database(folder / "log.sqlite"))
    first = published(folder, log=log)
    new = public_text(NEXT)
    values = {"new_key": new, "endorsement": word(new), "why": "rotation"}
    log.append(entry("key_change", "2026-11-02T00:00:00Z", values, lambda n: bytes(n)), "key 2")
    again = published(folder, log=log, key=NEXT, now=NOW + 1_000_000)
    return first, replace(again, public_key=TRUSTED)


def test_a_key_is_handed_on_with_the_word_of_the_one_before(tmp_path):
    first, second = changed_key(tmp_path, lambda new: endorsement(KEY, new))
    assert faults_of(second, TRUSTED) == []
    added = compared(first, second)
    assert len(added) == 2
    assert "key_change" in added[0]


def test_a_key_nobody_endorsed_is_not_trusted(tmp_path):
    _, stolen = changed_key(tmp_path, lambda new: endorsement(NEXT, new))
    assert any("not endorsed" in fault for fault in faults_of(stolen, TRUSTED))


def test_two_histories_of_one_log_are_a_split_view(tmp_path):
    one, other = (published(tmp_path / name, now=NOW) for name in _folders(tmp_path))
    assert "SPLIT VIEW" in compared(one, other)[0]
    assert compared(one, one) == []


def _folders(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        yield name


def test_a_path_that_leads_out_is_refused(bundle):
    evil = {**bundle.files, "case/../../evil.txt": b"x"}
    with pytest.raises(RecordError, match="out of the bundle"):
        recompute(replace(bundle, files=evil), installed_sources(), shipped_parameters())


def test_the_command_line_from_key_to_verdict(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke
    key = run(app, ["record", "keygen", "k"]).output.strip()
    made = run(app, ["record", "publish", "loc-2021", "--log", "l", "--key", "k", "-o", "out"])
    assert made.exit_code == 0, made.output
    good = run(app, ["record", "verify", "out/bundle.zip", "--key", key])
    assert good.exit_code == 0, good.output
    with zipfile.ZipFile("out/bundle.zip", "a") as archive:
        archive.writestr("published/extra.txt", "smuggled")
    bad = run(app, ["record", "verify", "out/bundle.zip", "--key", key])
    assert bad.exit_code == 8
    assert "published/extra.txt" in bad.output


@pytest.mark.real_data
def test_the_easter_truce_is_recomputed_from_its_bundle(shared_data, tmp_path):
    made = published(tmp_path, case="easter-2025", data=shared_data)
    assert faults_of(made, TRUSTED) == []
    assert recompute(made, installed_sources(), shipped_parameters()) == []


def test_a_log_signed_by_one_key_says_so(bundle):
    unsigned = replace(bundle.checkpoint, signatures=())
    assert faults_of(replace(bundle, checkpoint=unsigned), TRUSTED)
    assert faults_of(replace(bundle, checkpoint=signed(unsigned, KEY)), TRUSTED) == []
