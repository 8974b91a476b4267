"""Reports of patrols: what monitors heard and saw, what they could have, and what was denied."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl
from pydantic import BaseModel, ValidationError

from truceline.core.types.errors import InputError, Where
from truceline.core.types.tables import EFFORT, REJECT
from truceline.core.types.time import to_micros
from truceline.evidence.effort.patrols import (
    DENIED,
    SENSES,
    TRACK,
    denied_effort,
    patrol_effort,
)
from truceline.evidence.sources.checks import moment
from truceline.evidence.sources.damage import RAW_LENGTH
from truceline.evidence.sources.form_files import observed, reports_in
from truceline.evidence.sources.patrol_form.form import (
    FORM,
    Denial,
    Entry,
    Envelope,
    PatrolReport,
    schema_text,
)
from truceline.evidence.sources.patrol_form.placing import place_of
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

__all__ = ["SCHEMA_FILE", "SOURCE", "PatrolReport", "schema_text"]

#: The JSON Schema of the form, as it comes with the package.
SCHEMA_FILE: Final = Path(__file__).with_name("patrol_report.schema.json")

_PHENOMENA: Final = {"illumination_flare": "flare"}
_INSTRUMENTS: Final = {"heard": "patrol", "seen": "patrol", "camera": "camera", "uav": "uav"}
_REASONS: Final = {
    "jamming": "jamming", "attack_on_camera": "down", "attack_on_uav": "down",
}  # fmt: skip

INFO = SourceInfo(
    name="patrol_form",
    title="Reports of patrols, on the form of docs/reference/patrol-form.md",
    publisher="The monitoring mission",
    licence="The mission's; each report says how it may be passed on",
    instrument="patrol",
    phenomena=(
        "explosion", "explosion_airburst", "explosion_impact", "explosion_outgoing",
        "explosion_undetermined", "projectile", "muzzle_flash", "flare", "burst", "shot", "fire",
        "uav", "aircraft", "weapon_present", "damage", "casualty", "obstruction", "other",
    ),
    witness="One patrol, however many things it notes.",
    effort=(
        "Along a patrol's track, as far as monitors see and hear, by day and less by night; "
        "where it was denied or jammed it saw nothing, and the row says why."
    ),
    limits=(
        "Distances by ear are guesses; how far monitors hear is assumed. Two patrols in one "
        "place may note the same explosion."
    ),
    settings={
        "resolution": "H3 resolution of the cells of effort; 7 unless told.",
        "received_before": "A time with its offset; entries from later are rejected.",
    },
)  # fmt: skip


@dataclass
class _Found:
    """What the reports of a file gave so far."""

    observations: list[dict[str, object]] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    tracks: list[dict[str, object]] = field(default_factory=list)
    denied: list[dict[str, object]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.observations) + len(self.rejects)


@dataclass(frozen=True)
class PatrolFormSource:
    """Reads reports of patrols: one in a file, a list of them, or one a line."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the text names the form."""
        return FORM.encode() in sample.head

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield what was noted and denied, the rejected entries, and the effort."""
        latest = moment(settings.get("received_before"))
        found = _Found()
        for raw in reports_in(path):
            _take(raw, path, latest, found)
        yield Batch(
            observed(found.observations, self.info.name, ("patrol", "entry"), path),
            _effort(found, self.info.name, _resolution(settings, path)),
            pl.DataFrame(found.rejects, schema=REJECT.dtypes()),
            found.rows,
        )


def _resolution(settings: Mapping[str, object], path: Path) -> int:
    told = settings.get("resolution", 7)
    if isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= 9:
        return told
    raise InputError(
        f"resolution is {told!r}.", where=Where(str(path)), hint="Give a whole number from 0 to 9."
    )


def _take(raw: object, path: Path, latest: int | None, found: _Found) -> None:
    try:
        report = Envelope.model_validate(raw)
    except ValidationError as fault:
        found.rejects.append(_reject(path, found.rows + 1, fault, raw))
        return
    received = to_micros(report.sent)
    for item in report.observations:
        _take_item(item, Entry, report, received, (path, latest, found))
    for item in report.denials:
        _take_item(item, Denial, report, received, (path, latest, found))
    found.tracks += [
        {"patrol": report.patrol, "t": to_micros(p.time), "lon": p.lon, "lat": p.lat}
        for p in report.track
    ]


def _take_item(
    raw: object,
    model: type[Entry] | type[Denial],
    report: Envelope,
    received: int,
    into: tuple[Path, int | None, _Found],
) -> None:
    path, latest, found = into
    number = found.rows + 1
    try:
        item = model.model_validate(raw)
    except ValidationError as fault:
        found.rejects.append(_reject(path, number, fault, raw))
        return
    row = _noted(item) if isinstance(item, Entry) else _denied(item)
    if latest is not None and int(str(row["t_end"])) > latest:
        found.rejects.append(_future(path, number, raw))
        return
    row |= {
        "patrol": report.patrol,
        "entry": _canonical(item),
        "witness": f"patrol {report.patrol}",
        "received_at": received,
        "reliability": report.reliability,
        "handling": report.handling,
        "raw_row": number,
    }
    found.observations.append(row)
    if isinstance(item, Denial):
        names = ("t_start", "t_end", "lon", "lat")
        found.denied.append(
            {name: row[name] for name in names}
            | {"radius_m": item.radius_m, "reason": _REASONS.get(item.kind, "denied")}
        )


def _canonical(item: BaseModel) -> str:
    return json.dumps(item.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


def _noted(entry: Entry) -> dict[str, object]:
    place = place_of(entry)
    phenomenon = _PHENOMENA.get(entry.type, entry.type)
    if entry.description is not None:
        phenomenon = f"explosion_{entry.description}"
    noted = {"means": entry.means, "bearing_deg": entry.bearing_deg, "note": entry.note}
    return {
        "t_start": to_micros(entry.time),
        "t_end": to_micros(entry.end or entry.time),
        "lon": place.lon,
        "lat": place.lat,
        "sigma_m": place.sigma_m,
        "instrument": _INSTRUMENTS[entry.means],
        "phenomenon": phenomenon,
        "count": entry.number,
        "count_low": entry.number_low,
        "count_high": entry.number_high,
        "weapon_class": entry.weapon,
        "bearing_deg": entry.fire_from_deg,
        "bearing_sigma_deg": entry.fire_from_sigma_deg,
        "party_claimed": entry.party,
        "credibility": entry.credibility,
        "attributes": _attributes(noted),
    }


def _denied(denial: Denial) -> dict[str, object]:
    return {
        "t_start": to_micros(denial.start),
        "t_end": to_micros(denial.end),
        "lon": denial.lon,
        "lat": denial.lat,
        # A place somewhere in a disc has a standard deviation of half its radius in each axis.
        "sigma_m": denial.radius_m / 2.0,
        "instrument": "patrol",
        "phenomenon": "obstruction",
        "count": 1,
        "party_claimed": denial.by,
        "attributes": _attributes({"kind": denial.kind, "note": denial.note}),
    }


def _attributes(values: Mapping[str, object]) -> str:
    return json.dumps({k: v for k, v in values.items() if v not in (None, "")}, ensure_ascii=False)


def _reject(path: Path, number: int, fault: ValidationError, raw: object) -> dict[str, object]:
    first = fault.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return _rejected(
        path,
        number,
        raw,
        problem=f"{place or 'the entry'}: {first['msg'].removeprefix('Value error, ')}.",
        remedy="Mend the entry by docs/reference/patrol-form.md.",
        field=place or None,
    )


def _future(path: Path, number: int, raw: object) -> dict[str, object]:
    return _rejected(
        path,
        number,
        raw,
        problem="the entry is from the future.",
        remedy="Check its date and the clock of the sender.",
        field="time",
    )


def _rejected(
    path: Path, number: int, raw: object, *, problem: str, remedy: str, field: str | None
) -> dict[str, object]:
    return {
        "file": str(path),
        "raw_row": number,
        "field": field,
        "problem": problem,
        "remedy": remedy,
        # Half a surrogate pair is JSON but no text.
        "raw": json.dumps(raw, ensure_ascii=False).encode("utf-8", "replace").decode()[:RAW_LENGTH],
    }


def _effort(found: _Found, source: str, resolution: int) -> pl.DataFrame:
    tracks = pl.DataFrame(found.tracks, schema=TRACK.dtypes())
    denied = pl.DataFrame(found.denied, schema=DENIED.dtypes())
    seen = patrol_effort(tracks.unique(maintain_order=True), source=source, resolution=resolution)
    phenomena = [sense.phenomenon for sense in SENSES]
    not_seen = denied_effort(denied, source=source, phenomena=phenomena, resolution=resolution)
    return pl.concat([EFFORT.conform(seen), not_seen])


SOURCE = PatrolFormSource()
