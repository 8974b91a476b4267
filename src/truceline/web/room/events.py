"""Live updates: who is listening is told that something changed, never what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Literal

#: Whom an event is for: those who work in the room, or all who have come in.
Audience = Literal["work", "all"]

#: Events that wait for one slow listener at most; the rest are dropped, since each only
#: says that it is time to look again.
_WAITING: Final = 16

#: Seconds after which a line is kept open with a comment.
KEEP_OPEN_S: Final = 15.0

_Listener = tuple[asyncio.AbstractEventLoop, "asyncio.Queue[str]", bool]


@dataclass
class Events:
    """Who is listening."""

    _listeners: list[_Listener] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def tell(self, name: str, audience: Audience) -> None:
        """Tell the listeners, from any thread."""
        with self._lock:
            listeners = list(self._listeners)
        for loop, queue, works in listeners:
            if audience == "all" or works:
                loop.call_soon_threadsafe(_put, queue, name)

    async def listen(self, *, works: bool) -> AsyncIterator[str]:
        """Yield server-sent events (HTML Living Standard, section 9.2) as they come."""
        listener: _Listener = (asyncio.get_running_loop(), asyncio.Queue(_WAITING), works)
        with self._lock:
            self._listeners.append(listener)
        try:
            yield "retry: 3000\n\n"
            while True:
                try:
                    name = await asyncio.wait_for(listener[1].get(), KEEP_OPEN_S)
                    yield f"event: {name}\ndata: changed\n\n"
                except TimeoutError:
                    yield ": still here\n\n"
        finally:
            with self._lock:
                self._listeners.remove(listener)


def _put(queue: asyncio.Queue[str], name: str) -> None:
    if not queue.full():
        queue.put_nowait(name)
