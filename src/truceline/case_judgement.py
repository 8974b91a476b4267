"""The judgement of a case: its feeds, its period, and what its store holds on it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from truceline import __version__
from truceline.agreement.case import Case
from truceline.agreement.terms import Period
from truceline.core.space.lines import Territory
from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import InputError, TermsError, Where
from truceline.core.types.tables import STATE
from truceline.core.types.time import DAY
from truceline.evidence.background.permanent_heat import permanent_heat
from truceline.evidence.background.rates import HISTORY, RATE, Background, fit_background
from truceline.evidence.feeds import feed_files, sent_in
from truceline.evidence.ingest import Entry
from truceline.evidence.observations import in_order
from truceline.evidence.sources.source import Source
from truceline.judgement.assess import Limits, Origin, Setting, assess, origin_and_clauses
from truceline.judgement.incidents.regrouping import Grouping
from truceline.judgement.judgement import Judgement
from truceline.judgement.parameters import Parameters
from truceline.judgement.parted.keeping import look_in_parts
from truceline.judgement.parted.slices import rows_in
from truceline.judgement.sectors import effort_with_sector, with_sector
from truceline.judgement.truce_state.indicator import state_settings
from truceline.judgement.truce_state.state import COUNTED, truce_states
from truceline.judgement.watching import unwatched_sectors

#: Observations that are judged at once: 1.4 KB of memory each.
AT_ONCE = 2_000_000

#: How far before the time of comparison rows are read, to know a source's habits.
_LOOK_BACK = 45 * DAY


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
    *,
    folder: Path,
    at_once: int = AT_ONCE,
) -> Judgement:
    """Judge a period of a case from what its store holds, and what people put together.

    Parameters
    ----------
    folder : Path
        Folder for a judgement in parts.
    at_once : int
        Observations from which on it is judged in parts; what a bulletin says is the same.
    """
    setting = replace(setting_of(case, store, parameters, territory), groupings=groupings)
    states, unwatched = condition(case, store, setting, period)
    if sum(rows_in(file) for file in store.paths("observations")) <= at_once:
        return look(case, store, setting, period, states=states, unwatched=unwatched)
    return look_in_parts(
        store, setting, period, folder,
        states=states, unwatched=unwatched,
        provenance=_provenance(case, store, setting.parameters),
    )  # fmt: skip


def look(
    case: Case,
    store: CaseStore,
    setting: Setting,
    period: tuple[int, int],
    *,
    states: pl.DataFrame,
    unwatched: pl.DataFrame,
    origin: Origin = origin_and_clauses,
) -> Judgement:
    """Judge the incidents of a period, and carry along how the truce was found to be.

    Parameters
    ----------
    setting : Setting
        From `setting_of`.
    states, unwatched : polars.DataFrame
        From `condition`.
    origin : callable
        How attributions and findings are come by; the answer is the same.
    """
    return assess(
        in_order(_within(store.scan_observations(), _reach(case, period))),
        _effort(case, store, period),
        setting,
        period,
        states=states,
        unwatched=unwatched,
        provenance=_provenance(case, store, setting.parameters),
        origin=origin,
    )


def condition(
    case: Case, store: CaseStore, setting: Setting, period: tuple[int, int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return how the truce is doing, and where and when nobody could tell.

    Schemas `STATE` and `UNWATCHED`.
    """
    effort = _effort(case, store, period)
    watched = case.settings.thresholds.watched
    return (
        _states(case, store, _closed(case.settings.before), period, setting.territory),
        unwatched_sectors(case.sectors(), effort, period, watched),
    )


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


def _reach(case: Case, period: tuple[int, int]) -> tuple[int, int]:
    """Return the time of which observations and effort bear on a period."""
    before = _closed(case.settings.before)
    return (min(before[0], period[0]) - _LOOK_BACK, period[1])


def _effort(case: Case, store: CaseStore, period: tuple[int, int]) -> pl.DataFrame:
    return _within(store.scan_effort(), _reach(case, period)).sort(
        "source", "phenomenon", "area", "cell", "t_start", "p_detect"
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


def _states(
    case: Case,
    store: CaseStore,
    before: tuple[int, int],
    period: tuple[int, int],
    territory: Territory | None,
) -> pl.DataFrame:
    """Judge each indicator over the whole line and in each sector.

    The whole history is read, since the same season of other years and the habits of a
    source are looked at; nothing after the end of the period is.
    """
    settings = state_settings(case.settings)
    if not settings.indicators:
        return STATE.empty()
    wanted = sorted({s for indicator in settings.indicators for s in indicator.sources})
    of_sources = pl.col("source").is_in(wanted) & (pl.col("t_start") < period[1])
    told = in_order(store.scan_observations().filter(of_sources).select(COUNTED).collect())
    watched = store.scan_effort().filter(of_sources).collect()
    if territory is not None and any(i.near_line_m is not None for i in settings.indicators):
        lon, lat = (told[c].fill_null(0.0).to_numpy() for c in ("lon", "lat"))
        distance = pl.Series("line_distance_m", territory.line_distance_m(lon, lat))
        told = told.with_columns(
            pl.when(pl.col("lon").is_not_null()).then(distance).alias("line_distance_m")
        )
    if (sectors := case.sectors()).polygons:
        told, watched = with_sector(told, sectors), effort_with_sector(watched, sectors)
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
