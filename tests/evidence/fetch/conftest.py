"""A real server on this machine that answers as it is told, request by request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from truceline.core.types.time import SECOND, parse_time
from truceline.evidence.fetch.fetcher import Fetcher
from truceline.evidence.fetch.patience import Pace, Patience

NOW = parse_time("2025-05-20T12:00:00Z")


@dataclass
class Answer:
    """What to say to one request."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Feed:
    """A server: a function from path to answer, and what it was asked."""

    address: str
    answers: list[Callable[[str], Answer]]
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def say(self, *answers: Answer | Callable[[str], Answer]) -> None:
        """Give these answers in order; the last one again and again."""
        self.answers[:] = [(lambda path, a=a: a) if isinstance(a, Answer) else a for a in answers]


@pytest.fixture
def feed() -> Iterator[Feed]:
    state = Feed("", [lambda path: Answer(status=404)])

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append(self.path)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            say = state.answers.pop(0) if len(state.answers) > 1 else state.answers[0]
            answer = say(self.path)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    state.address = f"http://127.0.0.1:{server.server_port}"
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Clock:
    """A clock that only sleeping moves."""

    time: int = NOW
    slept: list[float] = field(default_factory=list)

    def now(self) -> int:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += int(seconds * SECOND)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fetcher(tmp_path: Path, clock: Clock) -> Fetcher:
    pace = Pace(Patience(timeout_s=5.0), np.random.default_rng(7), clock.now, clock.sleep)
    return Fetcher(tmp_path / "cache", pace)
