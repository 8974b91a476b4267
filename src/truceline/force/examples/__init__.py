"""Positions and forces ready to plan with: facts in our own words, each with its source."""

from __future__ import annotations

from pathlib import Path

from truceline.core.types.errors import InputError

_FOLDER = Path(__file__).parent


def example_names() -> tuple[str, ...]:
    """Return the names of the examples.

    Examples
    --------
    >>> "coalition" in example_names()
    True
    """
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def example_path(name: str) -> Path:
    """Return the file of an example.

    Examples
    --------
    >>> example_path("coalition").name
    'coalition.yaml'
    """
    if name not in example_names():
        raise InputError(
            f"there is no example {name!r}.", hint=f"There are: {', '.join(example_names())}."
        )
    return _FOLDER / f"{name}.yaml"
