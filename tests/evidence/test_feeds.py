"""The files of a case's feeds: its own folder first, and one order for all who ask."""

from dataclasses import replace
from pathlib import Path

import pytest

import truceline
from truceline.agreement.case import FeedSettings, load_case
from truceline.case_judgement import plan
from truceline.core.types.errors import InputError, TermsError
from truceline.core.types.time import parse_time
from truceline.evidence.feeds import feed_files
from truceline.evidence.sources.source import installed_sources
from truceline.watch import follow


@pytest.fixture
def case(tmp_path):
    """A case in an empty folder, with one feed of two patterns."""
    feeds = (FeedSettings(source="firms", files=("a*.csv", "b*.csv"), settings={"k": 1}),)
    own = tmp_path / "case"
    own.mkdir()
    return replace(
        load_case(Path(truceline.__file__).parent / "cases" / "loc-2021"), folder=own, feeds=feeds
    )


def touch(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()


def test_the_cases_own_files_come_before_those_of_the_data_folder(case, tmp_path):
    touch(tmp_path / "data", "a9.csv", "b2.csv", "b1.csv")
    touch(case.folder, "a1.csv", "a0.csv")
    found = list(feed_files(case, installed_sources(), tmp_path / "data"))
    assert [f.pattern for f in found] == ["a*.csv", "b*.csv"]
    names = [[e.path.name for e in f.entries] for f in found]
    assert names == [["a0.csv", "a1.csv"], ["b1.csv", "b2.csv"]]
    told = {"bbox": list(case.settings.bbox), "k": 1}
    assert all(e.settings == told for f in found for e in f.entries)
    assert all(e.source is not None and e.source.info.name == "firms" for e in found[0].entries)


def test_a_run_wants_every_pattern_and_a_watch_waits_for_it(case, tmp_path):
    touch(case.folder, "a1.csv")
    sources = installed_sources()
    waiting = follow(case, sources, None, settled=lambda _path: True)
    assert [e.path.name for e in waiting] == ["a1.csv"]
    with pytest.raises(InputError, match=r"b\*\.csv"):
        plan(case, sources, None)
    touch(tmp_path / "data", "b1.csv")
    assert plan(case, sources, tmp_path / "data") == follow(
        case, sources, tmp_path / "data", settled=lambda _path: True
    )


def test_a_watch_leaves_what_is_still_being_written(case):
    touch(case.folder, "a1.csv", "a2.csv")
    left = follow(case, installed_sources(), None, settled=lambda path: path.name == "a2.csv")
    assert [e.path.name for e in left] == ["a2.csv"]


def test_an_unknown_source_is_named_with_those_installed(case):
    wrong = replace(case, feeds=(FeedSettings(source="nobody", files=("*.csv",)),))
    with pytest.raises(TermsError, match="nobody") as caught:
        list(feed_files(wrong, installed_sources(), None))
    assert "firms" in str(caught.value)


GED = (
    "id,side_a,side_b,number_of_sources,where_prec,date_prec,date_start,date_end,latitude,"
    "longitude,best,low,high,deaths_civilians,adm_1,event_clarity\n"
    "1,A,B,2,1,1,2021-06-01 00:00:00.000,2021-06-01 00:00:00.000,34,74,1,1,2,0,Region,1\n"
    "2,A,B,2,1,1,2021-06-01,2021-06-01,48.1,37.5,1,1,2,0,Region,1\n"
)


def read_ged(case, settings):
    """Return what a case reads of the made deaths."""
    (case.folder / "ged.csv").write_text(GED)
    feeds = (FeedSettings(source="ucdp_ged", files=("ged.csv",), settings=settings),)
    (found,) = feed_files(replace(case, feeds=feeds), installed_sources())
    (entry,) = found.entries
    (batch,) = entry.source.read(entry.path, entry.settings)
    return batch


def test_a_feed_has_the_box_and_the_days_of_its_case(case):
    batch = read_ged(case, {})
    assert batch.observations["t_start"].to_list() == [parse_time("2021-06-01T00:00:00+05:30")]
    assert "outside the area" in batch.rejects["problem"][0]


def test_what_the_feed_says_goes_before_its_case(case):
    batch = read_ged(case, {"bbox": [30, 40, 40, 50], "timezone": "UTC"})
    assert batch.observations["lon"].to_list() == [37.5]
    assert batch.observations["t_start"].to_list() == [parse_time("2021-06-01T00:00:00Z")]


def counted(case, *sources, source="mapped"):
    """Return the case with one feed named events, and an indicator of these sources."""
    told = case.settings.indicators[0].model_copy(update={"sources": sources})
    settings = case.settings.model_copy(update={"indicators": (told,)})
    feed = FeedSettings(source=source, files=("a.csv",), settings={"name": "events"})
    return list(feed_files(replace(case, settings=settings, feeds=(feed,)), installed_sources()))


@pytest.mark.parametrize("name", ["event", "mapped"])
def test_an_indicator_of_no_feed_is_refused_before_it_counts_nothing(case, name):
    with pytest.raises(TermsError, match=rf"{name}, which is no feed.*events"):
        counted(case, name)


def test_what_people_send_in_and_what_tables_name_counts(case):
    assert counted(case, "events", "patrol_form")
    assert counted(case, "acoustics", source="tables")
