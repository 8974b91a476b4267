"""Small made tables for the tests of the judgement."""

import polars as pl
import pytest

from truceline.core.types.tables import EFFORT, MEMBER, OBSERVATION
from truceline.core.types.time import parse_time

DAY_ONE = parse_time("2031-05-02T12:00:00Z")


@pytest.fixture(scope="session")
def observe():
    """Return a function that makes observations from dicts; what is left out is plain."""

    def build(*rows):
        table = [
            {
                "obs_id": f"{i:08x}".ljust(32, "0"),
                "source": row.get("instrument", "patrol"),
                "instrument": "patrol",
                "witness": f"witness {i}",
                "t_start": DAY_ONE,
                "t_end": row.get("t_start", DAY_ONE),
                "received_at": row.get("t_start", DAY_ONE),
                "lon": 37.0,
                "lat": 48.0,
                "sigma_m": 300.0,
                "phenomenon": "explosion",
                "handling": "CLEAR",
                "raw_file": "0",
                "raw_row": i,
                **row,
            }
            for i, row in enumerate(rows)
        ]
        return OBSERVATION.conform(pl.DataFrame(table, infer_schema_length=None))

    return build


@pytest.fixture(scope="session")
def watch():
    """Return a function that makes effort from dicts."""

    def build(*rows):
        table = [
            {
                "source": "camera",
                "instrument": "camera",
                "t_start": DAY_ONE - 1,
                "t_end": DAY_ONE + 1,
                "phenomenon": "explosion",
                "p_detect": 0.75,
                "reason": "watching",
                **row,
            }
            for row in rows
        ]
        if not table:
            return EFFORT.empty()
        return EFFORT.conform(pl.DataFrame(table, infer_schema_length=None))

    return build


@pytest.fixture(scope="session")
def one_incident():
    """Return a function that makes all observations members of one incident."""

    def build(observations, incident_id="i0"):
        return MEMBER.conform(observations.select("obs_id", incident_id=pl.lit(incident_id)))

    return build
