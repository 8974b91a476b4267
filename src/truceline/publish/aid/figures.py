"""Each picture of aid from releases and a reading: what is drawn and what stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import Final

import polars as pl

from truceline.accounts.aid.changes import diff_releases
from truceline.accounts.aid.donors import Group, donor_of, donors
from truceline.accounts.aid.evaluation import (
    KINDS,
    UNIT_NAMES,
    UNITS,
    Kind,
    Reading,
    basis,
    group_total,
    totals,
)
from truceline.accounts.aid.indicators import Indicators
from truceline.accounts.aid.model import TYPES, AidRelease
from truceline.accounts.aid.series import cumulative, monthly, months_of
from truceline.core.types.errors import InputError
from truceline.publish.aid.picture import Picture
from truceline.publish.draw.aid.bars import Bar, ranked_bars
from truceline.publish.draw.aid.change import Change, changes
from truceline.publish.draw.aid.course import Course, Month, month_columns, running_lines
from truceline.publish.draw.aid.gap import Promise, promises
from truceline.publish.draw.aid.pair import Duel, duels
from truceline.publish.draw.aid.quantity import Quantity, quantity_of, scale_of
from truceline.publish.draw.aid.tiles import tile_map

WIDTH = 760.0


def quantity(reading: Reading, indicators: Indicators, release: AidRelease) -> Quantity:
    """Return how values of a reading are printed: in millions where nobody gave a billion euros."""
    scale = scale_of(release.largest_sum())
    return quantity_of(reading.unit, indicators.prices.base, scale)


def split_totals(release: AidRelease, reading: Reading, indicators: Indicators) -> pl.DataFrame:
    """Return each donor's total with its parts: kinds of dated aid, and what has no date.

    The parts add up to the total. Where a kind is asked for there is that kind alone; where
    the release does not split a measure, the part is `unsplit`.
    """
    table = totals(release, reading, indicators)
    kinds = _kinds(reading)
    known = replace(reading, undated=False)
    for kind in kinds:
        part = totals(release, replace(known, kind=kind), indicators)
        table = table.join(
            part.select("donor", pl.col("value").alias(kind)), on="donor", maintain_order="left"
        )
    dated = totals(release, known, indicators).select("donor", pl.col("value").alias("_dated"))
    table = table.join(dated, on="donor", maintain_order="left")
    rest = pl.col("_dated") - pl.sum_horizontal(*kinds)
    loose = pl.col("value") - pl.col("_dated")
    return table.with_columns(
        _or_nothing(loose).alias("undated"), _or_nothing(rest).alias("unsplit")
    ).drop("_dated")


def _or_nothing(rest: pl.Expr) -> pl.Expr:
    """Return a remainder, and exactly nothing where only rounding is left of it."""
    return pl.when(rest.abs() < 1e-9 * pl.col("value").abs()).then(0.0).otherwise(rest)


def ranked(
    release: AidRelease, reading: Reading, indicators: Indicators, *, most: int = 20
) -> Picture:
    """Draw the largest donors, stacked by kind, undated aid hatched.

    Whose total cannot be known under this reading is named in the sentence beside it.
    """
    every = split_totals(release, reading, indicators)
    table = _ordered(every, release, reading, indicators).head(most)
    title = f"{_subject(reading)}, largest donors"
    svg = ranked_bars(
        [_bar(row) for row in table.iter_rows(named=True)],
        quantity(reading, indicators, release),
        width=WIDTH,
        ident="aid-ranked",
        title=title,
    )
    said = basis(release, reading, indicators) + _unknown(every, reading)
    return Picture(title, svg, _printed(table), said)


def _unknown(table: pl.DataFrame, reading: Reading) -> str:
    """Return a sentence with the states whose total is not known; a body has no unit of its own."""
    states = table.filter(pl.col("value").is_null() & ~pl.col("institution"))["donor_name"]
    if not len(states):
        return ""
    return f" Not known in {UNIT_NAMES[reading.unit]}, and left out: {', '.join(states.sort())}."


def _ordered(
    table: pl.DataFrame, release: AidRelease, reading: Reading, indicators: Indicators
) -> pl.DataFrame:
    """Return donors largest first; in their own currencies, which cannot be ranked, by euros."""
    _check_known(table, release, reading)
    if reading.unit != "national":
        return _largest(table)
    euros = totals(release, replace(reading, unit="eur"), indicators)
    places = _largest(euros).select("donor").with_row_index("_place")
    currencies = {code: donor.currency for code, donor in donors().items()}
    named = pl.format("{} ({})", "donor_name", pl.col("donor").replace_strict(currencies))
    ordered = table.drop_nulls("value").join(places, on="donor", how="left").sort("_place")
    return ordered.with_columns(named.alias("donor_name")).drop("_place")


def grouped(
    release: AidRelease, reading: Reading, indicators: Indicators, groups: Sequence[Group]
) -> Picture:
    """Draw groups of donors; a state may be in more than one, so groups do not add up."""
    kinds = _kinds(reading)
    rows = []
    for group in groups:
        parts: dict[str, float | None] = {
            kind: group_total(
                release, group, replace(reading, kind=kind, undated=False), indicators
            )
            for kind in kinds
        }
        total = group_total(release, group, reading, indicators)
        dated = group_total(release, group, replace(reading, undated=False), indicators)
        if total is not None and dated is not None:
            parts["undated"] = total - dated
        rows.append({"donor_name": group.name, "value": total, **parts})
    table = _largest(pl.DataFrame(rows, infer_schema_length=None))
    title = f"{_subject(reading)}, by group of donors"
    svg = ranked_bars(
        [_bar(row) for row in table.iter_rows(named=True)],
        quantity(reading, indicators, release),
        width=WIDTH,
        ident="aid-groups",
        title=title,
    )
    return Picture(title, svg, _printed(table), basis(release, reading, indicators))


def gap(
    release: AidRelease, reading: Reading, indicators: Indicators, *, most: int = 20
) -> Picture:
    """Draw commitments beside allocations."""
    both = [
        totals(release, replace(reading, measure=measure), indicators)
        for measure in ("commitment", "allocation")
    ]
    table = (
        both[0]
        .rename({"value": "committed"})
        .join(both[1].select("donor", pl.col("value").alias("allocated")), on="donor")
        .with_columns((pl.col("committed") - pl.col("allocated")).alias("gap"))
        .sort("committed", "donor_name", descending=[True, False], nulls_last=True)
        .head(most)
    )
    title = "Committed and allocated, with what is left to allocate"
    rows = [
        Promise(row["donor_name"], row["committed"], row["allocated"])
        for row in table.iter_rows(named=True)
    ]
    svg = promises(
        rows, quantity(reading, indicators, release), width=WIDTH, ident="aid-gap", title=title
    )
    said = basis(release, replace(reading, measure="commitment"), indicators)
    return Picture(title, svg, _printed(table), said)


def over_time(
    release: AidRelease, reading: Reading, indicators: Indicators, donors: Sequence[str]
) -> Picture:
    """Draw running sums of up to four donors."""
    months = months_of(release)
    table = monthly(release, reading, indicators)
    running = cumulative(table, months).group_by("donor", "month").agg(pl.col("value").sum())
    loose = table.filter(pl.col("month").is_null()).group_by("donor").agg(pl.col("value").sum())
    extra = dict(loose.iter_rows())
    courses = []
    columns: dict[str, list[object]] = {"month": [f"{m:%Y-%m}" for m in months]}
    for name in donors[:4]:
        donor = donor_of(name)
        values = running.filter(donor=donor.code).sort("month")["value"].to_list()
        courses.append(Course(donor.name, values, float(extra.get(donor.code) or 0.0)))
        columns[donor.name] = values if values else [None] * len(months)
    title = f"{_subject(reading)}, added up over time"
    svg = running_lines(
        courses,
        months,
        quantity(reading, indicators, release),
        width=WIDTH,
        ident="aid-course",
        title=title,
    )
    beside = pl.DataFrame(columns, strict=False)
    return Picture(title, svg, beside, basis(release, reading, indicators))


def by_month(
    release: AidRelease, reading: Reading, indicators: Indicators, donor_name: str
) -> Picture:
    """Draw one donor's aid month by month, undated aid apart."""
    donor = donor_of(donor_name)
    table = monthly(release, reading, indicators).filter(donor=donor.code)
    loose = float(table.filter(pl.col("month").is_null())["value"].sum())
    dated = table.drop_nulls("month").with_columns(
        pl.col("type").cast(pl.String()).fill_null("unsplit")
    )
    cells = {(m, k): v for m, k, v in dated.select("month", "type", "value").iter_rows()}
    kinds = [*TYPES, "unsplit"]
    months = [
        Month(day, {k: cells[day, k] for k in kinds if (day, k) in cells})
        for day in months_of(release)
    ]
    title = f"{_subject(reading)} by month: {donor.name}"
    svg = month_columns(
        months,
        loose,
        quantity(reading, indicators, release),
        width=WIDTH,
        ident="aid-months",
        title=title,
    )
    beside = pl.DataFrame(
        [{"month": f"{m.day:%Y-%m}", **{k: m.parts.get(k, 0.0) for k in kinds}} for m in months]
        + [{"month": "without a date", **dict.fromkeys(kinds), "undated": loose}],
        infer_schema_length=None,
    )
    return Picture(title, svg, beside, basis(release, reading, indicators))


