"""Delimited text of any size, in batches of text columns, whatever state it is in."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from truceline.core.types.errors import InputError, Where

#: Rows a batch. A hundred thousand rows of text are some tens of megabytes.
BATCH_ROWS = 100_000

#: What a byte that is not UTF-8 is read as; a row that holds one is rejected.
UNREADABLE = "\ufffd"

ROW = "raw_row"


def header_of(head: bytes, separator: str = ",") -> tuple[str, ...]:
    r"""Return the column names in the first line of a file.

    Examples
    --------
    >>> header_of(b'\\xef\\xbb\\xbf"lat","lon"\\n1,2')
    ('lat', 'lon')
    """
    line = head.removeprefix(codecs.BOM_UTF8).split(b"\n", 1)[0].decode("utf-8", "replace")
    return tuple(name.strip().strip('"').strip() for name in line.strip().split(separator))


def read_text_batches(
    path: Path,
    required: Sequence[str],
    *,
    separator: str = ",",
    latin1: bool = False,
    batch_rows: int = BATCH_ROWS,
) -> Iterator[pl.DataFrame]:
    """Yield the file's rows as text, each with its number in `raw_row`, counted from 1.

    Parameters
    ----------
    path : Path
        The file.
    required : sequence of str
        Columns it must have; a missing one is one clear error.
    separator : str
        Between fields.
    latin1 : bool
        Whether a file that is not UTF-8 may be read as Latin-1. Otherwise its unreadable
        bytes become U+FFFD, by which the row is known and rejected.
    batch_rows : int
        Rows a batch at most.
    """
    _check_header(path, required, separator)
    with _as_utf8(path, latin1=latin1) as readable:
        table = pl.scan_csv(
            readable,
            infer_schema=False,
            separator=separator,
            encoding="utf8-lossy",
            truncate_ragged_lines=True,
            glob=False,
        ).rename(str.strip)
        count = 0
        try:
            for batch in table.collect_batches(chunk_size=batch_rows, maintain_order=True):
                numbers = pl.int_range(count + 1, count + 1 + len(batch), eager=True)
                count += len(batch)
                yield batch.with_columns(numbers.cast(pl.Int64).alias(ROW))
        except pl.exceptions.PolarsError as cause:
            raise InputError(
                f"the text stops making sense after row {count}: {str(cause).splitlines()[0]}",
                where=Where(str(path), row=count + 1),
                hint="Check quotes and line ends there, and read the file again.",
            ) from cause


def _check_header(path: Path, required: Sequence[str], separator: str) -> None:
    with path.open("rb") as stream:
        head = stream.read(1 << 20)
    if not head.strip():
        raise InputError("the file is empty.", where=Where(str(path)), hint="Fetch it again.")
    found = header_of(head, separator)
    missing = [name for name in required if name not in found]
    if missing:
        raise InputError(
            f"the columns {', '.join(missing)} are missing; found {', '.join(found)[:300]}.",
            where=Where(str(path), row=1),
            hint="Check that the file is of this source, or map its columns.",
        )
    if len(set(found)) != len(found):
        raise InputError(
            "a column name stands twice in the header.",
            where=Where(str(path), row=1),
            hint="Rename one of them.",
        )


@contextmanager
def _as_utf8(path: Path, *, latin1: bool) -> Iterator[Path]:
    """Give the file itself, or where it is Latin-1 a copy in UTF-8 for the time of reading."""
    if not latin1 or _is_utf8(path):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="truceline-") as folder:
        copy = Path(folder) / path.name
        with (
            path.open(encoding="latin-1", newline="") as old,
            copy.open("w", encoding="utf-8", newline="") as new,
        ):
            while piece := old.read(1 << 20):
                new.write(piece)
        yield copy


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
