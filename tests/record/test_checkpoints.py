"""Checkpoints: who signed, who witnessed, and what cannot pass for either."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from truceline.core.types.errors import RecordError
from truceline.record.checkpoints import (
    Checkpoint,
    cosigned,
    is_signed_by,
    key_id,
    parse_checkpoint,
    raw_public,
    signed,
    witnessed_at,
)

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
WITNESS = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PLAIN = Checkpoint("example.org/log", 7, b"\x05" * 32)


def public(key):
    return raw_public(key.public_key())


def test_a_signed_note_is_read_back_and_holds():
    note = cosigned(signed(PLAIN, KEY), "witness.example", WITNESS, 1_900_000_000)
    read = parse_checkpoint(note.text())
    assert read == note
    assert is_signed_by(read, public(KEY))
    assert not is_signed_by(read, public(WITNESS))
    assert witnessed_at(read, "witness.example", public(WITNESS)) == 1_900_000_000
    assert witnessed_at(read, "witness.example", public(KEY)) is None


@pytest.mark.parametrize("change", [{"size": 8}, {"root": b"\x06" * 32}, {"origin": "other"}])
def test_no_part_of_it_can_be_changed(change):
    note = replace(signed(PLAIN, KEY), **change)
    assert not is_signed_by(note, public(KEY))


def test_the_key_id_is_that_of_c2sp():
    """The example key of the signed-note documentation (PeterNeumann+c74f20a3)."""
    import base64

    raw = base64.b64decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    assert raw[0] == 1
    assert key_id("PeterNeumann", raw[1:]).hex() == "c74f20a3"


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\nAA==\n", "a\n-1\n" + "A" * 43 + "=\n\n", "a\nx\nAA==\n\n", "a\n01\nAA==\n\n",
     PLAIN.text() + "- a b\n"],
)  # fmt: skip
def test_what_is_no_note_is_refused(text):
    with pytest.raises(RecordError):
        parse_checkpoint(text)
