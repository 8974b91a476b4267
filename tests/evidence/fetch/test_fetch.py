"""Fetching against a real server: patience, wholeness, resumption, and a key that never shows."""

from __future__ import annotations

import csv
import json
import logging
import pickle
import traceback
from datetime import date
from email.utils import format_datetime
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.types.errors import FetchError
from truceline.core.types.time import SECOND, from_micros
from truceline.evidence.fetch.fetcher import Fetcher, Request
from truceline.evidence.fetch.firms import FirmsArea, fetch_firms
from truceline.evidence.fetch.patience import Pace, Patience
from truceline.evidence.fetch.secret import Secret, kept_from_logs, read_secret
from truceline.evidence.fetch.ucdp import TOKEN_HEADER, UcdpEvents, fetch_ucdp
from truceline.evidence.sources import firms as firms_source
from truceline.evidence.sources import ucdp as ucdp_source
from truceline.testing.sources import read_all

from .conftest import NOW, Answer, Clock, Feed

WORD = "s3cr3tk3y0123456789abcdef0123456"
KEY = Secret(WORD)

HEADER = (
    "latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,"
    "version,bright_ti5,frp,daynight"
)


def fires(path: str) -> Answer:
    """Return a detection on the first day asked for, with invented values."""
    day = path.rsplit("/", 1)[-1]
    row = f"48.01,37.52,330.1,0.39,0.36,{day},1033,N20,VIIRS,n,2.0NRT,290.1,4.5,D"
    return Answer(f"{HEADER}\n{row}\n".encode())


def area(feed: Feed, first: str = "2025-04-01", last: str = "2025-04-12") -> FirmsArea:
    return FirmsArea(
        "VIIRS_NOAA20_NRT",
        (36.0, 46.5, 39.0, 50.0),
        date.fromisoformat(first),
        date.fromisoformat(last),
        address=feed.address,
    )


