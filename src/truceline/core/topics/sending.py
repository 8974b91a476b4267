"""Messages sent to a topic: in order, and acknowledged by the broker before it counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from confluent_kafka import KafkaError, KafkaException, Producer
from confluent_kafka import Message as Sent

from truceline.core.topics.broker import PATIENCE, quiet, refused

_Told = Callable[[KafkaError | None, Sent], None]


def send(settings: dict[str, str], topic: str, messages: Iterable[tuple[str, str]]) -> None:
    """Send messages, each once, and return when the broker has acknowledged all.

    The producer is idempotent: what it sends again after a fault of the network is not there
    twice, and messages of one key keep their order.

    Parameters
    ----------
    settings : dict
        The broker's, from `read_settings`.
    topic : str
        Name of the topic.
    messages : iterable of (str, str)
        Key and value.

    Raises
    ------
    FetchError
        If not all were acknowledged; some may be there.
    """
    faults: list[KafkaError] = []

    def told(error: KafkaError | None, _message: Sent) -> None:
        if error is not None:
            faults.append(error)

    try:
        producer = Producer(
            {
                **quiet(settings),
                "enable.idempotence": True,
                "message.timeout.ms": int(PATIENCE * 1000),
            }
        )
        for key, value in messages:
            _produce(producer, topic, key, value, told)
        # Each message is either acknowledged or given up within its own time.
        producer.flush(2 * PATIENCE)
    except KafkaException as cause:
        raise refused(settings, topic, cause.args[0].str()) from cause
    if faults or len(producer):
        raise refused(settings, topic, faults[0].str() if faults else "it is too slow")


def _produce(producer: Producer, topic: str, key: str, value: str, told: _Told) -> None:
    while True:
        try:
            producer.produce(topic, value, key, on_delivery=told)
        except BufferError:
            # The queue is full; what was acknowledged leaves it.
            producer.poll(1.0)
        else:
            producer.poll(0)
            return
