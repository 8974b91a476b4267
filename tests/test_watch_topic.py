"""A watch on a broker's topics: killed as often as you like, it takes and tells each thing once."""

import json
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from confluent_kafka import Producer
from tests.broker import broker, everything, make_topic
from tests.test_watch import check
from typer.testing import CliRunner

from truceline.cli.main import app
from truceline.core.store.case_store import CaseStore

#: The box of the case, in which all hotspots lie.
BBOX = [36.5, 47.5, 38.0, 48.5]
HEAD = "LATITUDE,LONGITUDE,ACQ_DATE"

WATCH = "from truceline.cli.main import app; app()"


def make_case(folder: Path, settings: dict[str, str]) -> list[str]:
    """Make a case that takes hotspots from a topic; return the arguments of its watch."""
    assert CliRunner().invoke(app, ["init", str(folder / "case")]).exit_code == 0
    feed = {"source": "firms", "topic": "hotspots", "head": HEAD}
    (folder / "case" / "sources.yaml").write_text(json.dumps({"feeds": [feed]}))
    settings_of_case = folder / "case" / "case.yaml"
    written = settings_of_case.read_text()
    settings_of_case.write_text(written.replace("[73.0, 32.3, 77.9, 35.6]", str(BBOX)))
    (folder / "broker").write_text("".join(f"{n} = {v}\n" for n, v in settings.items()))
    return [
        "watch", str(folder / "case"), "--broker", str(folder / "broker"),
        "--publish", "history", "--out", str(folder / "out"),
    ]  # fmt: skip


def hotspots(rng: random.Random, rows: int) -> list[str]:
    """Return rows of fires on 12 days, so near each other that incidents grow and join."""
    return [
        f"{48 + rng.random() * 0.05:.5f},{37 + rng.random() * 0.25:.5f},"
        f"2020-07-{1 + rng.randrange(12):02d}"
        for _ in range(rows)
    ]


def produce(producer: Producer, rows: list[str]) -> list[str]:
    """Send rows to the topic of hotspots; return them when they are acknowledged."""
    for row in rows:
        producer.produce("hotspots", row, key=row)
    assert producer.flush(10) == 0
    return rows


def first_line(program: subprocess.Popen[str], seconds: float) -> str:
    """Return the first line a program prints; kill it and fail if none comes in time."""
    assert program.stdout is not None
    late = threading.Timer(seconds, program.kill)
    late.start()
    line = program.stdout.readline()
    late.cancel()
    assert line, f"nothing was printed in {seconds} s"
    return line


def kill_often(folder: Path, kills: int, rng: random.Random) -> int:
    """Kill watches while messages come in, then let one finish; return how many rows were sent."""
    with broker(folder) as settings:
        make_topic(settings, "hotspots", 3)
        make_topic(settings, "history", 3)
        arguments = make_case(folder, settings)
        producer, sent = Producer({**settings, "log_level": 0}), []
        for _ in range(kills):
            sent += produce(producer, hotspots(rng, 15))
            command = [sys.executable, "-c", WATCH, *arguments, "--every", "0.1"]
            with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as watching:
                # A line says that the work has begun; the kill falls into what comes after.
                assert json.loads(first_line(watching, 60))["number"] > 0
                sent += produce(producer, hotspots(rng, 15))
                with pytest.raises(subprocess.TimeoutExpired):
                    watching.wait(timeout=rng.random())
                watching.send_signal(signal.SIGKILL)
        result = CliRunner().invoke(app, [*arguments, "--once"])
        assert result.exit_code == 0, result.output
        assert "error" not in result.stderr
        hold_once(folder / "out", sent, everything(settings, "history"))
    return len(sent)


def hold_once(output: Path, sent: list[str], told: list[tuple[int, str, str]]) -> None:
    """Hold that each message is in one file and the store, and each event is told once."""
    lines = [path.read_text().splitlines() for path in output.glob("received/hotspots/*/*.lines")]
    assert all(head == HEAD for head, *_ in lines)
    assert sorted(row for _, *rows in lines for row in rows) == sorted(sent)
    history = check(output)
    assert len(CaseStore(output / "store").scan_observations().collect()) == len(sent)
    greatest: dict[int, int] = {}
    seen = []
    for partition, key, value in told:
        event = json.loads(value)
        assert event["incident_id"] == key
        if event["number"] > greatest.get(partition, 0):
            greatest[partition] = event["number"]
            seen.append(event)
    seen.sort(key=lambda event: event["number"])
    assert seen == [vars(event) for event in history.events()]


def test_killed_at_random_moments_each_message_is_taken_and_each_event_told_once(tmp_path):
    assert kill_often(tmp_path, 2, random.Random(11)) == 60


def test_an_outage_of_the_broker_stops_nothing_and_is_made_up_for(tmp_path, monkeypatch):
    arguments = [*make_case(tmp_path, {"bootstrap.servers": "127.0.0.1:1"}), "--once"]
    with monkeypatch.context() as out:
        for place in ("broker", "receiving", "sending"):
            out.setattr(f"truceline.core.topics.{place}.PATIENCE", 1.0, raising=False)
        result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "the broker did not answer for the topic 'hotspots'" in result.stderr
    with broker(tmp_path) as settings:
        make_topic(settings, "hotspots", 1)
        make_topic(settings, "history", 1)
        make_case(tmp_path / "again", settings)
        (tmp_path / "again" / "broker").replace(tmp_path / "broker")
        rows = produce(Producer({**settings, "log_level": 0}), hotspots(random.Random(2), 20))
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        hold_once(tmp_path / "out", rows, everything(settings, "history"))


def test_rows_outside_the_case_are_said_to_be_rejected(tmp_path):
    with broker(tmp_path) as settings:
        make_topic(settings, "hotspots", 1)
        make_topic(settings, "history", 1)
        arguments = make_case(tmp_path, settings)
        produce(Producer({**settings, "log_level": 0}), ["10,10,2020-07-01"])
        result = CliRunner().invoke(app, [*arguments, "--once"])
        assert result.exit_code == 0, result.output
        assert "1 of 1 rows rejected; each with its reason in" in result.stderr


def test_topics_without_a_broker_are_one_sentence(tmp_path):
    arguments = make_case(tmp_path, {})
    bare = [word for word in arguments if word not in ("--publish", "history")]
    bare = [word for word in bare if word not in ("--broker", str(tmp_path / "broker"))]
    result = CliRunner().invoke(app, [*bare, "--once"])
    assert result.exit_code == 4
    assert "no broker was named" in result.output
    result = CliRunner().invoke(app, [*bare, "--publish", "history", "--once"])
    assert "no broker" in result.output
