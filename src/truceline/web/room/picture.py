"""What one kind of viewer sees, and what pages make of it, kept until the picture changes."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, TypeVar

from truceline.judgement.judgement import Judgement

Made = TypeVar("Made")

#: Kinds of viewer that are held at once: one a level of handling, and one a party.
MOST: Final = 12


@dataclass
class Picture:
    """A judgement as one kind of viewer sees it.

    Attributes
    ----------
    judgement : Judgement
        What is seen.
    """

    judgement: Judgement
    _made: dict[str, Any] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def once(self, name: str, make: Callable[[Judgement], Made]) -> Made:
        """Return what is made of the judgement, made when it is first asked for."""
        with self._lock:
            if name not in self._made:
                self._made[name] = make(self.judgement)
            made: Made = self._made[name]
            return made


@dataclass
class Pictures:
    """The pictures of all kinds of viewer; a new judgement drops them all."""

    _held: dict[Hashable, Picture] = field(default_factory=dict)
    _of: tuple[Judgement, ...] = ()
    _lock: Lock = field(default_factory=Lock)

    def of(
        self, key: Hashable, bases: tuple[Judgement, ...], make: Callable[[], Judgement]
    ) -> Picture:
        """Return the picture of a kind of viewer.

        Parameters
        ----------
        key : hashable
            All that decides what is seen, beside the judgements.
        bases : tuple of Judgement
            What it is made from; others than before drop what is held.
        make : callable
            Makes it.
        """
        with self._lock:
            if [id(base) for base in bases] != [id(base) for base in self._of]:
                self._held.clear()
                self._of = bases
            if key not in self._held:
                while len(self._held) >= MOST:
                    self._held.pop(next(iter(self._held)))
                self._held[key] = Picture(make())
            return self._held[key]
