"""Reports of sensors, as they come in over SensorThings: one observation each."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from pydantic import ValidationError

from truceline.core.types.tables import REJECT
from truceline.core.types.time import to_micros
from truceline.evidence.sources.checks import moment
from truceline.evidence.sources.form_files import observed, reports_in
from truceline.evidence.sources.sensor_form.form import FORM, Envelope, Observed, Stream
from truceline.evidence.sources.source import Batch, Sample, SourceInfo

#: Characters of a raw row that go into the table of rejects.
_RAW = 500

INFO = SourceInfo(
    name="sensor_form",
    title="Reports of sensors, as they come in over OGC SensorThings",
    publisher="The monitoring mission's sensors",
    licence="The mission's; each datastream says how it may be passed on",
    instrument="acoustic",
    phenomena=(
        "explosion", "explosion_airburst", "explosion_impact", "explosion_outgoing",
        "explosion_undetermined", "projectile", "muzzle_flash", "flare", "burst", "shot", "fire",
        "launch", "uav", "aircraft", "weapon_present", "obstruction", "other",
    ),
    witness="One sensor, however many observations it sends and datastreams it has.",
    effort="None here: that a sensor was up and could hear is told by a table of effort.",
    limits=(
        "Without a place of its own an observation has the sensor's place, with the error of its "
        "datastream. A sensor's false alarms are as frequent as its kind's are assumed to be."
    ),
    settings={"received_before": "A time with its offset; observations from later are rejected."},
)  # fmt: skip


@dataclass
class _Found:
    """What the reports of a file gave so far."""

    path: Path
    latest: int | None
    observations: list[dict[str, object]] = field(default_factory=list)
    rejects: list[dict[str, object]] = field(default_factory=list)
    rows: int = 0

    def reject(self, name: str | None, problem: str, raw: object) -> None:
        """Note an observation that is no good."""
        self.rejects.append(
            {
                "file": str(self.path), "raw_row": self.rows, "field": name, "problem": problem,
                "remedy": "Mend the sensor by docs/reference/sensor-things.md.",
                "raw": json.dumps(raw)[:_RAW],
            }
        )  # fmt: skip


@dataclass(frozen=True)
class SensorFormSource:
    """Reads reports of sensors: one in a file, a list of them, or one a line."""

    info: SourceInfo = INFO

    def recognises(self, sample: Sample) -> bool:
        """Return whether the text names the form."""
        return FORM.encode() in sample.head

    def read(self, path: Path, settings: Mapping[str, object]) -> Iterator[Batch]:
        """Yield the observations, and those that are no good with the reason."""
        found = _Found(path, moment(settings.get("received_before")))
        for raw in reports_in(path):
            found.rows += 1
            _take(raw, found)
        rejects = pl.DataFrame(found.rejects, schema=REJECT.dtypes())
        yield Batch(
            observed(found.observations, self.info.name, ("stream", "observed"), path),
            rejects=rejects,
            rows=found.rows,
        )


def fault_of(fault: ValidationError) -> tuple[str | None, str]:
    """Return the field at fault and one sentence on it."""
    first = fault.errors(include_url=False, include_input=False)[0]
    name = ".".join(str(part) for part in first["loc"]) or None
    said = first["msg"].removeprefix("Value error, ")
    return name, f"{name or 'the observation'}: {said}."


def _take(raw: object, found: _Found) -> None:
    try:
        report = Envelope.model_validate(raw)
        seen = Observed.model_validate(report.observation)
    except ValidationError as fault:
        found.reject(*fault_of(fault), raw)
        return
    row = _row(report.stream, seen)
    if found.latest is not None and int(str(row["t_end"])) > found.latest:
        found.reject("phenomenonTime", "the observation is from the future.", raw)
        return
    canonical = json.dumps(report.observation, sort_keys=True)
    found.observations.append(
        row | {"raw_row": found.rows, "stream": report.stream.id, "observed": canonical}
    )


def _row(stream: Stream, seen: Observed) -> dict[str, object]:
    begin, end = seen.times()
    told = seen.parameters
    place = (stream.lon, stream.lat)
    sigma = stream.sigma_m
    if seen.feature is not None:
        place = (seen.feature.feature.coordinates[0], seen.feature.feature.coordinates[1])
    attributes = {"stream": stream.id} | ({"note": told.note} if told.note else {})
    return {
        "instrument": stream.instrument,
        "witness": f"sensor {stream.sensor}",
        "t_start": to_micros(begin),
        "t_end": to_micros(end),
        "received_at": to_micros(seen.result_time or end),
        "lon": place[0],
        "lat": place[1],
        "sigma_m": sigma if told.sigma_m is None else told.sigma_m,
        "phenomenon": stream.phenomenon,
        "count": int(seen.result),
        "count_low": told.count_low,
        "count_high": told.count_high,
        "weapon_class": told.weapon,
        "bearing_deg": told.bearing_deg,
        "bearing_sigma_deg": told.bearing_sigma_deg,
        "reliability": stream.reliability,
        "handling": stream.handling,
        "attributes": json.dumps(attributes, ensure_ascii=False),
    }


SOURCE = SensorFormSource()
