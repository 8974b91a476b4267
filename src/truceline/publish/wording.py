"""Words and numbers in the reader's language: catalogues, decimal marks, two clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from truceline.core.types.time import DAY, HOUR, day_bounds, format_time, from_micros, zone_of

#: Decimal mark and mark between thousands, by language.
MARKS: Mapping[str, tuple[str, str]] = {
    "en": (".", ","),
    "uk": (",", "\u202f"),
    "ru": (",", "\u202f"),
}


@dataclass(frozen=True)
class Wording:
    """One language's catalogue, with the case's names and local time.

    Attributes
    ----------
    language : str
        `en`, `uk` or `ru`.
    words : mapping
        Sentences by key, with fields in braces.
    names : mapping
        The case's own names by id: parties, sectors.
    timezone : str
        IANA name of the local time.
    """

    language: str
    words: Mapping[str, str]
    names: Mapping[str, str]
    timezone: str = "UTC"

    def say(self, key: str, **values: object) -> str:
        """Return the sentence of a key with its fields filled; an unknown key is an error."""
        return self.words[key].format(**values)

    def term(self, family: str, code: str | None) -> str:
        """Return the word for a code of a closed list; a code without one is shown plainly."""
        if code is None:
            return self.words[f"{family}.none"]
        return self.words.get(f"{family}.{code}", code.replace("_", " "))

    def name(self, code: str | None, family: str) -> str:
        """Return the case's name for a party or sector, or the word for having none."""
        if code is not None and code in self.names:
            return self.names[code]
        return self.term(family, code)

    def number(self, value: float | None, digits: int = 0) -> str:
        r"""Return a number with the language's marks, or the word for not known.

        Examples
        --------
        >>> Wording("uk", {}, {}).number(2935.5, 1)
        '2\u202f935,5'
        """
        if value is None:
            return self.words["not_known"]
        point, thousands = MARKS[self.language]
        text = f"{value:,.{digits}f}"
        return text.replace(",", "\0").replace(".", point).replace("\0", thousands)

    def figure(self, value: float | None) -> str:
        """Return a number with as many digits as it can bear, about three."""
        if value is None or value == int(value):
            return self.number(value)
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        if 0 < abs(value) < 0.01:
            digits = 4
        return self.number(value, digits)

    def probability(self, p: float | None) -> str:
        """Return a probability to two digits; what is not certain is never shown as 0 or 1.

        Examples
        --------
        >>> words = Wording("en", {}, {})
        >>> words.probability(0.9999), words.probability(0.0), words.probability(0.934)
        ('>0.99', '0', '0.93')
        """
        if p is None or p in (0.0, 1.0):
            return self.number(p)
        if p >= 0.995:
            return f">{self.number(0.99, 2)}"
        return f"<{self.number(0.01, 2)}" if p <= 0.005 else self.number(p, 2)

    def share(self, value: float | None) -> str:
        """Return a share in per cent; what is not the whole is never shown as the whole."""
        if value is None:
            return self.words["not_known"]
        if 0 < value <= 0.005:
            return "<1\u00a0%"
        if 0.995 <= value < 1:
            return ">99\u00a0%"
        return f"{self.number(100 * value)}\u00a0%"

    def interval(self, value: float | None, low: float | None, high: float | None) -> str:
        """Return an estimate with the ends of its interval."""
        if value is None:
            return self.words["not_known"]
        if low is None or high is None:
            return self.figure(value)
        return f"{self.figure(value)} ({self.figure(low)}\u2013{self.figure(high)})"

    def bits(self, value: float) -> str:
        """Return a weight of evidence with its sign."""
        sign = "+" if value > 0 else "\u2212" if value < 0 else ""
        return f"{sign}{self.number(abs(value), 1)}"

    def utc(self, micros: int) -> str:
        """Return a time in UTC, to the minute."""
        return from_micros(micros).strftime("%Y-%m-%d %H:%M UTC")

    def local(self, micros: int) -> str:
        """Return the same time in the case's local time, with its offset."""
        moment = from_micros(micros).astimezone(zone_of(self.timezone))
        offset = format_time(micros, self.timezone)[-6:].removesuffix("Z")
        return f"{moment:%Y-%m-%d %H:%M} {offset or '+00:00'}".strip()

    def both(self, micros: int) -> str:
        """Return the time on both clocks."""
        if self.timezone == "UTC":
            return self.utc(micros)
        return f"{self.utc(micros)} \u00b7 {self.local(micros)}"

    def when(self, best: int, start: int, end: int) -> str:
        """Return when something was, no more exactly than it is known.

        Known to the hour it is the best time on both clocks; known only by its local day it is
        that day; else the best time, or its day, is followed by how far it may be off.

        Parameters
        ----------
        best, start, end : int
            Best single time, and the times it lies between, UTC microseconds.
        """
        if end - start < HOUR:
            return self.both(best)
        day = from_micros(best).astimezone(zone_of(self.timezone)).date()
        first, following = day_bounds(day, self.timezone)
        if end - start >= 23 * HOUR and first <= start and end <= following:
            return self.say("time.day", day=f"{day:%Y-%m-%d}")
        off = max(best - start, end - best)
        if off <= DAY:
            return self.say("time.hours", time=self.both(best), off=-(-off // HOUR))
        return self.say("time.days", day=f"{day:%Y-%m-%d}", off=-(-off // DAY))
