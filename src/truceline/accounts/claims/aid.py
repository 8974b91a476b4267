"""Claims about donors, held against every reading of the aid tables."""

from __future__ import annotations

from typing import Final

import polars as pl

from truceline.accounts.aid.readings import NO_DENOMINATOR, OWN_GDP
from truceline.accounts.claims.claim import Claim
from truceline.accounts.claims.readings import Judgement, against, judge, near
from truceline.accounts.claims.verdict import Part, Verdict, assemble, decided_by, range_of

#: The choices that every value of aid rests on.
CHOICES: Final = ("release", "cutoff", "measure", "eu_share", "rate", "gdp", "undated")

#: The share of readings from which a claim is called true.
WIDE: Final = 0.8

UNIT_NAMES: Final = {
    "usd": "in dollars",
    "eur": "in euros",
    "gdp_share": "as a share of GDP",
    "per_head": "per head",
}


def check_comparison(claim: Claim, values: pl.DataFrame) -> Verdict:
    """Check "A (or B) gives (considerably) more than C", by subject and unit."""
    parts = [
        _comparison_part(claim, values, subject, unit)
        for unit in claim.units
        for subject in claim.subjects
    ]
    return assemble(claim, parts, _basis(values))


def check_ratio(claim: Claim, values: pl.DataFrame) -> Verdict:
    """Check "A gives N times as much as B"."""
    stated = claim.value or 1.0
    parts = []
    for unit in claim.units:
        for subject in claim.subjects:
            ratio = _ratios(claim, values, subject, unit)
            judgement = judge(near(ratio, stated, claim.thresholds), (*CHOICES, "tolerance"))
            found = judgement.readings["value"]
            spoken = (
                f"{subject} gives {_span(found)} times what {claim.reference} gives "
                f"{UNIT_NAMES[unit]}; the sentence says {stated:g}."
            )
            parts.append(_part(subject, unit, judgement, spoken))
    return assemble(claim, parts, _basis(values))


def check_rank(claim: Claim, values: pl.DataFrame) -> Verdict:
    """Check "A is the N-th largest donor" among the states of a release."""
    wanted = claim.value or 1.0
    parts = []
    for unit in claim.units:
        table = _of(claim, values, unit).filter(~pl.col("institution"))
        ranked = table.with_columns(
            pl.col("value")
            .rank("min", descending=claim.comparator == "more")
            .over(list(CHOICES))
            .cast(pl.Float64)
            .alias("value")
        )
        for subject in claim.subjects:
            own = ranked.filter(donor=subject).with_columns(
                pl.lit(wanted).alias("bar"),
                (pl.col("value") == wanted).alias("holds"),
                (wanted / pl.col("value")).alias("margin"),
            )
            judgement = judge(own, CHOICES)
            places = sorted(set(judgement.readings["value"].to_list()))
            said = " to ".join(f"{p:.0f}" for p in (places[:1] + places[-1:] if places else []))
            said = said if len(places) > 1 else said.split(" ")[0]
            spoken = f"{subject} stands at place {said or '?'} {UNIT_NAMES[unit]}."
            parts.append(_part(subject, unit, judgement, spoken))
    return assemble(claim, parts, _basis(values))


def check_total(claim: Claim, values: pl.DataFrame) -> Verdict:
    """Check "A has given about X"."""
    stated = claim.value or 0.0
    parts = []
    for unit in claim.units:
        for subject in claim.subjects:
            own = _of(claim, values, unit).filter(donor=subject)
            if claim.comparator in ("at_least", "at_most"):
                table = against(own, {"as stated": stated}, claim.comparator, "threshold")
                judgement = judge(table, (*CHOICES, "threshold"))
            else:
                table = near(own, stated, claim.thresholds)
                judgement = judge(table, (*CHOICES, "tolerance"))
            spoken = (
                f"{subject} gives {_money(judgement.readings['value'], unit)}; the sentence "
                f"says {_amount(stated, unit)}."
            )
            parts.append(_part(subject, unit, judgement, spoken))
    return assemble(claim, parts, _basis(values))


def _comparison_part(claim: Claim, values: pl.DataFrame, subject: str, unit: str) -> Part:
    ratios = _ratios(claim, values, subject, unit)
    sign = 1 if claim.comparator == "more" else -1
    bars = {f"{t:g} times": float(t) ** sign for t in claim.thresholds}
    table = against(ratios, bars, claim.comparator, "threshold")
    judgement = judge(table, (*CHOICES, "threshold"))
    at_all = _at_all(claim, judgement.readings)
    spoken = (
        f"{subject} gives {_span(judgement.readings['value'])} times what {claim.reference} gives "
        f"{UNIT_NAMES[unit]}: {claim.comparator} in {at_all * 100:.0f} % of readings"
    )
    if any(t > 1 for t in claim.thresholds):
        spoken += f", considerably {claim.comparator} in {(judgement.share or 0) * 100:.0f} %"
    spoken += f". {_shares_in_eu(judgement.readings)} {_as_printed(claim, subject, unit, table)}"
    return _part(subject, unit, judgement, spoken.strip(), _comparison_word(claim, judgement))


