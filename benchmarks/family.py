"""What a program and all processes that it started use, from Linux's own accounts."""

from __future__ import annotations

import os
import threading
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def family() -> list[int]:
    """Return this process and all that descend from it."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            fields = _fields(int(entry.name))
            if fields:
                children.setdefault(int(fields[1]), []).append(int(entry.name))
    found = [os.getpid()]
    for pid in found:
        found += children.get(pid, [])
    return found


def processor_seconds() -> float:
    """Return the seconds of a processor that the family used, ended members included."""
    used = 0
    for pid in family():
        # utime, stime and those of children that have ended.
        used += sum(map(int, _fields(pid)[11:15]))
    return used / _TICKS


class MemoryWatch:
    """The greatest memory of the family at one time, shared pages counted once, MB."""

    def __init__(self, seconds: float = 0.2) -> None:
        self.peak_mb = 0.0
        self._seconds, self._over = seconds, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> MemoryWatch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(self._seconds):
            self.peak_mb = max(self.peak_mb, sum(map(_share_mb, family())))


def _fields(pid: int) -> list[str]:
    """Return what `/proc` tells of a process after its name; nothing if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def _share_mb(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0.0
    return next((int(s.split()[1]) / 1024 for s in lines if s.startswith("Pss:")), 0.0)
