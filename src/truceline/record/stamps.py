"""Time stamps (RFC 3161): an authority's word that a checkpoint existed at a time.

A log's own clock proves nothing to those who do not trust the log. A time-stamping authority
signs the SHA-512 of a checkpoint's body (origin, size, root) with the time; whoever has the
authority's root certificate can check that offline, years later.
"""

from __future__ import annotations

import datetime as dt
import hashlib

import httpx2
from cryptography import x509
from rfc3161_client import (
    TimeStampRequest,
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from truceline.core.types.errors import InputError, RecordError
from truceline.record.checkpoints import Checkpoint

#: An answer may be this large, bytes, and take this long, seconds.
MOST_BYTES, TIMEOUT_S = 1_000_000, 30.0

_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


def stamp_of(checkpoint: Checkpoint, authority: str) -> bytes:
    """Ask an authority to stamp a checkpoint, and return its answer (DER).

    Parameters
    ----------
    authority : str
        Address, http or https: the answer is signed, so that the line need not be secret.

    Raises
    ------
    InputError
        The address is none, or nobody answers there.
    RecordError
        The answer is none of this kind, refuses, or is for something else than was asked.
    """
    asked = TimestampRequestBuilder().data(checkpoint.body()).build()
    answer = _posted(authority, asked)
    given = _decoded(answer)
    info = given.tst_info
    if info.nonce != asked.nonce or info.message_imprint.message != _hash(checkpoint):
        raise RecordError(
            f"{authority} answered for something else than it was asked.",
            hint="Ask again, or ask another authority.",
        )
    return answer


def stamped_at(answer: bytes, checkpoint: Checkpoint, roots: bytes) -> dt.datetime:
    """Check a stamp offline and return the time that it proves the checkpoint existed by.

    Parameters
    ----------
    answer : bytes
        From `stamp_of`.
    roots : bytes
        Certificates in PEM of the authorities that are trusted, and any between.

    Raises
    ------
    InputError
        There is no certificate in `roots`.
    RecordError
        The stamp is of another checkpoint, altered, or of an authority that is not trusted.
    """
    given = _decoded(answer)
    if given.tst_info.message_imprint.message != _hash(checkpoint):
        raise RecordError(
            "the time stamp is of another checkpoint.",
            hint="Give the stamp that was asked for with this bundle.",
        )
    verifier = VerifierBuilder()
    for certificate in _certificates(roots):
        verifier = verifier.add_root_certificate(certificate)
    try:
        verifier.build().verify(given, _hash(checkpoint))
    except (VerificationError, ValueError) as cause:
        raise RecordError(
            f"the time stamp does not verify: {cause}",
            hint="It was altered, or its authority is not among the roots you gave.",
        ) from cause
    return given.tst_info.gen_time.astimezone(dt.UTC)


def _hash(checkpoint: Checkpoint) -> bytes:
    return hashlib.sha512(checkpoint.body()).digest()


def _posted(authority: str, asked: TimeStampRequest) -> bytes:
    client = httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False)
    hint = "Check the address; many authorities answer on http only."
    try:
        with (
            client,
            client.stream(
                "POST", authority, content=asked.as_bytes(), headers={"Content-Type": _QUERY}
            ) as reply,
        ):
            if reply.status_code != httpx2.codes.OK:
                raise InputError(f"{authority} answered {reply.status_code}.", hint=hint)
            if reply.headers.get("content-type", "").partition(";")[0] != _REPLY:
                raise InputError(f"{authority} gives no time stamps.", hint=hint)
            answer = bytearray()
            for part in reply.iter_bytes():
                answer += part
                if len(answer) > MOST_BYTES:
                    raise InputError(f"{authority} answered more than a stamp.", hint=hint)
            return bytes(answer)
    except (httpx2.HTTPError, httpx2.InvalidURL) as cause:
        raise InputError(f"{authority} does not answer: {cause}", hint=hint) from cause


def _decoded(answer: bytes) -> TimeStampResponse:
    try:
        given = decode_timestamp_response(answer)
        if given.status > 1:
            raise RecordError(
                "the authority refused to stamp.", hint="Ask again, or ask another authority."
            )
        _ = given.tst_info
    except ValueError as cause:
        raise RecordError(
            "this is no time stamp (RFC 3161).", hint="Ask the authority for it again."
        ) from cause
    return given


def _certificates(roots: bytes) -> list[x509.Certificate]:
    try:
        return x509.load_pem_x509_certificates(roots)
    except ValueError as cause:
        raise InputError(
            "there is no certificate in the file of roots.",
            hint="Give certificates in PEM, as the authority publishes them.",
        ) from cause