def tiles(release: AidRelease, reading: Reading, indicators: Indicators) -> Picture:
    """Draw donors as a map of tiles without borders."""
    table = totals(release, reading, indicators)
    _check_known(table, release, reading)
    rows = list(table.iter_rows(named=True))
    title = f"{_subject(reading)}, map of donors"
    svg = tile_map(
        {row["donor"]: row["value"] for row in rows},
        {row["donor"]: row["donor_name"] for row in rows},
        quantity(reading, indicators, release),
        width=WIDTH,
        ident="aid-tiles",
        title=title,
    )
    return Picture(title, svg, _printed(_largest(table)), basis(release, reading, indicators))


def pair(
    release: AidRelease, reading: Reading, indicators: Indicators, first: str, second: str
) -> Picture:
    """Draw one donor against another under every unit, with and without the EU share."""
    names = (donor_of(first).name, donor_of(second).name)
    rows = []
    units = [unit for unit in UNITS if unit != "national"]
    for unit, eu_share in product(units, (False, True)):
        chosen = replace(reading, unit=unit, eu_share=eu_share)
        values = dict(totals(release, chosen, indicators).select("donor_name", "value").iter_rows())
        shown = quantity(chosen, indicators, release)
        label = f"{shown.axis.split(',')[0]}{', with EU share' if eu_share else ''}"
        rows.append(Duel(label, values.get(names[0]), values.get(names[1]), shown))
    title = f"{names[0]} against {names[1]}"
    svg = duels(rows, names, width=WIDTH, ident="aid-pair", title=title)
    beside = pl.DataFrame(
        {
            "reading": [r.label for r in rows],
            names[0]: [r.first for r in rows],
            names[1]: [r.second for r in rows],
            "times": [r.ratio for r in rows],
        },
        strict=False,
    )
    said = basis(release, reading, indicators, units=units)
    return Picture(title, svg, beside, said)


