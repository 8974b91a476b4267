"""The picture kept up: judged anew when something was sent in, and at the latest every so often."""

from __future__ import annotations

from threading import Event, Thread

import structlog

from truceline.core.types.errors import TrucelineError
from truceline.web.room.alerts import deliver, targets_of
from truceline.web.room.room import Room

_log = structlog.get_logger(__name__)


def keep_up(room: Room, every_s: float, wake: Event, stop: Event) -> Thread:
    """Start a thread that judges the case again, and return it.

    Parameters
    ----------
    every_s : float
        Longest time between two judgements, seconds.
    wake : Event
        Set when there is something new.
    stop : Event
        Set when it is to end; `wake` is then set too.
    """

    def run() -> None:
        while True:
            wake.wait(every_s)
            wake.clear()
            if stop.is_set():
                return
            try:
                room.judge_again()
                deliver(
                    room.database, targets_of(room.folder), room.folder / "issues", room.clock()
                )
            except TrucelineError as error:
                # The last picture stays; who runs the server reads why there is no newer one.
                _log.error("the case cannot be judged", **error.as_dict())

    thread = Thread(target=run, name="keep-up", daemon=True)
    thread.start()
    return thread
