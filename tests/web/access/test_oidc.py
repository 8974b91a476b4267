"""An ID token holds whole or not at all (OpenID Connect Core 1.0, 3.1.3.7)."""

import hmac
import json
from base64 import urlsafe_b64encode

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

from truceline.web.access.oidc import (
    ALGORITHMS,
    Client,
    Provider,
    SignOnError,
    UnknownKeyError,
    checked_claims,
)

KEY = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
OTHER = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
SHOWN = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])
CLIENT = Client("https://id.example", "room", "the secret", "https://room.example/sign-on/return")
NOW = 1_900_000_000

CLAIMS = {
    "iss": "https://id.example", "sub": "anna", "aud": "room", "nonce": "fresh",
    "iat": NOW - 5, "exp": NOW + 300,
}  # fmt: skip


def token(claims, key=KEY, alg="RS256"):
    return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])


def signed_with_what_is_public(claims):
    """Return a token whose HMAC is made with the provider's public key, which anyone has."""
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": "one"}, claims)]
    body = b".".join(urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    made = hmac.digest(KEY.as_pem(private=False), body, "sha256")
    return (body + b"." + urlsafe_b64encode(made).rstrip(b"=")).decode()


def check(text):
    return checked_claims(
        text, SHOWN, CLIENT, list(ALGORITHMS), nonce="fresh", access_token=None, now=NOW
    )


def test_a_token_that_is_whole_tells_who_is_there():
    assert check(token(CLAIMS))["sub"] == "anna"
    assert check(token({**CLAIMS, "aud": ["room", "other"], "azp": "room"}))["sub"] == "anna"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"nonce": "of another sign-on"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"aud": "another room"}, "aud"),
        ({"aud": ["room", "other"]}, "azp"),
        ({"aud": ["room", "other"], "azp": "other"}, "azp"),
        ({"aud": None}, "aud"),
        ({"iss": "https://id.example.evil"}, "iss"),
        ({"iss": "https://id.example/"}, "iss"),
        ({"exp": NOW - 61}, "exp"),
        ({"exp": None}, "exp"),
        ({"exp": "tomorrow"}, "exp"),
        ({"iat": NOW + 3600}, "iat"),
        ({"nbf": NOW + 3600}, "nbf"),
        ({"sub": ""}, "sub"),
        ({"sub": None}, "sub"),
        ({"sub": 7}, "sub"),
        ({"sub": "a" * 256}, "sub"),
    ],
)
def test_a_token_with_one_thing_wrong_is_refused_by_its_name(change, named):
    claims = {k: v for k, v in {**CLAIMS, **change}.items() if v is not None}
    with pytest.raises(SignOnError, match=rf"does not hold: .*\b{named}\b"):
        check(token(claims))


def test_only_a_key_that_the_provider_shows_can_sign():
    with pytest.raises(UnknownKeyError):
        check(token(CLAIMS, OTHER))
    with pytest.raises(UnknownKeyError):
        check(signed_with_what_is_public(CLAIMS))
    unsigned = "eyJhbGciOiJub25lIn0." + token(CLAIMS).split(".")[1] + "."
    with pytest.raises(UnknownKeyError):
        check(unsigned)


@pytest.mark.parametrize("at", range(0, 300, 7))
def test_no_letter_of_it_can_be_changed(at):
    whole = token(CLAIMS)
    at %= len(whole)
    changed = whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]
    with pytest.raises(SignOnError):
        check(changed)


def test_the_secret_stands_in_no_text_of_the_client():
    assert "the secret" not in repr(CLIENT)
    assert "the secret" not in repr(Provider(CLIENT, lambda: 0.0))


def test_a_provider_elsewhere_is_asked_over_tls_alone():
    plain = Client("http://id.example", "room", None, "https://room.example/sign-on/return")
    with pytest.raises(SignOnError, match="over https"):
        Provider(plain, lambda: 0.0).described()
