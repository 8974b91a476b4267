"""A run: the whole way from a case's feeds to its bulletin, in one function."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from shapely.geometry.base import BaseGeometry

from truceline import __version__
from truceline.agreement.case import Case
from truceline.agreement.geometry import find_feature, zone_polygon
from truceline.agreement.terms import Period
from truceline.core.space.lines import Territory
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import InputError, TermsError, Where
from truceline.core.types.tables import STATE
from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import permanent_heat
from truceline.evidence.background.rates import HISTORY, RATE, Background, fit_background
from truceline.evidence.feeds import feed_files, sent_in
from truceline.evidence.front import read_ground
from truceline.evidence.ingest import Entry, IngestReport, Progress, ingest, silent
from truceline.evidence.observations import in_order
from truceline.evidence.sources.source import Source
from truceline.judgement.assess import Limits, Setting, Steps, assess
from truceline.judgement.incidents.regrouping import Grouping
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import Parameters
from truceline.judgement.truce_state.indicator import state_settings
from truceline.judgement.truce_state.state import truce_states
from truceline.judgement.watching import unwatched_sectors
from truceline.publish.bulletins.changes import read_published
from truceline.publish.bulletins.folder import write
from truceline.publish.bulletins.ledger import claim_lines
from truceline.publish.bulletins.report import Bulletin, compose, compose_spot
from truceline.publish.bulletins.settings import BulletinSettings, Thresholds
from truceline.publish.draw.geography import Geography, MapLine, MapSector, MapZone
from truceline.record.claims import Claim, load_claims
from truceline.record.decided import Decisions

#: How far before the time of comparison rows are read, to know a source's habits.
_LOOK_BACK = 45 * DAY

#: Every step on this machine.
_HERE = Steps()


@dataclass(frozen=True)
class Result:
    """What a run gave.

    Attributes
    ----------
    judgement : Judgement
        What was concluded.
    bulletin : Bulletin
        What it says.
    ingested : IngestReport
        What became of the feeds' files.
    files : tuple of Path
        What was written.
    """

    judgement: Judgement
    bulletin: Bulletin
    ingested: IngestReport
    files: tuple[Path, ...]


def run(
    case: Case,
    *,
    sources: dict[str, Source],
    parameters: Parameters,
    data: Path | None,
    output: Path,
    until: int | None,
    now: int,
    published: Path | None = None,
    spot: str | None = None,
    reports: Path | None = None,
    decisions: Decisions | None = None,
    progress: Progress = silent,
    tell: Callable[[str], None] = lambda _step: None,
) -> Result:
    """Take a case's feeds in, judge its window, and write its bulletin.

    Parameters
    ----------
    case : Case
        The case.
    sources : dict
        Installed sources by name.
    parameters : Parameters
        What evidence is worth.
    data : Path or None
        Folder of the feeds' files, where they are not in the case's own.
    output : Path
        Folder for the store and the bulletin.
    until : int or None
        End of what is judged, UTC microseconds; null takes the end of the case's window.
    now : int
        Time of issue; later rows are rejected as future-dated.
    published : Path or None
        The last bulletin's `bulletin.json`, for the changes since.
    spot : str or None
        Identity of an incident to write a spot report on as well.
    reports : Path or None
        Folder of the forms that patrols and the hotline sent in.
    decisions : Decisions, optional
        What people decided; with it, even empty, no party is named that two did not name.
    progress, tell : callables
        Told of rows taken in, and of each step.
    """
    start, end = judged_period(case, until)
    store = CaseStore(output / "store")
    tell("reading feeds")
    ingested = ingest(
        store, plan(case, sources, data, reports), received_before=now, progress=progress
    )
    tell("judging")
    ground = read_ground(case, data)
    groupings = () if decisions is None else decisions.groupings
    judgement = judge(case, store, parameters, (start, end), ground.territory, groupings)
    if decisions is not None:
        judgement = decisions.applied(judgement)
    tell("writing the bulletin")
    bulletin = bulletin_of(
        case, judgement, (start, end), now=now, published=published, line=ground.line,
        claims=() if decisions is None else decisions.claims,
    )  # fmt: skip
    written = write(bulletin, output / "bulletin")
    if spot is not None:
        report = compose_spot(
            judgement,
            bulletin_settings(case),
            incident_id=spot,
            now=now,
            geography=geography(case, ground.line),
        )
        written += write(report, output / f"spot-{spot}")
    return Result(judgement, bulletin, ingested, tuple(written))


def bulletin_of(
    case: Case,
    judgement: Judgement,
    period: tuple[int, int],
    *,
    now: int,
    period_before: tuple[int, int] | None = None,
    published: Path | None = None,
    line: BaseGeometry | None = None,
    claims: Sequence[Claim] = (),
) -> Bulletin:
    """Return the bulletin of a period of a judgement, with the case's words, map and claims.

    Claims that the parties entered themselves follow those of the case.
    """
    return compose(
        judgement,
        replace(bulletin_settings(case), period_before=period_before),
        period=period,
        now=now,
        geography=geography(case, line),
        claims=claim_lines([*claims_of(case), *claims], case.terms.agreement.party_names()),
        published=None if published is None else read_published(published),
    )


def judged_period(case: Case, until: int | None) -> tuple[int, int]:
    """Return the period to judge: from the window's start to its end, or sooner."""
    start, end = case.settings.window.micros()
    chosen = until if until is not None else end
    if chosen is None:
        raise TermsError(
            "the window is open and no end was given.",
            where=Where(str(case.folder / "case.yaml"), field="window"),
            hint="Say `--until` with a time and its offset.",
        )
    if chosen <= start:
        raise TermsError("the end lies before the start of the window.", hint="Give a later time.")
    return start, chosen if end is None else min(chosen, end)


