"""Topics: every message is taken once and sent once, with a real broker on a socket."""

import shutil

import pytest
from confluent_kafka import Producer
from tests.broker import broker, everything, make_topic

from truceline.core.topics.broker import read_settings
from truceline.core.topics.receiving import Receiver, Topic, line_of
from truceline.core.topics.sending import send
from truceline.core.types.errors import FetchError, InputError


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    with broker(tmp_path_factory.mktemp("broker")) as found:
        yield found


@pytest.fixture
def strict():
    """The broker inside Kafka's C library, which refuses places it does not have, as Kafka does."""
    holder = Producer({"test.mock.num.brokers": 1})
    (here,) = holder.list_topics(timeout=10).brokers.values()
    return {"bootstrap.servers": f"{here.host}:{here.port}", "holder": holder}


def produce(settings, topic, values, partition=0):
    producer = Producer({**settings, "log_level": 0})
    for value in values:
        producer.produce(topic, value, partition=partition)
    assert producer.flush(10) == 0


def received(folder):
    """Return the lines of each partition's files, without the head, in their order."""
    found = {}
    for path in sorted(folder.glob("*/*.lines")):
        head, *lines = path.read_text().splitlines()
        assert head == "a,b"
        found.setdefault(int(path.parent.name), []).extend(lines)
    return found


def test_each_message_is_taken_once_by_whoever_goes_on(settings, tmp_path):
    make_topic(settings, "lines", 3)
    sent = {p: [f"{p},{n}" for n in range(50)] for p in range(3)}
    for stretch in (slice(0, 20), slice(20, 35), slice(35, 50)):
        for partition, values in sent.items():
            produce(settings, "lines", values[stretch], partition)
        # A new receiver each time, as after a death: it knows only the files that are there.
        receiver = Receiver(settings, Topic("lines", "a,b"), tmp_path / "lines")
        assert len(receiver.receive()) == 3
        assert receiver.receive() == []
        receiver.close()
    assert received(tmp_path / "lines") == sent


def test_a_file_half_written_does_not_count(settings, tmp_path):
    make_topic(settings, "half", 1)
    produce(settings, "half", ["1,1", "2,2"])
    folder = tmp_path / "half" / "00000"
    folder.mkdir(parents=True)
    (folder / f".{0:020d}-{0:020d}.lines.part").write_text("a,b\n1")
    receiver = Receiver(settings, Topic("half", "a,b"), tmp_path / "half")
    receiver.receive()
    receiver.close()
    assert received(tmp_path / "half") == {0: ["1,1", "2,2"]}


@pytest.mark.parametrize("kind", ["settings", "strict"])
def test_messages_that_are_gone_are_an_error_and_no_silence(kind, request, tmp_path, monkeypatch):
    monkeypatch.setattr("truceline.core.topics.receiving.PATIENCE", 2.0)
    held = request.getfixturevalue(kind)
    reached = {"bootstrap.servers": held["bootstrap.servers"]}
    if kind == "settings":
        make_topic(reached, "gone", 1)
    produce(reached, "gone", ["1,1"])
    # As where the topic was made anew, or its oldest messages were dropped.
    only = tmp_path / "gone" / "00000"
    only.mkdir(parents=True)
    (only / f"{0:020d}-{90:020d}.lines").touch()
    receiver = Receiver(reached, Topic("gone", "a,b"), tmp_path / "gone")
    with pytest.raises(FetchError, match="no longer holds the messages from 91"):
        receiver.receive()
    receiver.close()
    shutil.rmtree(only)
    again = Receiver(reached, Topic("gone", "a,b"), tmp_path / "gone")
    again.receive()
    again.close()
    assert received(tmp_path / "gone") == {0: ["1,1"]}


def test_a_topic_or_a_broker_that_is_not_there_is_one_sentence(settings, tmp_path):
    receiver = Receiver(settings, Topic("nowhere"), tmp_path / "nowhere")
    with pytest.raises(FetchError, match="'nowhere'"):
        receiver.receive()
    receiver.close()


def test_a_message_is_one_line_whatever_is_in_it():
    assert line_of(b'{"a":\n1}\r\n') == '{"a": 1}'
    assert line_of(b"\xff\xfe") == "��"
    assert line_of(None) == ""


def test_what_is_sent_is_there_once_and_keys_keep_their_order(settings):
    make_topic(settings, "told", 3)
    messages = [(f"key {n % 7}", str(n)) for n in range(500)]
    send(settings, "told", messages)
    found = everything(settings, "told")
    assert sorted(int(value) for _, _, value in found) == list(range(500))
    for key in {key for key, _ in messages}:
        own = [int(value) for _, k, value in found if k == key]
        assert own == sorted(own)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("bootstrap.servers\n", "row 1: the line is no setting"),
        ("# nothing\nclient.id = x\n", "do not say where the broker is"),
    ],
)
def test_settings_that_cannot_be_used_are_one_sentence(text, said, tmp_path):
    (tmp_path / "broker").write_text(text)
    with pytest.raises(InputError, match=said):
        read_settings(tmp_path / "broker")


def test_settings_are_names_and_values(tmp_path):
    (tmp_path / "broker").write_text("# ours\nbootstrap.servers = h:1\nsasl.password=a=b\n\n")
    assert read_settings(tmp_path / "broker") == {
        "bootstrap.servers": "h:1",
        "sasl.password": "a=b",
    }
