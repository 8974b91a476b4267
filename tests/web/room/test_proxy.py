"""The room behind a real proxy with TLS: Debian's nginx, with the settings that are handed out."""

import datetime as dt
import shutil
import socket
import ssl
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from tests.web.room.conftest import PASSWORD, serving

from truceline.web.settings import Settings

HANDED_OUT = Path(__file__).resolve().parents[3] / "deploy" / "nginx.conf"
NAME = "room.example.org"

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def certificate(folder):
    """Write a certificate of our own for the proxy's name."""
    key = generate_private_key(SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "privkey.pem").write_bytes(secret)
    (folder / "fullchain.pem").write_bytes(made.public_bytes(Encoding.PEM))


@contextmanager
def nginx(folder, port, behind):
    """Run nginx with the settings that are handed out, on free ports."""
    certificate(folder)
    site = HANDED_OUT.read_text(encoding="utf-8")
    for told, here in {
        "listen 443 ssl": f"listen 127.0.0.1:{port} ssl", "127.0.0.1:8765": f"127.0.0.1:{behind}",
        "/etc/truceline/tls": str(folder),
    }.items():  # fmt: skip
        assert told in site
        site = site.replace(told, here)
    text = (
        f"daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;\n"
        f"events {{}}\nhttp {{ client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;\n"
        f"fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;\n"
        f"{site}\n}}\n"
    )
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    running = subprocess.Popen(
        ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(200):
            assert running.poll() is None, (folder / "log").read_text(encoding="utf-8")
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield
    finally:
        running.terminate()
        running.wait(10)


@pytest.fixture
def behind(room, tmp_path):
    """Return a way to speak to the proxy before the room, from an address of this machine."""
    if shutil.which("nginx") is None:
        pytest.skip("nginx is not installed; on Debian: apt-get install nginx-light")
    folder = tmp_path / "proxy"
    folder.mkdir()
    port, inner = free_port(), free_port()
    told = Settings(requests_per_minute=10**6, logins_per_minute=4)
    with serving(room, inner, told), nginx(folder, port, inner):
        trusted = ssl.create_default_context(cafile=str(folder / "fullchain.pem"))

        def browser(source="127.0.0.1"):
            transport = httpx2.HTTPTransport(verify=trusted, local_address=source)
            return httpx2.Client(
                transport=transport, base_url=f"https://127.0.0.1:{port}", timeout=20,
                headers={"Host": NAME},
            )  # fmt: skip

        yield browser


def ask(client, method, path, **more):
    # The certificate is for the name; the connection goes to this machine.
    return client.request(method, path, extensions={"sni_hostname": NAME}, **more)


def test_the_cookie_is_secure_links_are_those_of_the_proxy_and_events_come_at_once(room, behind):
    with behind() as client:
        said = {"name": "anna", "password": PASSWORD}
        answer = ask(client, "POST", "/login", data=said)
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"]
        assert {"Secure", "HttpOnly", "SameSite=strict"} <= {p.strip() for p in cookie.split(";")}
        assert answer.headers["strict-transport-security"].startswith("max-age=")
        token = ask(client, "POST", "/api/session", data=said).json()["token"]
        mine = {"Authorization": f"Bearer {token}"}
        links = ask(client, "GET", "/ogc", headers=mine).json()["links"]
        assert links[0]["href"] == f"https://{NAME}/ogc"
        asked = {"headers": mine, "extensions": {"sni_hostname": NAME}}
        with client.stream("GET", "/api/events", **asked) as stream:
            lines = stream.iter_lines()
            assert next(lines) == "retry: 3000"
            room.events.tell("judgement", "all")
            assert "event: judgement" in (next(lines), next(lines))


def test_an_address_is_the_senders_own_whatever_it_says_of_itself(behind):
    wrong = {"name": "nobody", "password": "a guess of no use"}

    def tries(client, number, **headers):
        return [
            ask(client, "POST", "/api/session", data={**wrong, "name": f"n{i}"}, headers=headers)
            for i in range(number)
        ]

    right = {"name": "anna", "password": PASSWORD}
    with behind("127.0.0.1") as one, behind("127.0.0.2") as other:
        for number in range(4):
            tries(one, 1, **{"X-Forwarded-For": f"10.0.0.{number}"})
        forged = {"X-Forwarded-For": "10.9.9.9"}
        assert ask(one, "POST", "/api/session", data=right, headers=forged).status_code == 401
        assert ask(other, "POST", "/api/session", data=right).status_code == 201
