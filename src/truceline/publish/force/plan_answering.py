"""The report's third part: how soon people are there, by day and by night, and from where."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.force.planning.answering import BANDS_H, MODES
from truceline.force.planning.isochrones import REACH_KM, isochrones
from truceline.force.planning.plan import Plan
from truceline.publish.bulletins.page import Figure, Section, Sheet
from truceline.publish.draw.force.answer_map import answer_map
from truceline.publish.force.plan_cells import hours, of_line, people, percent, said, sheet
from truceline.publish.wording import Wording


def answering(plan: Plan, words: Wording) -> Section:
    """Return how soon people are there, by day and by night, and from which bases."""
    solved, wanted = plan.answering.plan, plan.asked.assumed["people_wanted"]
    if solved is None:
        return Section("answering", "Being there", (said("There is no reaction force."),))
    figures = tuple(_map(plan, words, mode) for mode in (MODES[0], MODES[2]))
    return Section(
        "answering",
        "Being there",
        (
            said(
                f"Hours from the call until {wanted:,.0f} people are there, from "
                f"{_bases_said(plan)} sited by p-median (gap {solved.gap * 100:.2f} %), each "
                "place asked for alone.",
                _too_few(plan),
                _longest(plan),
                "Roads are the straight line times a detour; none is checked to exist. The maps "
                f"show ground within {REACH_KM:g} km of the line.",
            ),
            *figures,
            _sectors(plan),
            _bases(plan),
        ),
    )


def _bases_said(plan: Plan) -> str:
    count = plan.answering.bases.height
    return "1 base" if count == 1 else f"{count} bases"


def _too_few(plan: Plan) -> str:
    """Say why nobody is ever there: fewer are on duty in all than are wanted."""
    on_duty, wanted = plan.answering.bases["people"].sum(), plan.asked.assumed["people_wanted"]
    if on_duty >= wanted:
        return ""
    return f"Only {on_duty:,.0f} are on duty in all: {wanted:,.0f} are never there."


def _longest(plan: Plan) -> str:
    way = plan.farthest
    if way is None:
        return ""
    proven = "proven best" if way.bound >= way.best else f"at least {way.bound:.2f} h"
    return (
        f"The farthest place is {way.planned:.2f} h of road by day from its nearest base; as many "
        f"bases sited for that place alone would need {way.best:.2f} h (p-centre, {proven})."
    )


def _map(plan: Plan, words: Wording, mode: str) -> Figure:
    ground = plan.asked.ground
    bases, assumed = plan.answering.bases, plan.asked.assumed
    bands = isochrones(bases, ground, assumed, mode, BANDS_H)
    spans = [(band.low, band.high, band.ground) for band in bands]
    wanted, long = assumed["people_wanted"], of_line(ground.line_km)
    title = f"Hours until {wanted:,.0f} people are there, by {mode}; {long}"

    def drawn(width: float, ident: str) -> str | None:
        return answer_map(
            ground.line, spans, BANDS_H, bases, words, width=width, ident=ident, title=title
        )

    rows = [
        (f"within {band:g} h", *(percent(plan.answering.within(band, m)) for m in MODES))
        for band in BANDS_H
    ]
    beside = sheet(f"Share of the line reached ({mode} is drawn)", ("hours", *MODES), rows,
                   numeric=range(1, 5), folded=mode != MODES[0])  # fmt: skip
    return Figure(f"answer-{mode.split()[0]}", title, drawn, beside, paper=49)


def _sectors(plan: Plan) -> Sheet:
    table = plan.answering.hours
    rows = []
    for name in plan.asked.ground.stretches["stretch"].unique(maintain_order=True):
        row: list[object] = [name]
        for mode in MODES:
            mine = table.filter((pl.col("stretch") == name) & (pl.col("mode") == mode))["hours"]
            known = np.sort(mine.fill_null(np.inf).to_numpy())
            ends = (known[len(known) // 2], known[-1])
            row += [hours(float(v) if np.isfinite(v) else None) for v in ends]
        rows.append(row)
    heads = ("sector", *(f"{mode}: {what}" for mode in MODES for what in ("median h", "worst h")))
    return sheet("Hours by sector", heads, rows, numeric=range(1, 9), folded=True)


def _bases(plan: Plan) -> Sheet:
    rows = [
        (r["unit"], r["teams"], plan.asked.parties.get(r["side"], r["side"]),
         f"{r['km']:,.0f}", people(r["people"]), people(r["helicopters"]))
        for r in plan.answering.bases.to_dicts()
    ]  # fmt: skip
    heads = ("base", "teams", "on the ground of", "km", "people on duty", "helicopters")
    return sheet("Bases of the reaction forces", heads, rows, numeric=(3, 4, 5), folded=True)