def since(
    before: AidRelease,
    after: AidRelease,
    reading: Reading,
    indicators: Indicators,
    *,
    most: int = 20,
) -> Picture:
    """Draw what changed between two releases, revisions apart from new aid."""
    table = diff_releases(before, after, reading, indicators)
    drawn = table.drop_nulls("change").head(most)
    title = f"Change from release {before.name} to release {after.name}"
    rows = [
        Change(r["donor_name"], r["change"], r["revision"], r["new"])
        for r in drawn.iter_rows(named=True)
    ]
    svg = changes(
        rows, quantity(reading, indicators, after), width=WIDTH, ident="aid-change", title=title
    )
    said = (
        f"{basis(after, reading, indicators)} The earlier release ends {before.info.cut_off} "
        f"({before.info.cut_off_source}); both are computed anew in one unit."
    )
    return Picture(title, svg, _printed(table), said)


#: What makes totals in a unit known.
_NEEDS: Final = {
    "usd": "Give `usd_per_eur`, or a rate of USD, in aid.yaml; or a folder of monthly rates, with "
    "--rate month.",
    "national": "Put monthly exchange rates of the donors' currencies into the folder.",
    "constant": "The price index begins in 2022; take --unit eur.",
    "gdp_share": "Put the World Bank's GDP and rates into the folder, and name a year with "
    "--gdp-year.",
    "per_head": "Put the World Bank's population into the folder.",
    "eur": "Ask for a measure and a kind of aid that it holds.",
}


def _check_known(table: pl.DataFrame, release: AidRelease, reading: Reading) -> None:
    """Refuse a picture of nothing: say why no donor's total is known, and what would mend it."""
    if table["value"].is_not_null().any():
        return
    kind = "aid" if reading.kind == "all" else f"{reading.kind} aid"
    euros = totals(release, replace(reading, unit="eur", rate="release"))["value"]
    unit = reading.unit if euros.is_not_null().any() else "eur"
    words = f" in {UNIT_NAMES[unit]}" if unit != "eur" else ""
    raise InputError(
        f"no {reading.measure} of {kind} in release {release.name} is known{words}.",
        hint=_NEEDS[unit],
    )


def _kinds(reading: Reading) -> tuple[Kind, ...]:
    return KINDS[1:] if reading.kind == "all" else (reading.kind,)


def _bar(row: dict[str, float | str | None]) -> Bar:
    kinds = (*TYPES, "unsplit", "undated")
    parts = {k: float(v) for k in kinds if isinstance(v := row.get(k), float)}
    value = row["value"]
    total = float(value) if isinstance(value, (int, float)) else None
    return Bar(str(row["donor_name"]), total, parts)


def _largest(table: pl.DataFrame) -> pl.DataFrame:
    return table.drop_nulls("value").sort("value", "donor_name", descending=[True, False])


def _printed(table: pl.DataFrame) -> pl.DataFrame:
    kept = [c for c in table.columns if c not in ("donor", "institution")]
    return table.select(kept).rename({"donor_name": "donor"})


def _subject(reading: Reading) -> str:
    kind = "Aid" if reading.kind == "all" else f"{reading.kind.capitalize()} aid"
    share = ", with members' EU share" if reading.eu_share else ""
    return f"{kind}, {reading.measure}s{share}"
