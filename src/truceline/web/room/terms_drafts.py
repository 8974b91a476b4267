"""Drafts of the terms: other zones than those in force, linted, kept, and adopted in the open.

A draft never touches the case: it is a row of its own, from which the files of a case are made
when they are asked for. Who adopts one writes into the record which files were adopted; the case
in force is another only when its folder is.
"""

from __future__ import annotations

import hashlib
import io
import json
import secrets
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import shapely
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Row, select, update

from truceline.agreement.geometry import zone_polygon
from truceline.agreement.lint import Finding, lint_file
from truceline.agreement.reading import load_agreement
from truceline.core.types.errors import InputError, TermsError
from truceline.core.types.time import format_time
from truceline.record.entries import entry
from truceline.record.log import append_with
from truceline.web.access.roles import Viewer
from truceline.web.room.decisions import demand
from truceline.web.room.room import Room
from truceline.web.room.tables import DRAFT

#: Beside the case's own geometry, the polygons of a draft.
ZONES_FILE: Final = "draft-zones.geojson"

#: A metre: finer than anybody draws by hand.
_DIGITS: Final = 5

Position = tuple[float, float]


class DrawnZone(BaseModel):
    """A zone drawn by hand: its name, whose side it lies on, and the corners of its ring."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 _-]{0,59}$")
    side: str = Field(default="both", max_length=100)
    ring: tuple[Position, ...] = Field(min_length=3, max_length=2000)


class Drawn(BaseModel):
    """All that a draft changes: zones drawn anew or moved, and zones left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zones: tuple[DrawnZone, ...] = Field(default=(), max_length=200)
    without: tuple[str, ...] = Field(default=(), max_length=200)


@dataclass(frozen=True)
class Draft:
    """A draft as it is kept."""

    number: int
    version: str
    account: str
    at: int
    drawn: Drawn
    adopted: int | None


def read_drawn(text: str) -> Drawn:
    """Read what a page sent, and say in one sentence what is wrong with it."""
    try:
        drawn = Drawn.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise InputError(
            f"{place or 'the draft'}: {first['msg']}.", hint="Draw it anew."
        ) from error
    names = [zone.id for zone in drawn.zones]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two zones have the name {name}.", hint="Give each its own.")
    return drawn


def zones_in_force(room: Room) -> list[dict[str, Any]]:
    """Return the zones of the case in force, as they are drawn and how they came about."""
    terms = room.case.terms
    zones = []
    for zone in terms.agreement.zones:
        shape = zone_polygon(terms.agreement, zone, terms.geometry)
        if shape is not None:
            made = "polygon" if zone.polygon is not None else "width"
            rough = shapely.set_precision(shape.simplify(0.001 if made == "width" else 0), 1e-5)
            zones.append({"id": zone.id, "side": zone.side, "made": made,
                          "geometry": json.loads(shapely.to_geojson(rough))})  # fmt: skip
    return zones


