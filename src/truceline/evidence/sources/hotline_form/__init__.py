"""Reports of people who call the hotline: what they noticed, and nothing of who they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl
from pydantic import ValidationError

from truceline.core.types.errors import Where
from truceline.core.types.tables import REJECT
from truceline.core.types.time import to_micros
from truceline.evidence.sources.checks import moment
from truceline.evidence.sources.form_files import observed, reports_in
from truceline.evidence.sources.hotline_form.form import (
    FORM,
    Envelope,
    HotlineReport,
    Noticed,
    schema_text,
)
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

__all__ = ["SCHEMA_FILE", "SOURCE", "HotlineReport", "schema_text"]

#: The JSON Schema of the form, as it comes with the package.
SCHEMA_FILE: Final = Path(__file__).with_name("hotline_report.schema.json")

#: Stands in the table of rejects in place of the words of a person who may not have agreed.
WITHHELD: Final = "withheld: from a person who called the hotline"

_PHENOMENA: Final = {"illumination_flare": "flare"}

INFO = SourceInfo(
    name="hotline_form",
    title="Reports of people who call the hotline, on the form of docs/reference/hotline-form.md",
    publisher="People on the spot, through the mission's hotline",
    licence="Given in confidence; each report says how it may be passed on",
    instrument="hotline",
    phenomena=(
        "explosion", "explosion_airburst", "explosion_impact", "explosion_outgoing",
        "explosion_undetermined", "projectile", "muzzle_flash", "flare", "burst", "shot", "fire",
        "uav", "aircraft", "weapon_present", "damage", "casualty", "other",
    ),
    witness="One report, which may be one of several by the same person: nobody can tell.",
    effort="None: people call when something happens, and silence says nothing.",
    limits=(
        "Places are blurred on purpose. The same person may call twice, and a caller may have "
        "reasons of their own."
    ),
    settings={"received_before": "A time with its offset; entries from later are rejected."},
)  # fmt: skip


@dataclass
class _Found:
    """What the reports of a file gave so far."""

    path: Path
    latest: int | None
    observations: list[dict[str, object]] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.observations) + len(self.rejects)

    def reject(self, name: str | None, problem: str, remedy: str) -> None:
        """Note a bad entry without a word of it."""
        self.rejects.append(
            {
                "file": str(self.path),
                "raw_row": self.rows + 1,
                "field": name,
                "problem": problem,
                "remedy": remedy,
                "raw": WITHHELD,
            }
        )


@dataclass(frozen=True)
class HotlineFormSource:
    """Reads reports of the hotline: one in a file, a list of them, or one a line."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the text names the form."""
        return FORM.encode() in sample.head

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield what people noticed, and the rejected entries without their words."""
        found = _Found(path, moment(settings.get("received_before")))
        for raw in reports_in(path):
            _take(raw, found)
        yield Batch(
            observed(found.observations, self.info.name, ("call", "entry"), path),
            rejects=pl.DataFrame(found.rejects, schema=REJECT.dtypes()),
            rows=found.rows,
        )


def fault_of(fault: ValidationError, path: str) -> tuple[Where, str]:
    """Return where a report is wrong and why, without a word that the person said.

    A field that the form does not know is not named either: its name may be a person's.
    """
    first = fault.errors(include_input=False, include_url=False)[0]
    if first["type"] == "extra_forbidden":
        return Where(path), "the report has a field that the form does not know."
    name = ".".join(str(part) for part in first["loc"]) or None
    return Where(path, field=name), f"{first['msg'].removeprefix('Value error, ')}."


def _take(raw: object, found: _Found) -> None:
    try:
        report = Envelope.model_validate(raw)
    except ValidationError as fault:
        _refuse(fault, found)
        return
    for item in report.observations:
        try:
            entry = Noticed.model_validate(item)
        except ValidationError as fault:
            _refuse(fault, found)
            continue
        _note(entry, report, found)


def _refuse(fault: ValidationError, found: _Found) -> None:
    where, problem = fault_of(fault, str(found.path))
    told = problem if where.field is None else f"{where.field}: {problem}"
    found.reject(where.field, told, "Mend the entry by docs/reference/hotline-form.md.")


def _note(entry: Noticed, report: Envelope, found: _Found) -> None:
    row = _noticed(entry)
    if found.latest is not None and int(str(row["t_end"])) > found.latest:
        found.reject(
            "time", "the entry is from the future.", "Check its date and the clock of the sender."
        )
        return
    found.observations.append(
        row
        | {
            "call": str(report.call),
            "entry": json.dumps(entry.model_dump(mode="json"), sort_keys=True, ensure_ascii=False),
            "witness": f"hotline {report.call}",
            "received_at": to_micros(report.sent),
            # STANAG 2511: who calls is not known, so their reliability cannot be judged.
            "reliability": "F",
            "handling": report.handling,
            "raw_row": found.rows + 1,
        }
    )


def _noticed(entry: Noticed) -> dict[str, object]:
    phenomenon = _PHENOMENA.get(entry.type, entry.type)
    if entry.description is not None:
        phenomenon = f"explosion_{entry.description}"
    told = {"means": entry.means} | ({"note": entry.note} if entry.note else {})
    return {
        "t_start": to_micros(entry.time),
        "t_end": to_micros(entry.end or entry.time),
        "lon": entry.place.lon,
        "lat": entry.place.lat,
        "sigma_m": entry.place.sigma_m,
        "instrument": INFO.instrument,
        "phenomenon": phenomenon,
        "count": entry.number,
        "count_low": entry.number_low,
        "count_high": entry.number_high,
        "weapon_class": entry.weapon,
        "party_claimed": entry.party,
        "attributes": json.dumps(told, ensure_ascii=False),
    }


SOURCE = HotlineFormSource()