def _at_all(claim: Claim, readings: pl.DataFrame) -> float:
    """Return the share of readings in which it is any more (or less) at all."""
    if not readings.height:
        return 0.0
    plain = pl.col("value") > 1 if claim.comparator == "more" else pl.col("value") < 1
    return float(readings.select(plain.mean()).item())


def _comparison_word(claim: Claim, judgement: Judgement) -> str:
    # A donor's own aid is the plain sense of "gives"; its share in EU aid is told beside it.
    if judgement.held == judgement.total:
        return judgement.word
    own = judgement.readings.filter(eu_share="out")
    shared = judgement.readings.filter(eu_share="in")
    if not own.height or _at_all(claim, own) < WIDE:
        return judgement.word
    considerably = float(own.select(pl.col("holds").mean()).item())
    word = "true" if considerably >= WIDE else "true only narrowly"
    if shared.height and _at_all(claim, shared) <= 1 - WIDE:
        joint = "but" if word == "true" else "and"
        return f"{word}, {joint} false with the share in EU aid"
    return word if word != "true" else "true in most readings"


def _as_printed(claim: Claim, subject: str, unit: str, readings: pl.DataFrame) -> str:
    """Return the figures of one release with the share in EU aid and without.

    A release whose last day lies before the sentence comes first: it was there to be read.
    """
    plain = readings.filter(
        (pl.col("measure") == "allocation")
        & (pl.col("undated") == "in")
        & (pl.col("rate") != "of each month")
        & pl.col("gdp").is_in([NO_DENOMINATOR, OWN_GDP])
    )
    later = pl.col("cutoff") >= (claim.on.isoformat() if claim.on else "9999")
    plain = plain.sort(later, pl.col("cutoff").str.to_date().dt.epoch("d").neg(), "release")
    both = plain.filter(pl.col("eu_share").n_unique().over("release") > 1)
    if not both.height:
        return ""
    said = []
    for way, name in (("out", "without"), ("in", "with")):
        row = both.filter(eu_share=way).row(0, named=True)
        own, other = _amount(row["subject_value"], unit), _amount(row["reference_value"], unit)
        said.append(f"{own} against {other} {name} the share in EU aid")
    first = both.row(0, named=True)
    return (
        f"By {first['release']}, allocated to {first['cutoff']}, {subject} against "
        f"{claim.reference}: {'; '.join(said)}."
    )


def _shares_in_eu(readings: pl.DataFrame) -> str:
    if readings["eu_share"].n_unique() < 2:
        return ""
    own, shared = (readings.filter(eu_share=way)["value"] for way in ("out", "in"))
    return f"Without the share in EU aid {_span(own)} times, with it {_span(shared)}."


def _part(
    subject: str, unit: str, judgement: Judgement, spoken: str, word: str | None = None
) -> Part:
    if not judgement.total:
        name = UNIT_NAMES.get(unit, unit)
        sentence = f"No table gives {subject} {name}."
        return Part(subject, unit, judgement, "cannot be checked", sentence)
    decided = decided_by(judgement.deciders)
    return Part(subject, unit, judgement, word or judgement.word, f"{spoken} {decided}".strip())


def _of(claim: Claim, values: pl.DataFrame, unit: str) -> pl.DataFrame:
    return values.filter(
        (pl.col("unit") == unit)
        & (pl.col("aid_type") == claim.aid_type)
        & pl.col("measure").is_in(list(claim.measures))
        & pl.col("value").is_not_null()
    )


def _ratios(claim: Claim, values: pl.DataFrame, subject: str, unit: str) -> pl.DataFrame:
    table = _of(claim, values, unit)
    own = table.filter(donor=subject).select(*CHOICES, "value")
    other = table.filter(donor=claim.reference).select(*CHOICES, pl.col("value").alias("_other"))
    joined = own.join(other, on=list(CHOICES)).filter(pl.col("_other") > 0)
    return joined.with_columns(
        pl.col("value").alias("subject_value"),
        pl.col("_other").alias("reference_value"),
        (pl.col("value") / pl.col("_other")).alias("value"),
    ).drop("_other")


def _span(found: pl.Series) -> str:
    if not len(found):
        return "?"
    low, high = float(found.min()), float(found.max())  # type: ignore[arg-type]
    return range_of(low, high, 1 if low >= 5 else 2)


def _money(found: pl.Series, unit: str) -> str:
    if not len(found):
        return "?"
    low, high = float(found.min()), float(found.max())  # type: ignore[arg-type]
    first, last = _amount(low, unit), _amount(high, unit)
    return first if first == last else f"{first} to {last}"


def _amount(value: float, unit: str) -> str:
    if unit == "gdp_share":
        return f"{value:.3f} % of GDP"
    if unit == "per_head":
        return f"{value:.0f} euros per head"
    return f"{value / 1e9:.2f} bn {'dollars' if unit == 'usd' else 'euros'}"


def _basis(values: pl.DataFrame) -> list[str]:
    pairs = values.select("release", "cutoff").unique().sort("release", "cutoff")
    return [f"{release}, aid to {cutoff}" for release, cutoff in pairs.iter_rows()]
