"""OpenID Connect as the room speaks it: code flow with PKCE, and an ID token that is checked whole.

OpenID Connect Core 1.0 and Discovery 1.0; PKCE is RFC 7636, the issuer in the answer RFC 9207.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote, urlsplit

import httpx2
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ClaimError, JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ValidationError

from truceline.core.types.errors import TrucelineError

#: Where a provider describes itself, below its issuer.
DISCOVERY: Final = "/.well-known/openid-configuration"

#: Signatures that prove something: made with a key that we do not hold.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
                     "ES512", "Ed25519", "EdDSA")  # fmt: skip

#: Seconds that a provider has to answer, and that two clocks may differ.
ANSWER_S, LEEWAY_S = 10.0, 60

#: Seconds that a provider's description and keys are taken to stand, and the least time between
#: two looks for a new key.
STANDS_S, LOOK_AGAIN_S = 3600.0, 30.0

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


class SignOnError(TrucelineError):
    """A sign-on that did not succeed; the words may be shown, and hold nothing secret."""

    code = "sign-on"


@dataclass(frozen=True)
class Client:
    """The room as its provider knows it.

    Attributes
    ----------
    issuer : str
        What the provider calls itself.
    client_id : str
        What the provider calls the room.
    secret : str or None
        Shared with the provider; None where PKCE alone proves who asks.
    return_address : str
        Where the provider sends people back to.
    """

    issuer: str
    client_id: str
    secret: str | None = field(repr=False)
    return_address: str


class Described(BaseModel):
    """What is used of a provider's description of itself."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    authorization_response_iss_parameter_supported: bool = False


@dataclass
class Provider:
    """A provider of single sign-on, asked over the network.

    Parameters
    ----------
    client : Client
        The room as the provider knows it.
    clock : callable
        Seconds that only go forward.
    """

    client: Client
    clock: Callable[[], float]
    _described: tuple[float, Described] | None = None
    _keys: tuple[float, KeySet] | None = None

    def described(self) -> Described:
        """Return how the provider describes itself; it must go by the issuer's own name."""
        if self._described is not None and self.clock() - self._described[0] < STANDS_S:
            return self._described[1]
        try:
            found = Described.model_validate(_asked(self.client.issuer.rstrip("/") + DISCOVERY))
        except ValidationError as cause:
            raise SignOnError("the provider's description lacks what a sign-on needs.") from cause
        if found.issuer != self.client.issuer:
            raise SignOnError("the provider calls itself otherwise than the settings do.")
        for address in (found.authorization_endpoint, found.token_endpoint, found.jwks_uri):
            _demand_tls(address)
        self._described = (self.clock(), found)
        return found

    def address_to_ask(self, state: str, nonce: str, verifier: str) -> str:
        """Return where a browser is sent, so that the provider asks who is there."""
        asked: str = prepare_grant_uri(
            self.described().authorization_endpoint,
            self.client.client_id,
            "code",
            redirect_uri=self.client.return_address,
            scope="openid",
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return asked

    def check_answer(self, code: str, issuer: str) -> None:
        """Raise where an answer holds no code, or is not named as this provider names its own."""
        if not code:
            raise SignOnError("the provider let nobody in.", hint="Begin the sign-on again.")
        is_named = self.described().authorization_response_iss_parameter_supported
        if issuer != self.client.issuer and (issuer or is_named):
            raise SignOnError("the answer is from another provider.")

    def claims(self, code: str, nonce: str, verifier: str, seconds: float) -> dict[str, Any]:
        """Return what the provider says of whoever brought a code, once it is checked.

        Parameters
        ----------
        code : str
            As the browser brought it.
        nonce, verifier : str
            As they were made for this sign-on.
        seconds : float
            The time, seconds since 1970 UTC.
        """
        answer = self._exchanged(code, verifier)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise SignOnError("the provider gave no ID token.")
        allowed: list[str] = [
            name
            for name in ALGORITHMS
            if name in self.described().id_token_signing_alg_values_supported
        ]
        access = answer.get("access_token")
        return self._with_fresh_keys(
            lambda keys: checked_claims(
                token, keys, self.client, allowed, nonce=nonce, access_token=access, now=seconds
            )
        )

    def _with_fresh_keys(self, check: Callable[[KeySet], dict[str, Any]]) -> dict[str, Any]:
        """Check with the keys that are known, and once more where the provider has new ones."""
        keys, is_fresh = self._known_keys(STANDS_S)
        try:
            return check(keys)
        except UnknownKeyError:
            if is_fresh:
                raise
        return check(self._known_keys(LOOK_AGAIN_S)[0])

    def _known_keys(self, stands_s: float) -> tuple[KeySet, bool]:
        now = self.clock()
        if self._keys is not None and now - self._keys[0] < stands_s:
            return self._keys[1], False
        try:
            keys = KeySet.import_key_set(_asked(self.described().jwks_uri))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as cause:
            raise SignOnError("the provider's keys cannot be read.") from cause
        self._keys = (now, keys)
        return keys, True

    def _exchanged(self, code: str, verifier: str) -> dict[str, Any]:
        described, client = self.described(), self.client
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": client.return_address,
            "code_verifier": verifier,
        }
        auth = None
        if client.secret is None:
            body["client_id"] = client.client_id
        elif "client_secret_basic" in described.token_endpoint_auth_methods_supported:
            # RFC 6749, 2.3.1: both are percent-encoded before they are joined.
            auth = (quote(client.client_id, safe=""), quote(client.secret, safe=""))
        else:
            body |= {"client_id": client.client_id, "client_secret": client.secret}
        return _asked(described.token_endpoint, body, auth)


