"""Both sides' claims beside what was seen, with their arithmetic."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from truceline.publish.bulletins.listing import within
from truceline.publish.bulletins.settings import ClaimLine
from truceline.publish.bulletins.tables import CLAIM, CLAIM_ITEM


def claim_table(
    claims: Sequence[ClaimLine],
    incidents: pl.DataFrame,
    attributions: pl.DataFrame,
    judged_period: tuple[int, int],
) -> pl.DataFrame:
    """Return the claims, each beside the incidents listed in the time it covers.

    What was seen is null where the claim covers time that was not judged.
    """
    rows = []
    for claim in claims:
        start, end = claim.period
        is_judged = judged_period[0] <= start and end <= judged_period[1]
        seen = within(incidents, claim.period).filter(pl.col("listed") != "background")
        lists = seen["listed"].to_list()
        about = attributions.filter(pl.col("party") == (claim.about_party or "")).join(
            seen.select("incident_id"), on="incident_id", how="semi"
        )
        rows.append(
            {
                "claim_id": claim.claim_id,
                "party": claim.party,
                "about_party": claim.about_party,
                "t_start": start,
                "t_end": end,
                "unit": claim.unit,
                "stated": claim.stated,
                "sum_of_parts": claim.sum_of_parts,
                "difference": _difference(claim),
                "arithmetic": _verdict(claim),
                "findings": " ".join(claim.findings),
                "violations": lists.count("violation") if is_judged else None,
                "credible": lists.count("credible") if is_judged else None,
                "about_expected": (
                    about["p"].sort().sum() if is_judged and claim.about_party else None
                ),
                "source": claim.source,
            }
        )
    return CLAIM.conform(pl.DataFrame(rows, schema=CLAIM.dtypes()))


def item_table(claims: Sequence[ClaimLine]) -> pl.DataFrame:
    """Return the breakdowns of the claims, in the order given."""
    rows = [
        {
            "claim_id": claim.claim_id,
            "name": item.name,
            "value": item.value,
            "relation": item.relation,
            "parent": item.parent,
            "bound": item.bound,
        }
        for claim in claims
        for item in claim.items
    ]
    return CLAIM_ITEM.conform(pl.DataFrame(rows, schema=CLAIM_ITEM.dtypes()))


def _difference(claim: ClaimLine) -> float | None:
    if claim.stated is None or claim.sum_of_parts is None:
        return None
    return claim.stated - claim.sum_of_parts


def _verdict(claim: ClaimLine) -> str:
    """Return the one word for the arithmetic: the check's faults decide, not the difference.

    Parts that are limits, or items named apart, can leave a difference that is no fault.
    """
    if claim.is_faulty:
        return "differs"
    difference = _difference(claim)
    if difference is None:
        return "not_itemised"
    return "adds_up" if difference == 0 else "open"