def plan(
    case: Case, sources: dict[str, Source], data: Path | None, reports: Path | None = None
) -> list[Entry]:
    """Return the files of all feeds and forms, each with its source and settings.

    A form lies in a folder that has the name of its source.
    """
    entries: list[Entry] = []
    for found in feed_files(case, sources, data):
        if not found.entries:
            raise InputError(
                f"no file matches {found.pattern!r}.",
                where=Where(str(case.folder / "sources.yaml"), field=found.feed),
                hint="Name the folder of the data with `--data FOLDER`.",
            )
        entries += found.entries
    return entries if reports is None else entries + sent_in(sources, reports)


def judge(
    case: Case,
    store: CaseStore,
    parameters: Parameters,
    period: tuple[int, int],
    territory: Territory | None,
    groupings: tuple[Grouping, ...] = (),
) -> Judgement:
    """Judge a period of a case from what its store holds, and what people put together."""
    setting = replace(setting_of(case, store, parameters, territory), groupings=groupings)
    states, unwatched = condition(case, store, setting, period)
    return look(case, store, setting, period, states=states, unwatched=unwatched)


def look(
    case: Case,
    store: CaseStore,
    setting: Setting,
    period: tuple[int, int],
    *,
    states: pl.DataFrame,
    unwatched: pl.DataFrame,
    steps: Steps = _HERE,
) -> Judgement:
    """Judge the incidents of a period, and carry along how the truce was found to be.

    Parameters
    ----------
    setting : Setting
        From `setting_of`.
    states, unwatched : polars.DataFrame
        From `condition`.
    steps : Steps
        How the heavy steps are done; the answer is the same.
    """
    observations, effort = _reached(case, store, period)
    return assess(
        observations,
        effort,
        setting,
        period,
        states=states,
        unwatched=unwatched,
        provenance=_provenance(case, store, setting.parameters),
        steps=steps,
    )