class UnknownKeyError(SignOnError):
    """An ID token signed by a key that the provider does not show."""


def checked_claims(
    token: str,
    keys: KeySet,
    client: Client,
    algorithms: list[str],
    *,
    nonce: str,
    access_token: str | None,
    now: float,
) -> dict[str, Any]:
    """Return the claims of an ID token that is whole: signature, issuer, audience, times, nonce.

    OpenID Connect Core 1.0, section 3.1.3.7.

    Raises
    ------
    UnknownKeyError
        If no key of the provider's has made the signature.
    SignOnError
        If anything else is not as it must be.
    """
    try:
        read = jwt.decode(token, keys, algorithms=algorithms)
    except (JoseError, ValueError) as cause:
        raise UnknownKeyError("the ID token is not signed by a key of the provider's.") from cause
    claims = CodeIDToken(
        read.claims,
        read.header,
        {
            "iss": {"essential": True, "value": client.issuer},
            "aud": {"essential": True, "value": client.client_id},
        },
        {"nonce": nonce, "client_id": client.client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now), leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError) as cause:
        # What is wrong is told by its name alone: a token's content is nobody else's business.
        named = cause.claim if isinstance(cause, ClaimError) else "unreadable"
        raise SignOnError(f"the ID token does not hold: {named}.") from cause
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= 255:
        raise SignOnError("the ID token does not hold: sub.")
    return dict(read.claims)


def _asked(
    address: str, body: Mapping[str, str] | None = None, auth: tuple[str, str] | None = None
) -> dict[str, Any]:
    _demand_tls(address)
    method = "GET" if body is None else "POST"
    try:
        answer = httpx2.request(
            method, address, data=None if body is None else dict(body), auth=auth,
            timeout=ANSWER_S, headers={"Accept": "application/json"}, follow_redirects=False,
        )  # fmt: skip
        found = answer.json()
    except (httpx2.HTTPError, ValueError) as cause:
        raise SignOnError("the provider cannot be reached.", hint="Try again later.") from cause
    if answer.status_code != 200 or not isinstance(found, dict):
        raise SignOnError("the provider refused.", hint="Begin the sign-on again.")
    return found


def _demand_tls(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise SignOnError("the provider must be asked over https.")
