"""The picture kept up: looked at anew when something was sent in, judged whole every so often."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event, Thread

import structlog

from truceline.core.types.errors import TrucelineError
from truceline.web.room.alerts import deliver, targets_of
from truceline.web.room.room import Room
from truceline.web.room.spots import issue_by_limit

_log = structlog.get_logger(__name__)


def keep_up(room: Room, every_s: float, wake: Event, stop: Event) -> tuple[Thread, Thread]:
    """Start two threads that keep the picture up, and return them.

    One looks again at what reports have changed, as they come; the other takes the feeds in and
    judges the whole case every so often. What was waiting when the room was last closed is
    looked at first.

    Parameters
    ----------
    every_s : float
        Time between two judgements of the whole, seconds.
    wake : Event
        Set when there is something new.
    stop : Event
        Set when it is to end; `wake` is then set too.
    """
    wake.set()

    def look() -> None:
        while not stop.is_set():
            if wake.wait(every_s):
                wake.clear()
                if not stop.is_set():
                    _tried(room.look_again)
            _tried(lambda: issue_by_limit(room))
            _tried(lambda: _delivered(room))

    def judge() -> None:
        while not stop.wait(every_s):
            _tried(room.judge_again)

    threads = (
        Thread(target=look, name="look-again", daemon=True),
        Thread(target=judge, name="judge-again", daemon=True),
    )
    for thread in threads:
        thread.start()
    return threads


def _tried(step: Callable[[], object]) -> None:
    try:
        step()
    except TrucelineError as error:
        # The last picture stays; who runs the server reads why there is no newer one.
        _log.error("the case cannot be judged", **error.as_dict())


def _delivered(room: Room) -> None:
    deliver(room.database, targets_of(room.folder), room.folder / "issues", room.clock())
