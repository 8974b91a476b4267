"""One province of a rehearsal, from its happenings to its tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from truceline.core.types.tables import EFFORT
from truceline.rehearsal.parties.reports import party_reports
from truceline.rehearsal.scenarios.scenario import Scenario
from truceline.rehearsal.sensors.newsroom import print_news
from truceline.rehearsal.sensors.patrols import watch_patrols
from truceline.rehearsal.sensors.people import answer_hotline, network_outages, sound_alerts
from truceline.rehearsal.sensors.posts import watch_acoustics, watch_cameras, watch_seismic
from truceline.rehearsal.sensors.satellites import watch_heat
from truceline.rehearsal.sensors.sighting import Watch, observed
from truceline.rehearsal.sensors.uavs import watch_uavs
from truceline.rehearsal.worlds.acts import simulate_acts
from truceline.rehearsal.worlds.benign import simulate_benign
from truceline.rehearsal.worlds.calendar import background_calendar, truce_calendar
from truceline.rehearsal.worlds.geography import Geography, places
from truceline.rehearsal.worlds.signs import signs_of
from truceline.rehearsal.worlds.truth import benign_events, true_events
from truceline.rehearsal.worlds.violations import true_violations
from truceline.rehearsal.worlds.weather import weather

_SENSORS = (
    watch_heat, watch_cameras, watch_acoustics, watch_seismic, watch_uavs, watch_patrols,
    answer_hotline, sound_alerts, network_outages, print_news,
)  # fmt: skip


@dataclass(frozen=True)
class ProvinceTables:
    """What one province of a rehearsal gives, each in its declared schema.

    Attributes
    ----------
    observation, effort : polars.DataFrame
        What can be known.
    true_event, benign_event, truth_link, true_violation : polars.DataFrame
        What is so.
    """

    observation: pl.DataFrame
    effort: pl.DataFrame
    true_event: pl.DataFrame
    benign_event: pl.DataFrame
    truth_link: pl.DataFrame
    true_violation: pl.DataFrame


def simulate_province(scenario: Scenario, country: Geography, province: int) -> ProvinceTables:
    """Return a province during the truce and what led to it.

    It depends on the scenario, its seed and the province alone: not on other provinces,
    nor on how many are simulated at once.
    """
    calendar = truce_calendar(scenario)
    around = places(scenario, country, province)
    acts = simulate_acts(scenario, country, around, province, calendar)
    benign = simulate_benign(scenario, country, around, province, calendar)
    signs, at = signs_of(scenario, country, acts, benign, province, calendar)
    watch = Watch(
        scenario, country, province, calendar, around, weather(scenario, calendar), signs, len(acts)
    )
    sensed = [sense(watch) for sense in _SENSORS] + [party_reports(watch, acts, at)]
    observations, links = observed(watch, pl.concat([part.sightings for part in sensed]))
    events = true_events(scenario, country, acts, at, province, calendar)
    harmless = benign_events(country, benign, province, calendar)
    return ProvinceTables(
        observations,
        EFFORT.conform(pl.concat([part.effort for part in sensed])),
        events,
        harmless,
        _named(links, harmless),
        true_violations(events, acts),
    )


def simulate_background(scenario: Scenario, country: Geography, province: int) -> ProvinceTables:
    """Return the heat of the same season a year before, when nobody fired."""
    calendar = background_calendar(scenario)
    around = places(scenario, country, province)
    acts = simulate_acts(scenario, country, around, province, calendar).take(np.zeros(0, np.int64))
    benign = simulate_benign(scenario, country, around, province, calendar)
    signs, at = signs_of(scenario, country, acts, benign, province, calendar)
    watch = Watch(
        scenario, country, province, calendar, around, weather(scenario, calendar), signs, 0
    )
    sensed = watch_heat(watch)
    observations, links = observed(watch, sensed.sightings)
    harmless = benign_events(country, benign, province, calendar)
    events = true_events(scenario, country, acts, at, province, calendar)
    return ProvinceTables(
        observations, sensed.effort, events, harmless, _named(links, harmless),
        true_violations(events, acts),
    )  # fmt: skip


def _named(links: pl.DataFrame, harmless: pl.DataFrame) -> pl.DataFrame:
    """Fill in the cause of what saw a harmless happening."""
    cause = harmless.select("event_id", why="cause")
    return (
        links.join(cause, on="event_id", how="left", maintain_order="left")
        .with_columns(cause=pl.when(pl.col("cause") == "").then("why").otherwise("cause"))
        .drop("why")
    )
