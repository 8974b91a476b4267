"""One request at a time: from the cache or the feed, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx2

from truceline.core.types.errors import FetchError, Where
from truceline.evidence.fetch.patience import Pace
from truceline.evidence.fetch.secret import Secret, kept_from_logs

#: Answers after which another attempt may help.
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})

#: Answers that mean the key.
_KEY: Final = frozenset({401, 403})


@dataclass(frozen=True)
class Request:
    """What is asked for, with and without the key.

    Attributes
    ----------
    address : str
        The address as it may be told: the key's place says `***`.
    name : str
        Readable beginning of the name of the file in the cache.
    suffix : str
        Of that file.
    secret : Secret or None
        The key.
    headers : mapping
        Names of headers that carry the key.
    """

    address: str
    name: str
    suffix: str
    secret: Secret | None = None
    headers: tuple[str, ...] = ()

    def url(self) -> str:
        """Return the address with the key in its place."""
        if self.secret is None:
            return self.address
        return self.address.replace("***", self.secret.reveal())

    def sent_headers(self) -> dict[str, str]:
        """Return the headers with the key in them."""
        return {} if self.secret is None else dict.fromkeys(self.headers, self.secret.reveal())


class Unusable(Exception):  # noqa: N818 - it is told as the reason of a FetchError
    """An answer that is not what the feed documents, though it says it is well.

    Parameters
    ----------
    reason : str
        One clause.
    passing : bool
        Whether another attempt may help.
    hint : str
        What the user can do.
    """

    def __init__(self, reason: str, *, passing: bool, hint: str = "Try again later.") -> None:
        super().__init__(reason)
        self.reason, self.passing, self.hint = reason, passing, hint


@dataclass(frozen=True)
class _Failure:
    reason: str
    passing: bool
    hint: str
    retry_after: str | None = None


def _silent(sentence: str) -> None:
    """Tell nobody."""


@dataclass
class Fetcher:
    """Gets files of a feed into a cache.

    A file in the cache is whole: it is written beside and moved into place. So a fetch that
    was stopped goes on where it was when it is started again.

    Attributes
    ----------
    cache : Path
        Folder of files, named by a digest of the request without its key.
    pace : Pace
        Rate limit and waits.
    told : callable
        Takes a sentence about each wait.
    """

    cache: Path
    pace: Pace
    told: Callable[[str], None] = _silent

    def fetch(self, request: Request, check: Callable[[Path], None], *, keep: bool = True) -> Path:
        """Return the file of a request.

        Parameters
        ----------
        request : Request
            What to ask for.
        check : callable
            Raises `Unusable` where the file is not what the feed documents.
        keep : bool
            Whether a file in the cache is good for ever; otherwise it is asked for again.

        Raises
        ------
        FetchError
            Where the feed does not answer as documented. No key is in it.
        """
        path = self.cache / f"{request.name}-{_digest(request.address)}{request.suffix}"
        if keep and _is_usable(path, check):
            return path
        failure = _Failure("it was not asked", passing=True, hint="")
        for attempt in range(self.pace.patience.attempts):
            self.pace.take_turn()
            found = self._attempt(request, path, check)
            if found is None:
                return path
            failure = found
            if not failure.passing:
                break
            if attempt + 1 < self.pace.patience.attempts:
                self._wait(attempt, failure, request)
        raise _error(failure, request)

    def _wait(self, attempt: int, failure: _Failure, request: Request) -> None:
        seconds = self.pace.wait_s(attempt, failure.retry_after)
        if seconds > self.pace.patience.longest_wait_s:
            raise FetchError(
                f"the feed asks to wait {seconds:,.0f} s.",
                where=Where(request.address),
                hint="Run the fetch again then; what was fetched is kept.",
            )
        self.told(f"{request.address}: {failure.reason}; again in {seconds:.1f} s")
        self.pace.sleep(seconds)

    def _attempt(
        self, request: Request, path: Path, check: Callable[[Path], None]
    ) -> _Failure | None:
        """Try once. The cause of a failure is not kept: it may hold the address with the key."""
        part = path.with_name(f"{path.name}.part-{os.getpid()}")
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            with kept_from_logs(request.secret):
                failure = self._download(request, part)
            if failure is None:
                check(part)
                part.replace(path)
        except Unusable as unusable:
            reason = _plain(unusable.reason, request.secret)
            return _Failure(reason, passing=unusable.passing, hint=unusable.hint)
        except httpx2.TransportError as cause:
            return _Failure(_transport(cause), passing=True, hint="Check the connection.")
        except (httpx2.InvalidURL, httpx2.HTTPError) as cause:
            return _Failure(_transport(cause), passing=False, hint="Check the feed's address.")
        except OSError as cause:
            return _Failure(
                f"the cache cannot be written: {cause.strerror}",
                passing=False,
                hint=f"Check the folder {self.cache}.",
            )
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return failure

    def _download(self, request: Request, part: Path) -> _Failure | None:
        limit = self.pace.patience.largest_bytes
        client = httpx2.Client(timeout=self.pace.patience.timeout_s, follow_redirects=False)
        with (
            client,
            client.stream("GET", request.url(), headers=request.sent_headers()) as answer,
        ):
            if answer.status_code != 200:
                return _refused(answer, request)
            with part.open("wb") as out:
                size = 0
                for piece in answer.iter_bytes():
                    size += len(piece)
                    if size > limit:
                        return _Failure(
                            f"the answer is longer than {limit:,} bytes",
                            passing=False,
                            hint="Ask for a smaller area or a shorter time.",
                        )
                    out.write(piece)
                out.flush()
                os.fsync(out.fileno())
        return None


def _is_usable(path: Path, check: Callable[[Path], None]) -> bool:
    """Return whether a file of the cache is there and still what it should be."""
    if not path.is_file():
        return False
    try:
        check(path)
    except Unusable:
        return False
    return True


def head_of(path: Path, size: int = 65536) -> bytes:
    """Return the beginning of a fetched file."""
    with path.open("rb") as stream:
        return stream.read(size)


def refuse_html(head: bytes) -> None:
    """Raise `Unusable` where a page for people came instead of data."""
    start = head.lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        raise Unusable("a web page came instead of data", passing=True)


def _refused(answer: httpx2.Response, request: Request) -> _Failure:
    status = answer.status_code
    said = b""
    for piece in answer.iter_bytes():
        said += piece
        if len(said) >= 2000:
            break
    words = _plain(said[:2000].decode("utf-8", "replace"), request.secret)
    reason = f"the feed answered {status}" + (f": {words}" if words else "")
    if status in _KEY:
        return _Failure(reason, passing=False, hint="Check the key.")
    if status not in _PASSING:
        return _Failure(reason, passing=False, hint="Check what was asked for.")
    return _Failure(
        reason,
        passing=True,
        hint="Try again later; what was fetched is kept.",
        retry_after=answer.headers.get("retry-after"),
    )


def _plain(text: str, secret: Secret | None) -> str:
    """Return what a feed said as one short line, without markup and without the key."""
    hidden = text if secret is None else secret.hidden_in(text)
    return " ".join(re.sub(r"<[^>]*>", " ", hidden).split())[:200].rstrip(".")


def _transport(cause: Exception) -> str:
    words = re.sub(r"([a-z])([A-Z])", r"\1 \2", type(cause).__name__).lower()
    return f"the connection failed ({words})"


def _error(failure: _Failure, request: Request) -> FetchError:
    return FetchError(f"{failure.reason}.", where=Where(request.address), hint=failure.hint or None)


def _digest(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:24]
