"""Fetching from the command line: the key never shows, and each fault is one sentence."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from typer.testing import CliRunner

from truceline.cli.main import app

CSV = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,"
    "version,bright_ti5,frp,daynight\n"
    "48.1,37.5,330.1,0.4,0.4,2025-04-19,112,N,VIIRS,n,2.0NRT,290.1,3.2,N\n"
)


@pytest.fixture
def server():
    asked = []

    class Replay(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = CSV.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/csv")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Replay)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}", asked
    running.shutdown()
    running.server_close()


def arguments(address, cache):
    return [
        "fetch", "firms", "--bbox", "30,44,41,53", "--first", "2025-04-19", "--last", "2025-04-19",
        "--cache", str(cache), "--address", address,
    ]  # fmt: skip


def test_a_feed_is_fetched_once_and_its_key_never_shows(server, tmp_path, monkeypatch):
    address, asked = server
    monkeypatch.setenv("TRUCELINE_FIRMS_KEY", "sesame-0123456789")
    first = CliRunner().invoke(app, arguments(address, tmp_path))
    assert first.exit_code == 0, first.output
    again = CliRunner().invoke(app, arguments(address, tmp_path))
    assert again.exit_code == 0
    assert len(asked) == 1
    assert "sesame" in asked[0]
    kept = [str(path) + path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert "sesame" not in first.output + again.output + "".join(kept)
    path = first.stdout.strip().splitlines()[-1]
    assert CliRunner().invoke(app, ["sources", "check", path]).exit_code == 0


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"--bbox": "30,44"}, "is no area"),
        ({"--first": "19 April"}, "is no day"),
    ],
)
def test_a_wrong_argument_is_one_sentence(tmp_path, monkeypatch, changed, sentence):
    monkeypatch.setenv("TRUCELINE_FIRMS_KEY", "x")
    told = arguments("http://127.0.0.1:9", tmp_path)
    for name, value in changed.items():
        told[told.index(name) + 1] = value
    result = CliRunner().invoke(app, told)
    assert result.exit_code == 3
    assert sentence in result.output


def test_no_key_says_how_to_give_one(tmp_path, monkeypatch):
    monkeypatch.delenv("TRUCELINE_FIRMS_KEY", raising=False)
    result = CliRunner().invoke(app, arguments("http://127.0.0.1:9", tmp_path))
    assert result.exit_code == 3
    assert "TRUCELINE_FIRMS_KEY" in result.output