@contextmanager
def laid_out(room: Room, drawn: Drawn, version: str) -> Iterator[Path]:
    """Lay a draft out as the files of a case, for as long as they are read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        geometry = room.case.terms.geometry
        if geometry.is_dir():
            shutil.copytree(geometry, folder / "geometry")
        (folder / "geometry").mkdir(exist_ok=True)
        (folder / "geometry" / ZONES_FILE).write_text(json.dumps(_features(drawn)), "utf-8")
        text = yaml.safe_dump(_terms(room, drawn, version), sort_keys=False, allow_unicode=True)
        (folder / "agreement.yaml").write_text(text, "utf-8")
        if not drawn.zones:
            (folder / "geometry" / ZONES_FILE).unlink()
        yield folder


def _terms(room: Room, drawn: Drawn, version: str) -> dict[str, Any]:
    terms: dict[str, Any] = yaml.safe_load(room.case.terms.path.read_text("utf-8"))
    new = {zone.id: zone for zone in drawn.zones}
    zones = []
    for zone in terms.get("zones") or []:
        if zone["id"] in new:
            zones.append(_moved(zone, new.pop(zone["id"])))
        elif zone["id"] not in drawn.without:
            zones.append(zone)
    zones += [_moved({"id": zone.id}, zone) for zone in new.values()]
    return {**terms, "version": version, "zones": zones}


def _moved(zone: Mapping[str, Any], drawn: DrawnZone) -> dict[str, Any]:
    """Return a zone with a polygon of its own in the place of a width along a line."""
    kept = {k: v for k, v in zone.items() if k not in ("line", "line_of", "width_m", "width_is")}
    polygon = {"file": ZONES_FILE, "feature": drawn.id}
    return {**kept, "side": drawn.side, "polygon": polygon}


def _features(drawn: Drawn) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"id": zone.id},
             "geometry": {"type": "Polygon", "coordinates": [_closed(zone.ring)]}}
            for zone in drawn.zones
        ],
    }  # fmt: skip


def _closed(ring: Sequence[Position]) -> list[list[float]]:
    corners = [[round(lon, _DIGITS), round(lat, _DIGITS)] for lon, lat in ring]
    return corners if corners[0] == corners[-1] else [*corners, corners[0]]


def lint_draft(room: Room, drawn: Drawn, version: str) -> tuple[Finding, ...]:
    """Return what the lint finds in a draft, and what makes it unreadable."""
    with laid_out(room, drawn, version) as folder:
        return lint_file(folder / "agreement.yaml", observable(room))


def observable(room: Room) -> dict[str, tuple[str, ...]]:
    """Return what each feed of the case can see."""
    feeds = [feed.source for feed in room.case.feeds if feed.source in room.sources]
    return {name: room.sources[name].info.phenomena for name in feeds}


def demand_readable(room: Room, drawn: Drawn, version: str) -> None:
    """Raise where the files of a draft are no terms: a lint may find much, but can read them."""
    with laid_out(room, drawn, version) as folder:
        try:
            terms = load_agreement(folder / "agreement.yaml")
            for zone in terms.agreement.zones:
                zone_polygon(terms.agreement, zone, terms.geometry)
        except TermsError as fault:
            raise InputError(f"the draft is not whole: {fault.message}") from fault


def save(room: Room, viewer: Viewer, version: str, drawn: Drawn) -> int:
    """Keep a draft under a version of its own, and return its number."""
    demand(viewer, "review")
    taken = {draft.version for draft in drafts(room)} | {room.case.terms.agreement.version}
    if version in taken:
        raise InputError(f"the version {version} is taken.", hint="Give the draft another.")
    demand_readable(room, drawn, version)
    body = drawn.model_dump_json()
    with room.database.writing() as connection:
        values = {"version": version, "account": viewer.account, "body": body}
        made = DRAFT.insert().values(**values, at=room.clock()).returning(DRAFT.c.number)
        return int(connection.execute(made).scalar_one())


def drafts(room: Room) -> list[Draft]:
    """Return all drafts, the last first."""
    with room.database.reading() as connection:
        rows = connection.execute(select(DRAFT).order_by(DRAFT.c.number.desc())).all()
    return [_draft(row) for row in rows]


def draft_of(room: Room, number: int) -> Draft:
    """Return one draft."""
    with room.database.reading() as connection:
        row = connection.execute(select(DRAFT).where(DRAFT.c.number == number)).one_or_none()
    if row is None:
        raise InputError("there is no such draft.")
    return _draft(row)


def _draft(row: Row[Any]) -> Draft:
    drawn = Drawn.model_validate_json(row.body)
    return Draft(row.number, row.version, row.account, row.at, drawn, row.adopted)


def files_of(room: Room, draft: Draft) -> dict[str, bytes]:
    """Return the files of a draft: `agreement.yaml`, and all that it draws on."""
    with laid_out(room, draft.drawn, draft.version) as folder:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a ZIP archive, the same bytes for the same files."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return held.getvalue()


def adopt(room: Room, viewer: Viewer, number: int, why: str) -> int:
    """Write into the record that a draft was adopted, with the hash of each of its files.

    Raises
    ------
    InputError
        If the draft was adopted before, or no reason is given.
    """
    demand(viewer, "publish")
    draft = draft_of(room, number)
    if draft.adopted is not None:
        raise InputError("this draft was adopted before.")
    if len(why.strip()) < 10:
        raise InputError("who adopts terms says on what decision they stand.")
    hashes = {name: hashlib.sha256(c).hexdigest() for name, c in files_of(room, draft).items()}
    now = room.clock()
    values = {"id": room.case.terms.agreement.id, "version": draft.version, "files": hashes,
              "why": why.strip(), "adopter": viewer.account}  # fmt: skip
    with room.database.writing() as connection:
        made = entry("terms", format_time(now), values, secrets.token_bytes)
        written = append_with(connection, made, f"terms {draft.version}").number
        connection.execute(update(DRAFT).where(DRAFT.c.number == number).values(adopted=written))
    return written
