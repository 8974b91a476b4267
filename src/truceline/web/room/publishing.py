"""The bulletin desk: a draft from data at any time, one publication, visible corrections."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from truceline.case_bulletin import bulletin_of
from truceline.core.types.errors import InputError
from truceline.core.types.time import format_time
from truceline.publish.bulletins.hypertext import hypertext
from truceline.publish.bulletins.setting import page
from truceline.recompute import publish as recorded
from truceline.record.bundle import write_bundle
from truceline.record.decided import decisions_of
from truceline.record.entries import entry
from truceline.record.keys import make_key, read_key
from truceline.record.log import append_with
from truceline.web.access.roles import Viewer
from truceline.web.room.alerts import enqueue, targets_of
from truceline.web.room.decisions import demand
from truceline.web.room.room import Room
from truceline.web.room.tables import PUBLICATION

#: Longest words that go with a bulletin, characters.
MOST_WORDS = 4_000

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def signing_key(room: Room) -> Ed25519PrivateKey:
    """Return the key that signs the room's record; made when first asked for."""
    path = room.folder / "record.key"
    return read_key(path) if path.exists() else make_key(path)


def draft(room: Room) -> str:
    """Return the bulletin as it would be published now, as a page."""
    now = room.clock()
    decisions = decisions_of(room.log.entries(), now)
    judgement = decisions.applied(room.working())
    bulletin = bulletin_of(
        room.case, judgement, judgement.period, now=now, published=last_data(room),
        line=room.geography().lines[0].geometry if room.geography().lines else None,
        claims=decisions.claims,
    )  # fmt: skip
    return hypertext(page(bulletin, "en"))


def check_words(words: str, drafted: str) -> None:
    """Raise where the words that go with a bulletin hold a number the bulletin does not.

    Words may be edited, numbers never: they come from the data, or not at all.
    """
    if len(words) > MOST_WORDS:
        raise InputError(f"the words are longer than {MOST_WORDS} characters.")
    strange = [n for n in _NUMBER.findall(words) if n not in set(_NUMBER.findall(drafted))]
    if strange:
        raise InputError(
            f"the number {strange[0]} is not in the bulletin.",
            hint="Leave it out, or say it as the bulletin does.",
        )


def publish(
    room: Room, viewer: Viewer, words: str, *, corrects: int | None = None, why: str = ""
) -> int:
    """Publish a bulletin and sign the record; return the publication's number.

    The whole case is run anew, so that a third person who runs the bundle gets the same.

    Parameters
    ----------
    words : str
        What a person adds; no number in it that the bulletin has not.
    corrects : int or None
        An earlier publication that this one corrects.
    why : str
        Why it is corrected.
    """
    demand(viewer, "publish")
    check_words(words, draft(room))
    if corrects is not None and (corrects not in {p["number"] for p in publications(room)}):
        raise InputError("there is no such publication.")
    if corrects is not None and len(why.strip()) < 10:
        raise InputError("a correction says why.")
    judgement = room.judge_again()
    now = room.clock()
    output = room.folder / "issues" / str(now)
    with as_they_are(room.folder / "reports", room.folder) as reports:
        bundle = recorded(
            room.case, room.log, signing_key(room), origin=f"truceline/{room.case.settings.id}",
            sources=room.sources, parameters=room.parameters, data=room.data, output=output,
            until=room.period()[1], now=now, reports=reports, is_reviewed=True,
        )  # fmt: skip
    (output / "bundle.zip").write_bytes(write_bundle(bundle))
    number = _write_down(room, viewer, words, corrects, why, now)
    room.wake()
    room.publish_picture(decisions_of(room.log.entries(), now).applied(judgement))
    return number


@contextmanager
def as_they_are(reports: Path, beside: Path) -> Iterator[Path]:
    """Give the reports as they are now; those that come in meanwhile are for the next bulletin.

    Else a bundle would hold reports that its bulletin knows nothing of.

    Parameters
    ----------
    reports : Path
        Where they are laid out.
    beside : Path
        A folder on the same disk.
    """
    with TemporaryDirectory(dir=beside, prefix="publishing-") as aside:
        for path in sorted(reports.glob("*/*.jsonl")):
            target = Path(aside) / path.relative_to(reports)
            target.parent.mkdir(exist_ok=True)
            target.hardlink_to(path)
        yield Path(aside)


def _write_down(
    room: Room, viewer: Viewer, words: str, corrects: int | None, why: str, now: int
) -> int:
    kind = "release" if corrects is None else "correction"
    values: dict[str, object] = {"words": words, "issued": format_time(now)}
    if corrects is not None:
        values |= {"bulletin": str(corrects), "what": words, "why": why}
        values.pop("words")
        values.pop("issued")
    wanted = tuple(t for t in targets_of(room.folder) if "bulletin" in t.tells_of)
    with room.database.writing() as connection:
        made = entry(kind, format_time(now), values, secrets.token_bytes)
        number = append_with(connection, made, f"{kind} {now}").number
        connection.execute(
            PUBLICATION.insert().values(
                number=number, account=viewer.account, words=words, corrects=corrects,
                until=room.period()[1], at=now,
            )
        )  # fmt: skip
        enqueue(connection, wanted, now, now)
    return number


def publications(room: Room) -> list[dict[str, object]]:
    """Return what was published, the last first."""
    with room.database.reading() as connection:
        rows = connection.execute(select(PUBLICATION).order_by(PUBLICATION.c.number.desc()))
        return [dict(row._mapping) for row in rows]


def folder_of(room: Room, number: int) -> Path:
    """Return the folder of a publication.

    Raises
    ------
    InputError
        If there is none of this number.
    """
    for found in publications(room):
        if found["number"] == number:
            return room.folder / "issues" / str(found["at"])
    raise InputError("there is no such publication.")


def files_of(folder: Path) -> list[str]:
    """Return the files of a publication that may be handed out."""
    bulletin = folder / "bulletin"
    return sorted(p.relative_to(bulletin).as_posix() for p in _files(bulletin))


def _files(folder: Path) -> Iterable[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def last_data(room: Room) -> Path | None:
    """Return the data of the last bulletin, for the changes since."""
    found = publications(room)
    if not found:
        return None
    path = room.folder / "issues" / str(found[0]["at"]) / "bulletin" / "bulletin.json"
    return path if path.is_file() else None
