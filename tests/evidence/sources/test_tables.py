"""The system's own tables as a feed: what was written comes out, and what does not fit is told."""

import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.store.case_store import CaseStore
from truceline.core.types.errors import InputError, TrucelineError
from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.evidence.ingest import Entry, ingest
from truceline.evidence.sources.source import Sample
from truceline.evidence.sources.tables import SOURCE

ROW = {
    "source": "patrols", "instrument": "patrol", "witness": "P1", "t_start": 10, "t_end": 20,
    "received_at": 30, "lon": 30.0, "lat": 48.0, "sigma_m": 50.0, "phenomenon": "shot",
    "count": 2.0, "reliability": "B", "credibility": 2, "handling": "AMBER", "attributes": "{}",
    "raw_file": "a", "raw_row": 1,
}  # fmt: skip


def observations(n=5, **changes):
    rows = [{**ROW, "obs_id": f"{i:032x}", **changes} for i in range(n)]
    return OBSERVATION.conform(pl.DataFrame(rows))


def test_what_was_written_comes_out(tmp_path):
    table = observations()
    table.write_parquet(tmp_path / "o.parquet")
    assert SOURCE.recognises(Sample.of(tmp_path / "o.parquet"))
    (batch,) = SOURCE.read(tmp_path / "o.parquet", {})
    assert batch.observations.equals(table)
    assert (batch.rows, batch.rejects.height, batch.effort.height) == (5, 0, 0)


def test_effort_is_told_from_observations(tmp_path):
    row = {
        "source": "patrols", "instrument": "patrol", "cell": None, "area": "east", "t_start": 0,
        "t_end": 9, "phenomenon": "shot", "p_detect": 0.5, "reason": "patrol_track",
    }  # fmt: skip
    frame = pl.DataFrame([row])
    reasons = EFFORT.dtypes()["reason"]
    frame = frame.with_columns(reason=pl.lit(reasons.categories[0]))
    frame.write_parquet(tmp_path / "e.parquet")
    (batch,) = SOURCE.read(tmp_path / "e.parquet", {})
    assert (batch.effort.height, batch.observations.height) == (1, 0)
    store = CaseStore(tmp_path / "store")
    ingest(store, [Entry(tmp_path / "e.parquet", SOURCE)])
    assert (store.scan_effort().collect().height, store.verify()) == (1, [])


@pytest.mark.parametrize(
    ("column", "value"),
    [("lat", 95.0), ("witness", None), ("handling", "PURPLE"), ("sigma_m", -1.0),
     ("lon", float("nan"))],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_told_by_its_column_and_the_others_go_on(
    tmp_path, column, value
):
    table = observations().with_columns(pl.col("handling").cast(pl.String))
    dtype = table.schema[column]
    bad = pl.when(pl.int_range(pl.len()) == 2).then(pl.lit(value, dtype)).otherwise(column)
    table.with_columns(bad.alias(column)).write_parquet(tmp_path / "o.parquet")
    (batch,) = SOURCE.read(tmp_path / "o.parquet", {})
    assert batch.observations.height == 4
    assert batch.rejects.select("raw_row", "field").rows() == [(3, column)]


def lines_of(table):
    """Return a table as lines of JSON, as a program would send it."""
    return [json.dumps(row) for row in table.iter_rows(named=True)]


def test_lines_of_json_say_the_same_as_parquet(tmp_path):
    table = observations()
    (tmp_path / "o.lines").write_text("\n".join(lines_of(table)) + "\n")
    assert SOURCE.recognises(Sample.of(tmp_path / "o.lines"))
    (batch,) = SOURCE.read(tmp_path / "o.lines", {})
    assert batch.observations.equals(table)
    assert (batch.rows, batch.rejects.height) == (5, 0)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("{broken", "obs_id"),
        ("[1, 2]", "obs_id"),
        (json.dumps({**ROW, "obs_id": "7" * 32, "lat": "far north"}), "lat"),
        (json.dumps({**ROW, "obs_id": "7" * 32, "count": True}), "count"),
        (json.dumps({**ROW, "obs_id": "7" * 32, "handling": "\ud800"}), "handling"),
    ],
)
def test_a_line_that_does_not_fit_is_told_and_the_others_go_on(tmp_path, line, field):
    sent = lines_of(observations())
    (tmp_path / "o.lines").write_text("\n".join([*sent[:2], line, *sent[2:]]))
    (batch,) = SOURCE.read(tmp_path / "o.lines", {})
    assert batch.observations.height == 5
    assert batch.rejects.select("raw_row", "field").rows() == [(3, field)]


def test_read_twice_nothing_is_added(tmp_path):
    observations().write_parquet(tmp_path / "o.parquet")
    store = CaseStore(tmp_path / "store")
    for _ in range(2):
        ingest(store, [Entry(tmp_path / "o.parquet", SOURCE, {})], received_before=100)
    assert store.scan_observations().collect().height == 5


def test_other_columns_are_no_such_table(tmp_path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "x.parquet")
    assert not SOURCE.recognises(Sample.of(tmp_path / "x.parquet"))
    with pytest.raises(InputError, match="neither"):
        list(SOURCE.read(tmp_path / "x.parquet", {}))


@settings(max_examples=60)
@given(st.data())
def test_a_damaged_file_is_an_error_of_ours_and_never_another(tmp_path_factory, data):
    path = tmp_path_factory.mktemp("t") / "o.parquet"
    observations(50).write_parquet(path)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at] = data.draw(st.integers(0, 255))
    path.write_bytes(content[: data.draw(st.integers(4, len(content)))])
    try:
        rows = sum(b.observations.height + b.rejects.height for b in SOURCE.read(path, {}))
    except TrucelineError:
        return
    assert rows == 50
