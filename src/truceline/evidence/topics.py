"""The topics of a case's feeds: their messages become files, and files are what sources read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from truceline.agreement.case import Case
from truceline.core.types.errors import TermsError, Where

if TYPE_CHECKING:
    from truceline.core.topics.receiving import Receiver

#: Folder of a watch's output in which messages lie, a folder a topic.
RECEIVED = "received"


@contextmanager
def receivers(
    case: Case, broker: dict[str, str] | None, output: Path
) -> Iterator[tuple[Receiver, ...]]:
    """Open what takes the messages of each topic of a case, and close it.

    Parameters
    ----------
    case : Case
        The case.
    broker : dict or None
        How the broker is reached; None where none was named.
    output : Path
        Folder of the watch.

    Raises
    ------
    TermsError
        If the case has topics and no broker was named.
    """
    topics = {feed.topic: feed.head for feed in case.feeds if feed.topic is not None}
    if not topics:
        yield ()
        return
    if broker is None:
        raise TermsError(
            f"the feeds take messages from {', '.join(topics)}, and no broker was named.",
            where=Where(str(case.folder / "sources.yaml")),
            hint="Name the file of its settings with `--broker FILE`.",
        )
    from truceline.core.topics.receiving import Receiver, Topic

    with ExitStack() as stack:
        opened = [
            Receiver(broker, Topic(name, head), output / RECEIVED / name)
            for name, head in topics.items()
        ]
        for receiver in opened:
            stack.callback(receiver.close)
        yield tuple(opened)
