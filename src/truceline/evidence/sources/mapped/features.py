"""GeoJSON of any size, feature by feature: the file is never held as a whole."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from truceline.core.types.errors import InputError, Where
from truceline.evidence.sources.text_files import open_text

#: Characters read at a time.
_BLOCK: Final = 1 << 20

#: A feature longer than this is a fault, or no feature.
LARGEST_FEATURE: Final = 64 << 20

_START: Final = re.compile(r'"features"\s*:\s*\[')
_BETWEEN: Final = re.compile(r"[\s,\x1e]*")
_DECODER: Final = json.JSONDecoder()


def stream_features(path: Path) -> Iterator[dict[str, object]]:
    """Yield the features of a FeatureCollection, or of a text with one feature a line.

    Raises
    ------
    InputError
        At the first place that is no JSON; what came before has been yielded.
    """
    where = Where(str(path))
    try:
        with open_text(path) as packed:
            stream = io.TextIOWrapper(packed, encoding="utf-8-sig")
            yield from _Features(stream, where).read()
    except UnicodeDecodeError as cause:
        raise InputError(
            "the file holds bytes that are not UTF-8.", where=where, hint="Save it as UTF-8."
        ) from cause


class _Features:
    """Text that is held, and where the next feature begins in it."""

    def __init__(self, stream: TextIO, where: Where) -> None:
        self._stream = stream
        self._file = where.file
        self._held = stream.read(_BLOCK)
        self._at = 0
        self._number = 0
        self._ended = len(self._held) < _BLOCK

    def read(self) -> Iterator[dict[str, object]]:
        start = _START.search(self._held)
        if start is None and not self._held.lstrip("\x1e \r\n\t").startswith("{"):
            raise InputError(
                "the file is no GeoJSON.",
                where=Where(self._file),
                hint="Export it as a FeatureCollection.",
            )
        self._at = 0 if start is None else start.end()
        while self._skip() and self._held[self._at] != "]":
            yield self._next()
        if start is not None and self._at >= len(self._held):
            raise self._broken("the list of features is not closed")

    def _skip(self) -> bool:
        """Go to the beginning of the next value; return whether there is one."""
        while True:
            found = _BETWEEN.match(self._held, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._held):
                return True
            if not self._more():
                return False

    def _more(self) -> bool:
        if self._ended:
            return False
        piece = self._stream.read(max(_BLOCK, len(self._held) - self._at))
        self._held = self._held[self._at :] + piece
        self._at = 0
        self._ended = not piece
        return bool(piece)

    def _next(self) -> dict[str, object]:
        self._number += 1
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._held, self._at)
            except RecursionError as cause:
                raise self._broken("a feature is nested too deeply") from cause
            except ValueError as cause:
                too_long = len(self._held) - self._at > LARGEST_FEATURE
                if too_long or not self._more():
                    raise self._broken("a feature is no whole JSON") from cause
                continue
            if not isinstance(value, dict):
                raise self._broken("an entry is no feature")
            return value

    def _broken(self, problem: str) -> InputError:
        return InputError(
            f"{problem}.",
            where=Where(self._file, row=max(1, self._number)),
            hint="Mend the file there, or export it again.",
        )
