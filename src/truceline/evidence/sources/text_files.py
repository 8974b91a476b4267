"""Text as the world writes it, packed or in another encoding, read as bytes of UTF-8."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from truceline.core.types.errors import InputError, Where

#: First bytes of a file packed by gzip.
_PACKED: Final = b"\x1f\x8b"

#: First bytes of UTF-16: they say so beyond doubt, whatever else was told.
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

#: Bytes turned at a time.
_PIECE: Final = 1 << 20


@contextmanager
def open_text(path: Path, encoding: str = "utf-8") -> Iterator[BinaryIO]:
    """Open a file of text as bytes of UTF-8, unpacked on the way if it is packed by gzip.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        `utf-8`, which is passed on as it is; `sniff`, UTF-8 if the whole file is so and
        otherwise Latin-1; or an encoding that Python knows, such as `windows-1251`. A file that
        begins with the mark of UTF-16 is read as that.

    Raises
    ------
    InputError
        Where the packing is broken.
    """
    try:
        with _unpacked(path) as stream:
            is_utf16 = stream.peek(2)[:2] in _UTF16
            if not is_utf16 and encoding == "sniff":
                encoding = "utf-8" if _is_utf8(path) else "latin-1"
            if is_utf16 or codecs.lookup(encoding).name not in {"utf-8", "utf-8-sig"}:
                yield io.BufferedReader(_Turned(stream, "utf-16" if is_utf16 else encoding))
            else:
                yield stream
    except (gzip.BadGzipFile, EOFError, zlib.error) as cause:
        raise InputError(
            f"the file cannot be unpacked: {str(cause) or 'it is cut short'}.",
            where=Where(str(path)),
            hint="Fetch it again.",
        ) from cause


def is_encoding(name: str) -> bool:
    """Return whether text can be read by an encoding of that name.

    Examples
    --------
    >>> is_encoding("windows-1251"), is_encoding("rot13"), is_encoding("cyrillic, I think")
    (True, False, False)
    """
    try:
        return name == "sniff" or isinstance(b"1".decode(name), str)
    except (LookupError, UnicodeError, ValueError):
        return False


def _unpacked(path: Path) -> io.BufferedReader:
    with path.open("rb") as stream:
        packed = stream.read(2) == _PACKED
    if packed:
        return io.BufferedReader(gzip.GzipFile(path, "rb"))
    return path.open("rb")


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with _unpacked(path) as stream:
            while piece := stream.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


class _Turned(io.RawIOBase):
    """A stream of another encoding as UTF-8; what is no letter in it becomes U+FFFD."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._stream = stream
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._held = b""
        self._ended = False

    def readable(self) -> bool:
        """Return yes."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill a buffer as far as the next piece goes; return how many bytes."""
        while not self._held and not self._ended:
            piece = self._stream.read(_PIECE)
            self._ended = not piece
            self._held = self._decoder.decode(piece, self._ended).encode()
        view = memoryview(buffer)  # type: ignore[arg-type]
        given, self._held = self._held[: len(view)], self._held[len(view) :]
        view[: len(given)] = given
        return len(given)
