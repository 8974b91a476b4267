"""A provider of single sign-on for the tests: Debian's Glewlwyd, on loopback, thrown away.

It is an independent program, so that the room's side of OpenID Connect is tried against somebody
else's reading of the standard.
"""

import shutil
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

PROGRAM, PLUGINS, PAGES = "glewlwyd", Path("/usr/lib/glewlwyd"), Path("/usr/share/glewlwyd/webapp")
TABLES = Path("/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3")

#: Of the administrator of an empty database, as its documentation has them.
ADMINISTRATOR = {"username": "admin", "password": "password"}

CLIENT, SECRET, PASSWORD = "truceline-room", "S3cret-of-the-room", "the password at the provider"

_CONFIG = """
port={port}
bind_address="127.0.0.1"
external_url="{address}"
login_url="login.html"
api_prefix="api"
static_files_path="{pages}"
log_mode="file"
log_level="WARNING"
log_file="{folder}/log"
cookie_domain="{host}"
cookie_secure=0
session_expiration=3600
session_key="GLEWLWYD"
admin_scope="g_admin"
profile_scope="g_profile"
user_module_path="{plugins}/user"
client_module_path="{plugins}/client"
user_auth_scheme_module_path="{plugins}/scheme"
plugin_module_path="{plugins}/plugin"
hash_algorithm="SHA512"
database = {{ type = "sqlite3" path = "{folder}/database" }};
static_files_mime_types = (
  {{ extension = ".html" mime_type = "text/html" }},
  {{ extension = ".css" mime_type = "text/css" }},
  {{ extension = ".js" mime_type = "application/javascript" }},
  {{ extension = ".json" mime_type = "application/json" }}
)
"""


@dataclass(frozen=True)
class Provider:
    """A running provider."""

    address: str

    @property
    def issuer(self) -> str:
        """Return what the provider calls itself."""
        return f"{self.address}/api/oidc"

    @contextmanager
    def administrator(self) -> Iterator[httpx2.Client]:
        """Open a session of the provider's administrator."""
        with httpx2.Client(base_url=f"{self.address}/api/") as client:
            client.post("auth/", json=ADMINISTRATOR).raise_for_status()
            yield client

    def register(self, return_address: str) -> None:
        """Let a room's address be returned to."""
        values = {
            "client_id": CLIENT, "password": SECRET, "scope": ["openid"], "enabled": True,
            "confidential": True, "redirect_uri": [return_address],
            "authorization_type": ["code"], "token_endpoint_auth_method": ["client_secret_basic"],
        }  # fmt: skip
        with self.administrator() as session:
            if session.get(f"client/{CLIENT}").status_code == 200:
                session.put(f"client/{CLIENT}", json=values).raise_for_status()
            else:
                session.post("client/", json=values).raise_for_status()

    @contextmanager
    def signed_in(self, user: str) -> Iterator[httpx2.Client]:
        """Open a session of a user who has agreed that the room may know who they are."""
        with httpx2.Client(base_url=f"{self.address}/api/") as client:
            said = {"username": user, "password": PASSWORD}
            client.post("auth/", json=said).raise_for_status()
            client.put(f"auth/grant/{CLIENT}", json={"scope": "openid"}).raise_for_status()
            yield client

    def answer(self, asked: str, user: str) -> str:
        """Return where a browser is sent back to, once its user has signed in and agreed."""
        with self.signed_in(user) as client:
            # What the provider's page adds when its user goes on.
            answer = client.get(f"{asked}&g_continue")
        assert answer.status_code == 302, answer.text
        return str(answer.headers["location"])


def is_installed() -> bool:
    """Return whether Debian's package is there."""
    return shutil.which(PROGRAM) is not None and TABLES.is_file()


@contextmanager
def provider(users: Mapping[str, str], host: str = "127.0.0.1") -> Iterator[Provider]:
    """Run a provider with some users and the unit of each."""
    folder = Path(tempfile.mkdtemp(prefix="truceline-oidc-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://{host}:{port}"
    with sqlite3.connect(folder / "database") as database:
        database.executescript(TABLES.read_text(encoding="utf-8"))
    database.close()
    written = _CONFIG.format(
        port=port, address=address, host=host, folder=folder, pages=PAGES, plugins=PLUGINS
    )
    (folder / "config").write_text(written, encoding="utf-8")
    running = subprocess.Popen(
        [PROGRAM, "-c", str(folder / "config")], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        made = Provider(address)
        _answers(running, port)
        _set_up(made, users)
        yield made
    finally:
        running.terminate()
        running.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


def _answers(running: "subprocess.Popen[bytes]", port: int) -> None:
    for _ in range(200):
        assert running.poll() is None, "the provider did not start"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the provider does not answer")


def _set_up(made: Provider, users: Mapping[str, str]) -> None:
    key = generate_private_key(65537, 2048)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    parameters = {
        "iss": made.issuer, "jwt-type": "rsa", "jwt-key-size": "256", "key": private,
        "cert": public, "access-token-duration": 600, "refresh-token-duration": 600,
        "code-duration": 60, "refresh-token-rolling": False, "allow-non-oidc": False,
        "auth-type-code-enabled": True, "auth-type-token-enabled": False,
        "auth-type-id-token-enabled": True, "auth-type-password-enabled": False,
        "auth-type-client-enabled": False, "auth-type-refresh-enabled": False,
        "auth-type-device-enabled": False, "jwks-show": True, "pkce-allowed": True,
        "pkce-method-plain-allowed": False, "pkce-required": True, "subject-type": "public",
        "scope": [], "additional-parameters": [], "request-parameter-allow": False,
        # What the provider knows of a user is told under a name of the mission's own.
        "claims": [{"name": "unit", "user-property": "name", "type": "string",
                    "mandatory": True, "on-demand": False, "scope": []}],
    }  # fmt: skip
    with made.administrator() as session:
        session.post("mod/plugin/", json={
            "module": "oidc", "name": "oidc", "display_name": "OpenID Connect",
            "parameters": parameters, "enabled": True,
        }).raise_for_status()  # fmt: skip
        for user, unit in users.items():
            session.post("user/", json={
                "username": user, "password": PASSWORD, "name": unit,
                "scope": ["openid", "g_profile"], "enabled": True,
            }).raise_for_status()  # fmt: skip