def test_a_stretch_of_days_is_fetched_five_at_a_time(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(fires)
    files = list(fetch_firms(fetcher, area(feed), KEY))
    assert feed.asked == [
        f"/api/area/csv/{WORD}/VIIRS_NOAA20_NRT/36,46.5,39,50/{days}/{start}"
        for days, start in ((5, "2025-04-01"), (5, "2025-04-06"), (2, "2025-04-11"))
    ]
    read = pl.concat(read_all(firms_source.SOURCE, path, {}).observations for path in files)
    assert read.height == 3
    assert all(WORD not in path.name for path in files)


def test_what_is_in_the_cache_is_not_asked_for_again(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(fires)
    before = list(fetch_firms(fetcher, area(feed), KEY))
    asked = len(feed.asked)
    assert list(fetch_firms(fetcher, area(feed), Secret("another-key"))) == before
    assert len(feed.asked) == asked


def test_a_stopped_fetch_goes_on_where_it_was(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(fires, Answer(b"down", status=404))
    with pytest.raises(FetchError):
        list(fetch_firms(fetcher, area(feed), KEY))
    feed.asked.clear()
    feed.say(fires)
    assert len(list(fetch_firms(fetcher, area(feed), KEY))) == 3
    assert len(feed.asked) == 2


def test_days_that_may_still_fill_up_are_asked_for_again(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(fires)
    recent = area(feed, "2025-05-17", "2025-05-19")
    list(fetch_firms(fetcher, recent, KEY))
    list(fetch_firms(fetcher, recent, KEY))
    assert len(feed.asked) == 2


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_passing_fault_is_tried_again(
    feed: Feed, fetcher: Fetcher, clock: Clock, status: int
) -> None:
    feed.say(Answer(b"busy", status=status), Answer(b"busy", status=status), fires)
    assert len(list(fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY))) == 1
    assert len(feed.asked) == 3
    assert len(clock.slept) == 2
    assert clock.slept[0] <= 1.0
    assert clock.slept[1] <= 2.0


def test_retry_after_is_kept_to(feed: Feed, fetcher: Fetcher, clock: Clock) -> None:
    when = format_datetime(from_micros(NOW + 17 * SECOND + 30 * SECOND), usegmt=False)
    feed.say(
        Answer(status=429, headers={"Retry-After": "17"}),
        Answer(status=503, headers={"Retry-After": when}),
        fires,
    )
    list(fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY))
    assert clock.slept == pytest.approx([17.0, 30.0])


def test_a_long_retry_after_is_told_and_not_waited_for(
    feed: Feed, fetcher: Fetcher, clock: Clock
) -> None:
    feed.say(Answer(status=429, headers={"Retry-After": "86400"}))
    with pytest.raises(FetchError, match="86,400 s"):
        list(fetch_firms(fetcher, area(feed), KEY))
    assert clock.slept == []


def test_after_all_attempts_the_last_reason_is_told(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(Answer(b"<html><body>Gateway <b>broken</b></body></html>", status=502))
    with pytest.raises(FetchError, match="502: Gateway broken") as told:
        list(fetch_firms(fetcher, area(feed), KEY))
    assert len(feed.asked) == fetcher.pace.patience.attempts
    assert told.value.exit_code == 7


def test_a_body_cut_short_is_never_in_the_cache(feed: Feed, fetcher: Fetcher) -> None:
    whole = fires("/2025-04-01")
    feed.say(Answer(whole.body, cut=len(whole.body) - 9), fires)
    (path,) = fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY)
    assert path.read_bytes() == whole.body
    assert list(path.parent.iterdir()) == [path]


def test_a_csv_that_breaks_off_under_a_right_length_is_refused(
    feed: Feed, fetcher: Fetcher
) -> None:
    feed.say(Answer(fires("/2025-04-01").body[:-20]), fires)
    (path,) = fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY)
    assert path.read_bytes() == fires("/2025-04-01").body


def test_an_empty_answer_of_a_quiet_day_is_an_answer(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(Answer(f"{HEADER}\n".encode()))
    (path,) = fetch_firms(fetcher, area(feed, last="2025-04-02"), KEY)
    assert read_all(firms_source.SOURCE, path, {}).observations.is_empty()


def test_a_wrong_key_is_said_at_once(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(Answer(b"Invalid MAP_KEY."))
    with pytest.raises(FetchError, match="Invalid MAP_KEY") as told:
        list(fetch_firms(fetcher, area(feed), KEY))
    assert len(feed.asked) == 1
    assert "Check the MAP_KEY" in str(told.value)


def test_a_web_page_instead_of_data_is_tried_again(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(Answer(b"<!DOCTYPE html><html>Maintenance</html>"), fires)
    assert len(list(fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY))) == 1


def test_a_redirect_is_not_followed_with_a_key(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(Answer(status=302, headers={"Location": "http://127.0.0.1:9/elsewhere"}))
    with pytest.raises(FetchError, match="302"):
        list(fetch_firms(fetcher, area(feed), KEY))
    assert len(feed.asked) == 1


def test_an_answer_that_is_too_long_is_refused(feed: Feed, tmp_path: Path, clock: Clock) -> None:
    pace = Pace(Patience(largest_bytes=50), np.random.default_rng(1), clock.now, clock.sleep)
    feed.say(fires)
    with pytest.raises(FetchError, match="longer than 50 bytes"):
        list(fetch_firms(Fetcher(tmp_path, pace), area(feed), KEY))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "answer",
    [
        Answer(f"no such key {WORD}".encode(), status=403),
        Answer(f"<html>{WORD}</html>".encode(), status=500),
        Answer(f"Invalid MAP_KEY {WORD}".encode()),
        Answer(b"x" * 100, cut=10),
    ],
    ids=["forbidden", "page", "text", "cut"],
)
def test_the_key_is_in_no_error_log_or_file(
    feed: Feed, fetcher: Fetcher, caplog: pytest.LogCaptureFixture, answer: Answer
) -> None:
    caplog.set_level(logging.DEBUG)
    told: list[str] = []
    fetcher.told = told.append
    feed.say(answer)
    with pytest.raises(FetchError) as error:
        list(fetch_firms(fetcher, area(feed), KEY))
    assert any(WORD in path for path in feed.asked)
    trace = "".join(traceback.format_exception(error.value))
    for text in (str(error.value), repr(error.value.as_dict()), trace, caplog.text, *told):
        assert WORD not in text
    assert "***" in str(error.value)
    assert "httpx2" not in caplog.text or "***" in caplog.text


def test_a_dead_address_is_an_error_without_the_key(fetcher: Fetcher, clock: Clock) -> None:
    dead = FirmsArea(
        "MODIS_NRT", (0, 0, 1, 1), date(2025, 1, 1), date(2025, 1, 1), address="http://127.0.0.1:9"
    )
    with pytest.raises(FetchError, match="connection failed") as error:
        list(fetch_firms(fetcher, dead, KEY))
    assert WORD not in str(error.value)
    assert len(clock.slept) == 5


def test_a_damaged_file_of_the_cache_is_fetched_again(feed: Feed, fetcher: Fetcher) -> None:
    feed.say(fires)
    (path,) = fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY)
    path.write_bytes(b"\x00" * 10)
    (again,) = fetch_firms(fetcher, area(feed, last="2025-04-05"), KEY)
    assert again.read_bytes().startswith(b"latitude")


@pytest.mark.parametrize(
    "wrong",
    [
        {"product": "LANDSAT"},
        {"bbox": (39.0, 46.5, 36.0, 50.0)},
        {"last": date(2025, 3, 1)},
        {"day_range": 30},
    ],
    ids=lambda wrong: next(iter(wrong)),
)
def test_a_wrong_request_is_not_sent(feed: Feed, wrong: dict[str, object]) -> None:
    right = {
        "product": "MODIS_NRT", "bbox": (36.0, 46.5, 39.0, 50.0),
        "first": date(2025, 4, 1), "last": date(2025, 4, 2), "address": feed.address,
    }  # fmt: skip
    with pytest.raises(FetchError):
        FirmsArea(**{**right, **wrong})


# --- pages of events -------------------------------------------------------------------

EVENTS = [
    {
        "id": 500000 + i, "side_a": "A", "side_b": "B", "number_of_sources": 2, "where_prec": 1,
        "date_prec": 1, "date_start": f"2021-06-{1 + i:02}", "date_end": f"2021-06-{1 + i:02}",
        "latitude": 48.1, "longitude": 37.5, "best": i, "low": i, "high": i + 1,
        "deaths_civilians": 0, "adm_1": "Région", "event_clarity": 1,
        "source_headline": "Two lines\nof \"text\", with commas",
    }
    for i in range(7)
]  # fmt: skip


def pages(size: int, total: int = 7) -> object:
    def answer(path: str) -> Answer:
        number = int(path.split("page=")[-1].split("&")[0])
        body = {
            "TotalCount": total,
            "TotalPages": -(-7 // size),
            "PreviousPageUrl": "",
            "NextPageUrl": "http://elsewhere.invalid/",
            "Result": EVENTS[number * size : (number + 1) * size],
        }
        return Answer(json.dumps(body).encode())

    return answer


def asked(feed: Feed, size: int = 3) -> UcdpEvents:
    return UcdpEvents("25.1", page_size=size, address=feed.address, first=date(2021, 6, 1))


def test_pages_are_joined_into_what_the_source_reads(
    feed: Feed, fetcher: Fetcher, tmp_path: Path
) -> None:
    feed.say(pages(3))
    out = fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv")
    assert len(feed.asked) == 3
    assert all("pagesize=3" in path and "StartDate=2021-06-01" in path for path in feed.asked)
    assert all(headers[TOKEN_HEADER] == WORD for headers in feed.headers)
    read = read_all(ucdp_source.SOURCE, out, {})
    assert read.observations.height == 7
    assert read.rejects.is_empty()
    with out.open(encoding="utf-8") as stream:
        assert next(csv.DictReader(stream))["source_headline"] == EVENTS[0][
            "source_headline"
        ].replace("\n", " ")


def test_a_stopped_paging_goes_on_with_the_missing_page(
    feed: Feed, fetcher: Fetcher, tmp_path: Path
) -> None:
    out = tmp_path / "ged.csv"
    feed.say(pages(3), pages(3), Answer(status=404))
    with pytest.raises(FetchError):
        fetch_ucdp(fetcher, asked(feed), KEY, out)
    assert not out.exists()
    feed.asked.clear()
    feed.say(pages(3))
    fetch_ucdp(fetcher, asked(feed), KEY, out)
    assert len(feed.asked) == 1
    assert "page=2" in feed.asked[0]


def test_a_data_set_that_changes_while_it_is_fetched_is_refused(
    feed: Feed, fetcher: Fetcher, tmp_path: Path
) -> None:
    feed.say(pages(3), pages(3, total=8))
    with pytest.raises(FetchError, match="changed while"):
        fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv")
    feed.say(pages(3))
    assert fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv").is_file()


def test_a_total_that_does_not_add_up_is_refused(
    feed: Feed, fetcher: Fetcher, tmp_path: Path
) -> None:
    feed.say(pages(3, total=9))
    with pytest.raises(FetchError, match="hold 7 events, the feed says 9"):
        fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv")
    assert not (tmp_path / "ged.csv").exists()


@pytest.mark.parametrize(
    "body",
    [b"{}", b"[]", b'{"TotalCount": 1', b"null", b'{"TotalCount":1,"TotalPages":1,"Result":[3]}'],
)
def test_json_of_another_form_is_an_error_after_some_attempts(
    feed: Feed, fetcher: Fetcher, tmp_path: Path, body: bytes
) -> None:
    feed.say(Answer(body))
    with pytest.raises(FetchError, match="documented form"):
        fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv")


def test_a_refused_token_says_so_without_showing_it(
    feed: Feed, fetcher: Fetcher, tmp_path: Path
) -> None:
    feed.say(Answer(f"token {WORD} is not valid".encode(), status=401))
    with pytest.raises(FetchError, match="Check the key") as error:
        fetch_ucdp(fetcher, asked(feed), KEY, tmp_path / "ged.csv")
    assert WORD not in str(error.value)
    assert len(feed.asked) == 1


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(FetchError, match="version"):
        UcdpEvents("../25.1")


# --- pace and key ----------------------------------------------------------------------


def test_requests_keep_below_the_rate(clock: Clock) -> None:
    pace = Pace(Patience(requests=3, per_s=10.0), np.random.default_rng(1), clock.now, clock.sleep)
    times = []
    for _ in range(10):
        pace.take_turn()
        times.append((clock.time - NOW) / SECOND)
    for i in range(len(times) - 3):
        assert times[i + 3] - times[i] >= 10.0
    assert times[-1] == pytest.approx(30.0)


@settings(max_examples=60, deadline=None)
@given(attempt=st.integers(0, 60), seed=st.integers(0, 2**32 - 1))
def test_waits_grow_within_their_bounds(attempt: int, seed: int) -> None:
    clock = Clock()
    pace = Pace(Patience(), np.random.default_rng(seed), clock.now, clock.sleep)
    assert 0 <= pace.wait_s(attempt, None) <= min(120.0, 2.0**attempt)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=30))
def test_any_retry_after_is_read_or_passed_over(text: str) -> None:
    clock = Clock()
    pace = Pace(Patience(), np.random.default_rng(1), clock.now, clock.sleep)
    assert pace.wait_s(2, text) >= 0


def test_a_key_comes_from_a_file_and_never_shows(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(f"  {WORD}\n")
    key = read_secret(path)
    assert key.reveal() == WORD
    assert WORD not in f"{key} {key!r}"
    with pytest.raises(FetchError):
        pickle.dumps(key)
    with pytest.raises(FetchError, match="cannot be read"):
        read_secret(tmp_path / "none")
    with pytest.raises(FetchError, match="no key"):
        Secret("two words")


def test_the_logger_is_left_as_it_was() -> None:
    logger = logging.getLogger("httpx2")
    before = list(logger.filters)
    with kept_from_logs(KEY):
        assert len(logger.filters) == len(before) + 1
    assert logger.filters == before


def test_a_request_shows_no_key() -> None:
    request = Request("http://host/***/x", "x", ".csv", KEY, ("token",))
    assert WORD not in repr(request)
    assert request.url() == f"http://host/{WORD}/x"
    assert request.sent_headers() == {"token": WORD}
