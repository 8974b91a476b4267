"""Messages of a topic taken into files: each is in exactly one, whenever the process dies.

A run of messages of one partition becomes a file of lines, a message a line, named after the
first and the last offset in it. It is written aside, made durable and renamed. So the messages
and the place reached in the topic become known together, in one rename, and are kept here and
not with the broker. What was received stays as it came, to be read again by anyone.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from truceline.core.topics.broker import PATIENCE, quiet, refused
from truceline.core.types.errors import FetchError, StoreError, Where

#: Bytes of messages after which a round of receiving ends; the next goes on.
MOST_BYTES: Final = 64 << 20

_NAME: Final = re.compile(r"(\d{20})-(\d{20})\.lines")


@dataclass(frozen=True)
class Topic:
    """A topic whose messages are lines of a feed.

    Attributes
    ----------
    name : str
        Name of the topic.
    head : str or None
        Line put in front of each file, such as a table's header.
    """

    name: str
    head: str | None = None


@dataclass(frozen=True)
class _Message:
    offset: int
    value: str | bytes | None


class Receiver:
    """Takes the messages of a topic into files, from where the files there end.

    Parameters
    ----------
    settings : dict
        The broker's, from `read_settings`.
    topic : Topic
        Which topic.
    folder : Path
        Folder of this topic's files; made where it does not exist.
    """

    def __init__(self, settings: dict[str, str], topic: Topic, folder: Path) -> None:
        self._settings, self._topic, self._folder = settings, topic, folder
        self._reached: dict[int, int] = {}
        self._consumer = Consumer(
            {
                **quiet(settings),
                # A group is asked for by the library; none is joined, and none keeps offsets.
                "group.id": "truceline",
                "enable.auto.commit": False,
                "enable.auto.offset.store": False,
                "enable.partition.eof": True,
                "auto.offset.reset": "error",
            }
        )

    def receive(self) -> list[Path]:
        """Take what is there now, up to some bytes; return the files made of it.

        Raises
        ------
        FetchError
            If the broker does not answer, or no longer holds the messages that come next.
            Nothing of this round was taken then.
        """
        try:
            taken = self._take()
        except KafkaException as cause:
            raise refused(self._settings, self._topic.name, cause.args[0].str()) from cause
        return [
            self._keep(partition, run)
            for partition, run in sorted(taken.items())
            # A message without a value is a mark for compaction and says nothing.
            if any(message.value is not None for message in run)
        ]

    def close(self) -> None:
        """Leave the broker."""
        self._consumer.close()

    def _take(self) -> dict[int, list[_Message]]:
        partitions = self._partitions()
        self._consumer.assign(
            [TopicPartition(self._topic.name, p, self._next(p)) for p in partitions]
        )
        taken: dict[int, list[_Message]] = {p: [] for p in partitions}
        ended: set[int] = set()
        size = 0
        while ended != partitions and size < MOST_BYTES:
            message = self._consumer.poll(PATIENCE)
            if message is None:
                # Some brokers say nothing of a place that they do not have.
                for partition in partitions - ended:
                    self._hold_reached(partition)
                break
            partition, error = message.partition() or 0, message.error()
            if error is None:
                taken[partition].append(_Message(message.offset() or 0, message.value()))
                size += len(message.value() or b"")
            elif error.code() == KafkaError._PARTITION_EOF:
                ended.add(partition)
                self._hold_reached(partition)
            elif error.code() == KafkaError._AUTO_OFFSET_RESET:
                raise self._gone(partition)
            else:
                raise refused(self._settings, self._topic.name, error.str())
        return taken

    def _hold_reached(self, partition: int) -> None:
        """Refuse a topic that ends before what was received of it: it was made anew."""
        whole = TopicPartition(self._topic.name, partition)
        bounds = self._consumer.get_watermark_offsets(whole, cached=True)
        if bounds is not None and 0 <= bounds[1] < self._next(partition):
            raise self._gone(partition)

    def _partitions(self) -> set[int]:
        found = self._consumer.list_topics(self._topic.name, timeout=PATIENCE)
        told = found.topics[self._topic.name]
        if told.error is not None:
            raise refused(self._settings, self._topic.name, told.error.str())
        return set(told.partitions)

    def _next(self, partition: int) -> int:
        """Return the offset after the last that a file here holds."""
        if partition not in self._reached:
            names = self._folder_of(partition).glob("*.lines")
            ends = [int(found[2]) for name in names if (found := _NAME.fullmatch(name.name))]
            self._reached[partition] = max(ends) + 1 if ends else OFFSET_BEGINNING
        return self._reached[partition]

    def _gone(self, partition: int) -> FetchError:
        return FetchError(
            f"the topic {self._topic.name!r} no longer holds the messages from "
            f"{self._next(partition)} on of partition {partition}: some were never received.",
            where=Where(str(self._folder_of(partition))),
            hint="Move that folder away to begin with what the topic holds; rows there are "
            "known by their identity and are not counted twice.",
        )

    def _folder_of(self, partition: int) -> Path:
        return self._folder / f"{partition:05d}"

    def _keep(self, partition: int, run: Sequence[_Message]) -> Path:
        folder = self._folder_of(partition)
        name = f"{run[0].offset:020d}-{run[-1].offset:020d}.lines"
        lines = [line_of(message.value) for message in run if message.value is not None]
        head = [] if self._topic.head is None else [self._topic.head]
        try:
            _write_durably(folder, name, "\n".join([*head, *lines, ""]))
        except OSError as cause:
            raise StoreError(
                f"messages cannot be kept: {cause.strerror}.",
                where=Where(str(folder)),
                hint="Check the folder's rights and free space; they are received again.",
            ) from cause
        self._reached[partition] = run[-1].offset + 1
        return folder / name


def line_of(value: str | bytes | None) -> str:
    """Return a message as one line of text.

    In JSON a line break between values is a blank like any other; what is no UTF-8 is marked.

    Examples
    --------
    >>> line_of(b'{"a":' + bytes([10]) + b' 1}')
    '{"a":  1}'
    """
    text = value if isinstance(value, str) else (value or b"").decode("utf-8", "replace")
    return text.strip("\r\n").replace("\r", " ").replace("\n", " ")


def _write_durably(folder: Path, name: str, text: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{name}.part"
    with aside.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    aside.rename(folder / name)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
