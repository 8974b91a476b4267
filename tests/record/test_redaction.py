"""Copies for an audience: they verify, tell nothing that is withheld, and say that it is."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.store.sql import open_database
from truceline.core.types.errors import InputError
from truceline.core.types.vocabulary import HANDLINGS
from truceline.record.bundle import Bundle, faults_of, redacted_bundle
from truceline.record.canonical import digest
from truceline.record.checkpoints import raw_public, signed
from truceline.record.entries import KINDS, entry, to_line
from truceline.record.log import Log
from truceline.record.redaction import Audience, redacted_entry

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = base64.b64encode(raw_public(KEY.public_key())).decode()

AUDIENCES = st.builds(
    Audience,
    st.sampled_from(HANDLINGS),
    st.sampled_from([None, "north", "south", "west"]),
    st.booleans(),
)


def secret(number, kind, name):
    return f"secret {number} of {kind} {name}"


def written():
    """An entry of every kind, twice: one of each party where there is a party."""
    made = []
    for number, party in enumerate(("north", "south")):
        for kind, names in KINDS.items():
            values = {n: secret(number, kind, n) for n in names}
            # These name what else is in a bundle: files by their hash, and keys.
            for name in ("files", "sha256", "new_key", "endorsement"):
                values.pop(name, None)
            if kind == "batch":
                values["sha256"] = digest(b"rows")
            if "party" in values:
                values["party"] = party
            made.append(entry(kind, "2026-11-01T08:00:00Z", values, lambda n: bytes(n)))
    return [item for item in made if item.kind != "key_change"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    log = Log(open_database(tmp_path_factory.mktemp("record") / "log.sqlite"))
    for number, item in enumerate(written()):
        log.append(item, str(number))
    files = {secret(number, "batch", "file"): b"rows" for number in (0, 1)}
    return Bundle(signed(log.checkpoint("example"), KEY), tuple(log.entries()), PUBLIC, files)


@settings(max_examples=60, deadline=None)
@given(audience=AUDIENCES)
def test_every_copy_verifies_and_tells_nothing_that_is_withheld(whole, audience):
    shown = redacted_bundle(whole, audience)
    assert faults_of(shown, PUBLIC) == []
    hidden = set(whole.files) - set(shown.files)
    assert bool(hidden) == (HANDLINGS.index(audience.level) < 2 or audience.protects_sources)
    text = "".join(to_line(item) for item in shown.entries)
    for before, after in zip(whole.entries, shown.entries, strict=True):
        assert after.leaf() == before.leaf()
        for name, value in before.values().items():
            if name not in after.values() and str(value).startswith("secret"):
                assert value not in text


@settings(max_examples=60, deadline=None)
@given(audience=AUDIENCES)
def test_nothing_above_the_level_is_shown_but_ones_own_word(whole, audience):
    most = HANDLINGS.index(audience.level)
    for item in redacted_bundle(whole, audience).entries:
        for name in item.values():
            is_own = item.kind in ("claim", "reply", "put") and (
                item.values().get("party") == audience.party
            )
            assert is_own or HANDLINGS.index(KINDS[item.kind][name]) <= most


def test_a_party_reads_its_own_word_whole_and_of_the_other_that_there_is_one(whole):
    shown = [redacted_entry(item, Audience("RED", "north")) for item in whole.entries]
    claims = [item.values() for item in shown if item.kind == "claim"]
    assert claims[0]["contact"] == secret(0, "claim", "contact")
    assert claims[1] == {"party": "south"}
    replies = [item.values() for item in shown if item.kind == "reply"]
    assert set(replies[1]) == {"party", "incident"}


def test_the_two_parties_are_treated_alike(whole):
    """Exchange the parties, and each reads what the other read."""
    seen = {
        party: [
            (item.kind, sorted(item.values()), item.values().get("party") == party)
            for item in redacted_bundle(whole, Audience("GREEN", party)).entries
            if item.kind in ("claim", "reply", "put")
        ]
        for party in ("north", "south")
    }
    assert sorted(seen["north"]) == sorted(seen["south"])


def test_protected_sources_are_withheld_at_every_level(whole):
    for level in HANDLINGS:
        for item in redacted_bundle(whole, Audience(level, None, protects_sources=True)).entries:
            assert not {"source", "file", "reviewer", "who", "account"} & set(item.values())


def test_a_copy_of_a_copy_tells_no_more(whole):
    public = redacted_bundle(whole, Audience("CLEAR"))
    again = redacted_bundle(public, Audience("RED", "north"))
    for first, second in zip(public.entries, again.entries, strict=True):
        assert set(second.values()) <= set(first.values())


def test_a_level_that_is_none_is_refused():
    with pytest.raises(InputError, match="no level"):
        Audience("PURPLE")