def condition(
    case: Case, store: CaseStore, setting: Setting, period: tuple[int, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return how the truce is doing, and where and when nobody could tell.

    Schemas `STATE` and `UNWATCHED`.
    """
    effort = _reached(case, store, period)[1]
    watched = case.settings.thresholds.watched
    return (
        _states(case, store, _closed(case.settings.before), period, setting.territory),
        unwatched_sectors(case.sectors(), effort, period, watched),
    )


def _reached(
    case: Case, store: CaseStore, period: tuple[int, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the observations and the effort that bear on a period."""
    before = _closed(case.settings.before)
    reach = (min(before[0], period[0]) - _LOOK_BACK, period[1])
    return (
        in_order(_within(store.scan_observations(), reach)),
        _within(store.scan_effort(), reach).sort(
            "source", "phenomenon", "area", "cell", "t_start", "p_detect"
        ),
    )


def _closed(period: Period) -> tuple[int, int]:
    start, end = period.micros()
    if end is None:
        raise TermsError("a time to compare with must have an end.")
    return start, end


def _within(
    table: pl.LazyFrame, reach: tuple[int, int], columns: Sequence[str] | None = None
) -> pl.DataFrame:
    within = table.filter((pl.col("t_end") >= reach[0]) & (pl.col("t_start") < reach[1]))
    return (within if columns is None else within.select(columns)).collect()


def setting_of(
    case: Case, store: CaseStore, parameters: Parameters, territory: Territory | None
) -> Setting:
    """Return all that the incidents of a case are judged by, beside the evidence."""
    thresholds = case.settings.thresholds
    background, heat = Background(RATE.empty()), None
    if case.settings.background is not None:
        start, end = _closed(case.settings.background)
        thermal = store.scan_observations().filter(pl.col("instrument") == "satellite_thermal")
        history = _within(thermal, (start, end), HISTORY)
        heat = permanent_heat(history)
        background = fit_background(history, start=start, end=end)
    setting = Setting(
        terms=case.terms,
        parameters=parameters,
        territory=territory,
        sectors=case.sectors(),
        background=background,
        limits=Limits(thresholds.name_party, thresholds.list_violation, thresholds.list_credible),
    )
    return setting if heat is None else replace(setting, permanent=heat)


def _states(
    case: Case,
    store: CaseStore,
    before: tuple[int, int],
    period: tuple[int, int],
    territory: Territory | None,
) -> pl.DataFrame:
    """Judge each indicator over the whole line, from all that its sources ever said.

    The whole history is read, since the same season of other years and the habits of a
    source are looked at; nothing after the end of the period is.
    """
    settings = state_settings(case.settings)
    if not settings.indicators:
        return STATE.empty()
    wanted = sorted({s for indicator in settings.indicators for s in indicator.sources})
    of_sources = pl.col("source").is_in(wanted) & (pl.col("t_start") < period[1])
    told = in_order(store.scan_observations().filter(of_sources).collect())
    watched = store.scan_effort().filter(of_sources).collect()
    if territory is not None and any(i.near_line_m is not None for i in settings.indicators):
        lon, lat = (told[c].fill_null(0.0).to_numpy() for c in ("lon", "lat"))
        distance = pl.Series("line_distance_m", territory.line_distance_m(lon, lat))
        told = told.with_columns(
            pl.when(pl.col("lon").is_not_null()).then(distance).alias("line_distance_m")
        )
    return truce_states(told, watched, before, period, settings)


def _provenance(case: Case, store: CaseStore, parameters: Parameters) -> dict[str, str]:
    terms = hashlib.sha256(case.terms.path.read_bytes()).hexdigest()
    files = "\n".join(sorted(f"{t.source} {t.sha256}" for t in store.taken()))
    return {
        "program": f"truceline {__version__}",
        "agreement": f"{case.terms.agreement.id} {case.terms.agreement.version} {terms[:16]}",
        "parameters": f"{parameters.version} {parameters.digest()[:16]}",
        "evidence": hashlib.sha256(files.encode()).hexdigest()[:16],
    }


def bulletin_settings(case: Case) -> BulletinSettings:
    """Return the words and limits that a case gives its bulletins."""
    settings = case.settings
    return BulletinSettings(
        case_id=settings.id,
        title=settings.title,
        timezone=settings.timezone,
        parties=case.terms.agreement.party_names(),
        thresholds=Thresholds(
            violation=settings.thresholds.list_violation,
            credible=settings.thresholds.list_credible,
            party=settings.thresholds.name_party,
            holding_share=settings.state.holding_share,
        ),
        languages=settings.publication.languages,
        disclaimer=settings.disclaimer,
        handling=settings.publication.handling,
        exercise=settings.publication.exercise,
    )


def geography(case: Case, line: BaseGeometry | None = None) -> Geography:
    """Return what a case gives its maps: its line, drawn zones and sectors."""
    drawn = case.settings.line
    if line is None and drawn is not None:
        line = find_feature(case.geometry, drawn)
    lines = [] if line is None else [MapLine("line of contact", line)]
    zones = []
    for zone in case.terms.agreement.zones:
        drawn = zone_polygon(case.terms.agreement, zone, case.terms.geometry)
        if drawn is not None:
            zones.append(MapZone(zone.id, drawn, None if zone.side == "both" else zone.side))
    sectors = tuple(
        MapSector(name, name, polygon) for name, polygon in sorted(case.sectors().polygons.items())
    )
    return Geography(tuple(lines), tuple(zones), sectors)


def claims_of(case: Case) -> tuple[Claim, ...]:
    """Return the claims that the case has taken down; none where it has no `claims.yaml`."""
    path = case.folder / "claims.yaml"
    return tuple(load_claims(path)) if path.is_file() else ()
