"""Time stamps by a real authority on loopback: OpenSSL behind a small server."""

import contextlib
import datetime as dt
import http.server
import json
import shutil
import subprocess
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.types.errors import InputError, RecordError
from truceline.record.checkpoints import Checkpoint
from truceline.record.stamps import MOST_BYTES, stamp_of, stamped_at

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

ONE = Checkpoint("test/log", 7, bytes(range(32)))
OTHER = Checkpoint("test/log", 8, bytes(range(32)))

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = no
ess_cert_id_chain = no
[usage]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
"""


def openssl(*words, **more):
    done = subprocess.run(["openssl", *map(str, words)], capture_output=True, check=False, **more)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """Folder with root.pem and other.pem, and the address of the authority."""
    at = tmp_path_factory.mktemp("tsa")
    (at / "tsa.cnf").write_text(CONFIG.format(folder=at))
    (at / "serial").write_text("01\n")
    new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
    for name in ("root", "other"):
        openssl(*new, "-x509", "-days", "30", "-subj", f"/CN={name}",
                "-keyout", at / f"{name}.key", "-out", at / f"{name}.pem")  # fmt: skip
    openssl(*new, "-subj", "/CN=stamps", "-keyout", at / "tsa.key", "-out", at / "tsa.csr")
    openssl("x509", "-req", "-in", at / "tsa.csr", "-CA", at / "root.pem",
            "-CAkey", at / "root.key", "-CAcreateserial", "-days", "30", "-sha256",
            "-extfile", at / "tsa.cnf", "-extensions", "usage", "-out", at / "tsa.pem")  # fmt: skip

    class Authority(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked = self.rfile.read(int(self.headers["Content-Length"]))
            kind, status = "application/timestamp-reply", 200
            if self.path == "/elsewhere":
                status = 307
            body = b""
            if self.path in ("/", "/old"):
                (at / "asked.tsq").write_bytes(asked)
                body = openssl("ts", "-reply", "-config", at / "tsa.cnf", "-queryfile",
                               at / "asked.tsq")  # fmt: skip
            if self.path == "/old":
                body = (at / "kept.tsr").read_bytes()
            if self.path == "/page":
                kind, body = "text/html", b"<p>Hello"
            if self.path == "/junk":
                body = b"\x30\x03junk"
            if self.path == "/flood":
                body = b"0" * (MOST_BYTES + 1)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            if status == 307:
                self.send_header("Location", "/")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Authority)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield at, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def stamp(authority):
    return stamp_of(ONE, authority[1] + "/")


def roots(authority, name="root"):
    return (authority[0] / f"{name}.pem").read_bytes()


def test_a_stamp_proves_the_time(authority, stamp):
    when = stamped_at(stamp, ONE, roots(authority))
    assert abs(dt.datetime.now(dt.UTC) - when) < dt.timedelta(minutes=5)


def test_openssl_says_so_too(authority, stamp, tmp_path):
    (tmp_path / "one.tsr").write_bytes(stamp)
    (tmp_path / "body").write_bytes(ONE.body())
    openssl("ts", "-verify", "-data", tmp_path / "body", "-in", tmp_path / "one.tsr",
            "-CAfile", authority[0] / "root.pem")  # fmt: skip


def test_a_stamp_is_of_one_checkpoint(authority, stamp):
    with pytest.raises(RecordError, match="another checkpoint"):
        stamped_at(stamp, OTHER, roots(authority))


def test_an_authority_that_is_not_trusted_proves_nothing(authority, stamp):
    with pytest.raises(RecordError, match="does not verify"):
        stamped_at(stamp, ONE, roots(authority, "other"))


def test_without_a_certificate_it_says_what_is_needed(stamp):
    with pytest.raises(InputError, match="no certificate"):
        stamped_at(stamp, ONE, b"hello")


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 10_000), change=st.integers(1, 255))
def test_no_flipped_byte_moves_the_time(authority, stamp, place, change):
    """Bytes that no signature covers may change; what is proven may not."""
    when = stamped_at(stamp, ONE, roots(authority))
    flipped = bytearray(stamp)
    flipped[place % len(stamp)] ^= change
    with contextlib.suppress(RecordError):
        assert stamped_at(bytes(flipped), ONE, roots(authority)) == when


@settings(max_examples=60, deadline=None)
@given(junk=st.binary(max_size=300))
def test_whatever_is_no_stamp_is_one_sentence(junk):
    with pytest.raises(RecordError):
        stamped_at(junk, ONE, b"")


@pytest.mark.parametrize(
    ("path", "fault", "said"),
    [
        ("/elsewhere", InputError, "answered 307"),
        ("/page", InputError, "gives no time stamps"),
        ("/junk", RecordError, "no time stamp"),
        ("/flood", InputError, "more than a stamp"),
        ("/old", RecordError, "something else"),
    ],
)
def test_what_authorities_do_wrong_is_said(authority, stamp, path, fault, said):
    (authority[0] / "kept.tsr").write_bytes(stamp)
    with pytest.raises(fault, match=said):
        stamp_of(ONE, authority[1] + path)


def test_an_authority_that_is_not_there_is_said():
    with pytest.raises(InputError, match="does not answer"):
        stamp_of(ONE, "http://127.0.0.1:9/")


def test_a_bundle_is_stamped_and_checked_from_the_command_line(authority, tmp_path):
    def run(*words):
        return CliRunner().invoke(app, ["record", *map(str, words)])

    at, address = authority
    assert run("keygen", tmp_path / "key").exit_code == 0
    done = run("publish", "loc-2021", "--log", tmp_path / "log.sqlite", "--key", tmp_path / "key",
               "-o", tmp_path)  # fmt: skip
    assert done.exit_code == 0, done.output
    bundle, token = tmp_path / "bundle.zip", tmp_path / "bundle.tsr"
    done = run("stamp", bundle, "--authority", address + "/", "-o", token)
    assert done.exit_code == 0, done.output
    check = ("verify", bundle, "--stamp", token)
    done = run(*check, "--roots", at / "root.pem")
    assert done.exit_code == 0, done.output
    assert "existed by 20" in done.output
    assert json.loads(run(*check, "--roots", at / "root.pem", "--json").output)["stamped_at"]
    assert run(*check, "--roots", at / "other.pem").exit_code == 8
    assert run(*check).exit_code == 3
