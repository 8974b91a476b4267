"""Worked examples of agreements, in our own words with sources; lines are schematic."""

from __future__ import annotations

from pathlib import Path

from truceline.core.types.errors import InputError

_FOLDER = Path(__file__).parent


def example_names() -> tuple[str, ...]:
    """Return the names of the examples.

    Examples
    --------
    >>> example_names()
    ('easter-2025', 'lebanon-2024', 'minsk-2', 'sinai')
    """
    return tuple(sorted(path.parent.name for path in _FOLDER.glob("*/agreement.yaml")))


def example_path(name: str) -> Path:
    """Return the `agreement.yaml` of an example.

    Examples
    --------
    >>> example_path("sinai").parent.name
    'sinai'
    """
    if name not in example_names():
        raise InputError(
            f"there is no example {name!r}.", hint=f"There are: {', '.join(example_names())}."
        )
    return _FOLDER / name / "agreement.yaml"
