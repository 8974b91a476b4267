"""The broker: how it is reached, and how its faults are said."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Final

from truceline.core.types.errors import FetchError, InputError, Where

#: Seconds to wait for a broker that does not answer.
PATIENCE: Final = 10.0

_NEEDED: Final = "bootstrap.servers"


def read_broker(path: Path) -> dict[str, str]:
    """Read a broker's settings, and see that the library that speaks to it is there.

    Raises
    ------
    InputError
        As `read_settings`; or if the library is not installed.
    """
    if find_spec("confluent_kafka") is None:
        raise InputError(
            "the library that speaks to a broker is not installed.",
            hint="Install it with: pip install 'truceline[kafka]'",
        )
    return read_settings(path)


def read_settings(path: Path) -> dict[str, str]:
    """Read a broker's settings: a line `name = value` each, in librdkafka's names.

    A file, since a password given on the command line can be seen by all on the machine.

    Raises
    ------
    InputError
        If the file cannot be read, a line is no setting, or the broker's address is missing.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as cause:
        raise InputError(
            "the settings of the broker cannot be read.",
            where=Where(str(path)),
            hint=f"Write a text file with the line `{_NEEDED} = HOST:PORT`.",
        ) from cause
    settings = {}
    for number, line in enumerate(lines, 1):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not name or name.startswith("#"):
            continue
        if not equals:
            raise InputError(
                "the line is no setting.",
                where=Where(str(path), number),
                hint="Write name = value.",
            )
        settings[name] = value
    if _NEEDED not in settings:
        raise InputError(
            "the settings do not say where the broker is.",
            where=Where(str(path), field=_NEEDED),
            hint=f"Add the line `{_NEEDED} = HOST:PORT`.",
        )
    return settings


def refused(settings: dict[str, str], topic: str, reason: object) -> FetchError:
    """Return the error of a broker that did not do what it was asked."""
    return FetchError(
        f"the broker did not answer for the topic {topic!r}: {reason}.",
        where=Where(settings[_NEEDED]),
        hint="Nothing is lost: it is asked again in the next round.",
    )


def quiet(settings: dict[str, str]) -> dict[str, str | int | bool]:
    """Return the settings with librdkafka's own lines on standard error turned off."""
    return {**settings, "log_level": 0}
