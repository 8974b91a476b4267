"""The ledger's claims as a bulletin lays them out: faults decide, not differences."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from truceline.publish.bulletins.claims import item_table
from truceline.publish.bulletins.ledger import claim_lines
from truceline.publish.bulletins.report import compose
from truceline.record.claims import load_claims


@pytest.fixture(scope="module")
def lines():
    path = Path(str(files("truceline.record.examples") / "published_claims.yaml"))
    return {line.claim_id: line for line in claim_lines(load_claims(path), {"ua": "Ukraine"})}


def test_a_claimant_that_is_a_party_gets_its_id_and_another_keeps_its_name(lines):
    assert lines["easter-2025-ukraine"].party == "ua"
    assert lines["unifil-2024-trajectories"].party == "UNIFIL"


def test_a_total_that_its_parts_do_not_meet_differs(lines, judgement, settings, period, now):
    claims = list(lines.values())
    bulletin = compose(judgement, settings, period=period, now=now, claims=claims)
    words = dict(bulletin.claims.select("claim_id", "arithmetic").iter_rows())
    assert words["unifil-2024-trajectories"] == "differs"
    assert words["easter-2025-ukraine"] == "open"
    row = bulletin.claims.filter(bulletin.claims["claim_id"] == "unifil-2024-trajectories")
    assert (row["stated"].item(), row["sum_of_parts"].item()) == (8918, 8926)


def test_a_subset_is_named_with_what_it_is_within(lines):
    rows = {r["name"]: r for r in item_table([lines["easter-2025-ukraine"]]).to_dicts()}
    heavy = rows["shellings with heavy weapons"]
    assert (heavy["value"], heavy["relation"], heavy["parent"]) == (812, "subset_of", "shellings")
