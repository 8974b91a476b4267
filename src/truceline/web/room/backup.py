"""A room in one file: every table as lines of JSON, and the files beside the database.

The lines are the same for SQLite and PostgreSQL, so a room can move from one to the other.
"""

from __future__ import annotations

import base64
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sqlalchemy import LargeBinary, Table, func, select

from truceline.core.store.sql import Database
from truceline.core.types.errors import StoreError, Where
from truceline.record.log import TABLES as RECORD
from truceline.web.room.tables import SESSION, SIGN_ON, TABLES

#: Folders of a room that cannot be made again from its tables.
_KEPT: Final = ("issues", "published", "store")

_KEY: Final = "record.key"

#: Sessions are not carried over: who was in, or on the way, comes in again.
_LEFT_OUT: Final = (SESSION.name, SIGN_ON.name)


def back_up(database: Database, folder: Path, target: Path, *, with_key: bool) -> int:
    """Write a room to one file and return how many rows are in it.

    Parameters
    ----------
    with_key : bool
        Whether the key that signs the record goes with it.
    """
    rows = 0
    draft = target.with_name(f".{target.name}.part")
    # Before the tables: no report may lie in a file that is not in the table as well.
    reports = sorted((folder / "reports").rglob("*.jsonl"))
    with tarfile.open(draft, "w:gz") as archive, database.reading() as connection:
        for table in _tables():
            lines = [_line(table, dict(row._mapping)) for row in connection.execute(select(table))]
            rows += len(lines)
            _add(archive, f"tables/{table.name}.jsonl", "".join(lines).encode())
        for path in [*reports, *_files(folder, with_key=with_key)]:
            archive.add(path, f"files/{path.relative_to(folder).as_posix()}", recursive=False)
    draft.replace(target)
    return rows


def restore(database: Database, folder: Path, source: Path) -> int:
    """Fill an empty database and folder from a backup, and return how many rows there were.

    Raises
    ------
    StoreError
        If the database is not empty, or the file is no backup.
    """
    database.make(RECORD)
    database.make(TABLES)
    rows = 0
    try:
        with tarfile.open(source, "r:gz") as archive, database.writing() as connection:
            for table in _tables():
                if connection.scalar(select(func.count()).select_from(table)):
                    raise StoreError(
                        f"the table {table.name!r} is not empty.", hint="Restore into a new room."
                    )
                held = archive.extractfile(f"tables/{table.name}.jsonl")
                found = [_row(table, line) for line in held] if held is not None else []
                if found:
                    connection.execute(table.insert(), found)
                rows += len(found)
            _lay_out(archive, folder)
    except (OSError, tarfile.TarError, KeyError, ValueError) as cause:
        raise StoreError(
            f"the backup cannot be read: {cause}.", where=Where(str(source)), hint="Take another."
        ) from cause
    return rows


def _tables() -> list[Table]:
    every = [*RECORD.sorted_tables, *TABLES.sorted_tables]
    return [table for table in every if table.name not in _LEFT_OUT]


def _files(folder: Path, *, with_key: bool) -> Iterator[Path]:
    for name in _KEPT:
        yield from sorted(p for p in (folder / name).rglob("*") if p.is_file())
    if with_key and (folder / _KEY).is_file():
        yield folder / _KEY


def _lay_out(archive: tarfile.TarFile, folder: Path) -> None:
    """Write the plain files of a backup; links and devices are none of ours and left out."""
    for member in archive.getmembers():
        held = archive.extractfile(member) if member.isfile() else None
        if held is None or not member.name.startswith("files/"):
            continue
        target = (folder / member.name.removeprefix("files/")).resolve()
        if not target.is_relative_to(folder.resolve()):
            raise ValueError(f"the path {member.name!r} leads out of the room")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(held.read())


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


def _line(table: Table, row: dict[str, Any]) -> str:
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64encode(bytes(row[column.name])).decode()
    return json.dumps(row, ensure_ascii=False, sort_keys=True) + "\n"


def _row(table: Table, line: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(line)
    for column in table.columns:
        if isinstance(column.type, LargeBinary):
            row[column.name] = base64.b64decode(row[column.name], validate=True)
    return row
