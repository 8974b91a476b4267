"""Where each row of a delimited text begins and ends, in one pass over its bytes."""

from __future__ import annotations

from dataclasses import dataclass

import numba as nb
import numpy as np
import numpy.typing as npt

#: What can be wrong with a row, as bits.
UNEVEN, QUOTE, NUL, LONG = 1, 2, 4, 8

#: A row longer than this is no row but a sign of a broken file.
LONGEST_ROW = 1 << 20

_QUOTE, _LINE_FEED, _RETURN = 0x22, 0x0A, 0x0D

Bytes = npt.NDArray[np.uint8]
Positions = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bounds:
    """The rows found in a stretch of bytes.

    Attributes
    ----------
    start, end : array of int64
        Each row is ``data[start:end]``, its line end included.
    fault : array of uint8
        0, or the sum of `UNEVEN`, `QUOTE`, `NUL` and `LONG`.
    used : int
        Bytes that belong to these rows; the rest is the beginning of a row.
    cut : bool
        Whether the last row was cut at the end of the stretch because it is too long, so
        that what follows up to the next line end belongs to it.
    """

    start: Positions
    end: Positions
    fault: Bytes
    used: int
    cut: bool


def find_rows(
    data: bytes, fields: int, *, separator: str = ",", last: bool = True, longest: int = LONGEST_ROW
) -> Bounds:
    r"""Return the rows of a text by RFC 4180, and what is wrong with each.

    A quote opens a field only at its beginning. Where a row over several lines does not
    add up, it is taken to be broken in its first line, and reading goes on with the next
    line: one stray quote costs one line, not the rest of the file. Blank lines are no rows.

    Parameters
    ----------
    data : bytes
        The text, from the beginning of a row.
    fields : int
        How many fields a row has.
    separator : str
        Between fields, one ASCII character.
    last : bool
        Whether the text ends here, so that its last row may lack a line end.
    longest : int
        Bytes of the longest row that is believed.

    Examples
    --------
    >>> found = find_rows(b'a,b\n"c,\n d",e\nf\n', 2)
    >>> found.start.tolist(), found.fault.tolist()
    ([0, 4, 14], [0, 0, 1])
    """
    buffer = np.frombuffer(data, np.uint8)
    room = int(np.count_nonzero(buffer == _LINE_FEED)) + 1
    start, end = np.empty(room, np.int64), np.empty(room, np.int64)
    fault = np.empty(room, np.uint8)
    shape = (fields, ord(separator), longest)
    count, used, cut = _scan(buffer, shape, last, start, end, fault)
    return Bounds(start[:count], end[:count], fault[:count], used, cut)


@nb.njit(cache=True)
def _row(
    buffer: Bytes, begin: int, separator: int, longest: int
) -> tuple[int, int, int, int, bool]:  # pragma: no cover - compiled
    """Return the end of a row, its fields, faults, the end of its first line, if it is whole."""
    quoted, fresh, fields, fault, line = False, True, 1, 0, -1
    size = len(buffer)
    i = begin
    while i < size:
        byte = buffer[i]
        i += 1
        if byte == 0:
            fault |= NUL
        if quoted:
            if byte == _QUOTE:
                if i < size and buffer[i] == _QUOTE:
                    i += 1
                else:
                    quoted = False
                    if i < size and buffer[i] not in (separator, _LINE_FEED, _RETURN):
                        fault |= QUOTE
            elif byte == _LINE_FEED and line < 0:
                line = i
        elif byte == _LINE_FEED:
            return i, fields, fault, line, True
        elif byte == separator:
            fields += 1
            fresh = True
            continue
        elif byte == _QUOTE:
            if fresh:
                quoted = True
            else:
                fault |= QUOTE
        fresh = False
        if i - begin > longest and line >= 0:
            return i, fields, fault | QUOTE, line, True
    return i, fields, fault | QUOTE if quoted else fault, line, False


@nb.njit(cache=True)
def _is_blank(buffer: Bytes, begin: int, end: int) -> bool:  # pragma: no cover - compiled
    while begin < end and (buffer[begin] == _LINE_FEED or buffer[begin] == _RETURN):
        begin += 1
    return begin == end


@nb.njit(cache=True)
def _scan(
    buffer: Bytes,
    shape: tuple[int, int, int],
    last: bool,
    starts: Positions,
    ends: Positions,
    faults: Bytes,
) -> tuple[int, int, bool]:  # pragma: no cover - compiled
    expected, separator, longest = shape
    size = len(buffer)
    count, begin, cut = 0, 0, False
    while begin < size:
        end, fields, fault, line, whole = _row(buffer, begin, separator, longest)
        if not whole and not last:
            if end - begin <= longest:
                break
            cut = True
        if fields != expected:
            fault |= UNEVEN
        if fault != 0 and line >= 0 and not cut:
            end, fault = line, QUOTE
        if end - begin > longest:
            fault |= LONG
        if not _is_blank(buffer, begin, end):
            starts[count], ends[count], faults[count] = begin, end, fault
            count += 1
        begin = end
    return count, begin, cut
