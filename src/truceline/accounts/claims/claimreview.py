"""Verdicts for others: schema.org ClaimReview as JSON-LD."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from truceline.accounts.claims.verdict import Verdict


@dataclass(frozen=True)
class Publication:
    """Who reviews, and where the claim appeared.

    Attributes
    ----------
    reviewer, reviewer_url : str
        The organisation that answers for the review.
    url : str
        Where the review can be read.
    claim_author, appearance : str or None
        Who made the claim, and the address it appeared at.
    published : date or None
        When it appeared.
    """

    reviewer: str
    reviewer_url: str
    url: str
    claim_author: str | None = None
    appearance: str | None = None
    published: dt.date | None = None


def claim_review(
    verdict: Verdict, publication: Publication, reviewed: dt.date
) -> dict[str, object]:
    """Return a verdict as a schema.org `ClaimReview`.

    The rating runs from 1 (false in every reading) to 5 (true in every reading) by the share
    of readings that hold; a claim that is not judged has no number.
    """
    share = verdict.share
    rating: dict[str, object] = {"@type": "Rating", "alternateName": verdict.word}
    if share is not None:
        rating |= {"ratingValue": round(1 + 4 * share, 1), "bestRating": 5, "worstRating": 1}
    claim: dict[str, object] = {"@type": "Claim", "name": verdict.claim.text}
    if publication.claim_author:
        claim["author"] = {"@type": "Organization", "name": publication.claim_author}
    if publication.published:
        claim["datePublished"] = publication.published.isoformat()
    if publication.appearance:
        claim["appearance"] = {"@type": "CreativeWork", "url": publication.appearance}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": publication.url,
        "datePublished": reviewed.isoformat(),
        "claimReviewed": verdict.claim.text,
        "reviewBody": verdict.sentence,
        "reviewRating": rating,
        "itemReviewed": claim,
        "author": {
            "@type": "Organization",
            "name": publication.reviewer,
            "url": publication.reviewer_url,
        },
        "isBasedOn": list(verdict.basis),
    }
