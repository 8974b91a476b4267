"""The ledger of claims as a bulletin lays it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from truceline.publish.bulletins.settings import ClaimItem, ClaimLine
from truceline.record.claim_arithmetic import check_arithmetic, sum_of_parts
from truceline.record.claims import Claim


def claim_lines(claims: Sequence[Claim], parties: Mapping[str, str]) -> tuple[ClaimLine, ...]:
    """Return the claims of a ledger with what their arithmetic shows.

    Parameters
    ----------
    claims : sequence of Claim
        As taken down.
    parties : mapping
        Party names by id. A claimant that is written by its name is given its id; one
        that is no party keeps its name.
    """
    ids = {name: party for party, name in parties.items()}
    lines = []
    for claim in claims:
        findings = check_arithmetic(claim)
        parts = sum_of_parts(claim)
        names = {item.id: item.name for item in claim.items}
        lines.append(
            ClaimLine(
                claim_id=claim.id,
                party=ids.get(claim.claimant, claim.claimant),
                about_party=None if claim.about is None else ids.get(claim.about, claim.about),
                period=(claim.period.start, claim.period.end),
                unit=claim.unit,
                stated=None if claim.total is None else claim.total.value,
                sum_of_parts=None if parts is None else parts.value,
                items=tuple(
                    ClaimItem(
                        item.name,
                        item.number.value,
                        item.relation,
                        None if item.of is None else names[item.of],
                        item.number.bound,
                    )
                    for item in claim.items
                ),
                findings=tuple(finding.message for finding in findings),
                is_faulty=any(finding.is_fault for finding in findings),
                source=claim.source,
            )
        )
    return tuple(lines)
