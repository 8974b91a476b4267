"""What is protected is found as a look at every row finds it."""

import polars as pl
import pytest
from tests.web.room.conftest import with_level

from truceline.web.room.protected import HEIGHTS, protected


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
def test_each_item_is_as_high_as_the_highest_of_its_evidence(room):
    seen = room.working()
    incidents = seen.incidents["incident_id"].to_list()
    for level, incident in zip(("AMBER", "RED", "GREEN", "AMBER+STRICT"), incidents, strict=False):
        seen = with_level(seen, incident, level)
    told = protected(seen)

    def height(rows):
        found = set(rows["handling"].cast(pl.String)) - {"CLEAR", "GREEN"}
        people = (rows["instrument"].cast(pl.String) == "hotline").any()
        return max(found, key=HEIGHTS.index) if found else "source" if people else None

    for incident in incidents:
        own = seen.members.filter(pl.col("incident_id") == incident)["obs_id"].to_list()
        rows = seen.observations.filter(pl.col("obs_id").is_in(own))
        assert told.of(incident) == height(rows)
        for row in range(rows.height):
            assert told.of(rows["obs_id"][row]) == height(rows[row : row + 1])
    assert (told.of(incidents[0]), told.of(incidents[1])) == ("AMBER", "RED")
    assert told.highest() == "RED"
    assert told.of("no such thing") is None
