"""Processes for jobs that are kept one by one: they end with the program that started them."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context, parent_process


def spawned(workers: int) -> ProcessPoolExecutor:
    """Return a pool of fresh processes, none of which outlives a parent that was killed.

    A worker of the standard library waits for work for ever when nobody is left to send any.
    """
    return ProcessPoolExecutor(
        workers, mp_context=get_context("spawn"), initializer=_end_with_parent
    )


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is None:  # pragma: no cover - a worker always has one
        return

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
