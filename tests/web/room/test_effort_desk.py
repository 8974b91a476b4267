"""The desk of effort: heard or not, out or not, kept or not; and what nobody knows is said so."""

from dataclasses import replace

import h3
import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from hypothesis import given
from hypothesis import strategies as st
from tests.web.room.test_room_browser import chromium  # noqa: F401
from tests.web.room.test_room_browser import enter as enter_by_browser  # noqa: F401

from truceline.core.types.tables import EFFORT, OBSERVATION
from truceline.core.types.time import DAY, HOUR
from truceline.web.room.own_watch import heard, kept_from_seeing, patrols, state_of

OWN = """own:
- {id: E1, kind: acoustic array, lon: -30.0, lat: 48.0, source: ears, heard_every_h: 6}
- {id: E2, kind: acoustic array, lon: -20.0, lat: 48.0, source: ears, heard_every_h: 6}
- {id: E3, kind: camera, lon: -10.0, lat: 48.0, source: ears, heard_every_h: 6}
- {id: E4, kind: camera, lon: 0.0, lat: 48.0, source: ears}
- {id: P1, kind: post, lon: 10.0, lat: 48.0}
"""


@pytest.fixture
def address(tmp_path):
    """A page is the same whatever the database."""
    return str(tmp_path / "room.sqlite")


def effort(now: int, *rows: tuple) -> pl.DataFrame:
    """Return effort: place, start and end in hours from now, instrument, chance, reason."""
    return EFFORT.conform(
        pl.DataFrame(
            [
                {
                    "source": "ears" if how == "acoustic" else "patrols", "instrument": how,
                    "cell": h3.latlng_to_cell(lat, lon, 7), "area": None, "reason": why,
                    "t_start": now + int(start * HOUR), "t_end": now + int(end * HOUR),
                    "phenomenon": "explosion", "p_detect": p,
                }
                for lon, lat, start, end, how, p, why in rows
            ],
            schema_overrides={"area": pl.String},
        )
    )  # fmt: skip


def report(now: int, witness: str, hours: float, phenomenon: str = "explosion") -> pl.DataFrame:
    """Return one observation that came in some hours from now."""
    when = now + int(hours * HOUR)
    row = {
        "obs_id": f"{witness} {hours}", "source": "ears", "instrument": "acoustic",
        "witness": witness, "t_start": when, "t_end": when, "received_at": when, "area": "S02",
        "phenomenon": phenomenon, "handling": "GREEN", "raw_file": "f", "raw_row": 1,
    }  # fmt: skip
    return OBSERVATION.conform(pl.DataFrame([row]))


@pytest.fixture
def manned(room):
    """Return the room with effort and reports that are made by hand, and the mission's list."""
    now = room.clock()
    inside = room.case.sectors().polygons["S03"].representative_point()
    x, y = inside.x, inside.y
    rows = effort(
        now,
        (-30.0, 48.0, -30, -2, "acoustic", 0.5, "watching"),
        (-20.0, 48.0, -30, -7, "acoustic", 0.5, "watching"),
        (-20.0, 48.0, -7, 0, "acoustic", 0.0, "jamming"),
        (x, y, -0.9, -0.6, "patrol", 0.9, "watching"),
        (x, y, -0.5, -0.4, "patrol", 0.4, "night"),
        (x, y, -40, -30, "patrol", 0.0, "denied"),
        (x, y, -9 * 24, -8 * 24, "patrol", 0.0, "denied"),
    )
    told = [report(now, "E1", -1), report(now, "E4", -50), report(now, "wire", -30, "obstruction"),
            report(now, "old", -9 * 24, "obstruction")]  # fmt: skip
    before = room.working()
    room._working = replace(before, effort=rows, observations=pl.concat(told))
    path = room.case.folder / "mission.yaml"
    rehearsed = path.read_text(encoding="utf-8")
    path.write_text(OWN, encoding="utf-8")
    yield room
    path.write_text(rehearsed, encoding="utf-8")


@pytest.fixture
def unlisted(room):
    """Return the room of a case that does not list the mission's own."""
    path = room.case.folder / "mission.yaml"
    aside = path.rename(path.with_suffix(".aside"))
    yield room
    aside.rename(path)


def own(room):
    from truceline.agreement.mission import own_places

    return {
        h.place.id: h for h in heard(room.working(), own_places(room.case.folder), room.clock())
    }


def test_each_sensor_is_heard_overdue_never_heard_or_not_known(manned):
    now, found = manned.clock(), own(manned)
    assert {name: h.state for name, h in found.items()} == {
        "E1": "heard", "E2": "overdue", "E3": "never heard", "E4": "not known", "P1": "not known",
    }  # fmt: skip
    assert (found["E1"].last, found["E1"].by) == (now - HOUR, "its report")
    assert (found["E2"].last, found["E2"].by) == (now - 7 * HOUR, "effort here")
    assert found["E2"].kept == "jamming"
    assert found["E4"].last == now - 50 * HOUR
    assert found["P1"].last is None


@given(st.none() | st.integers(0, 10**6), st.none() | st.floats(0.1, 200))
def test_a_sensor_is_overdue_only_after_the_time_that_was_set(age, every_h):
    now = 10**15
    state = state_of(None if age is None else now - age * 10**6, every_h, now)
    if age is None:
        assert state == "never heard"
    elif every_h is None:
        assert state == "not known"
    else:
        assert (state == "overdue") == (age * 10**6 > every_h * HOUR)


def test_patrols_of_today_and_what_kept_them(manned):
    now, effort_rows = manned.clock(), manned.working().effort
    sectors = manned.case.sectors()
    (out,) = patrols(effort_rows, sectors, (now - HOUR, now)).to_dicts()
    assert (out["where"], out["cells"]) == ("S03", 1)
    assert (out["t_start"], out["t_end"]) == (now - int(0.9 * HOUR), now - int(0.4 * HOUR))
    # Cut to the period asked for; nothing of another.
    (cut,) = patrols(effort_rows, sectors, (now - int(0.7 * HOUR), now)).to_dicts()
    assert cut["t_start"] == now - int(0.7 * HOUR)
    assert patrols(effort_rows, sectors, (now - 60 * HOUR, now - 20 * HOUR)).is_empty()
    kept = kept_from_seeing(effort_rows, sectors, (now - 7 * DAY, now)).to_dicts()
    assert {(k["reason"], k["where"]) for k in kept} == {
        ("denied", "S03"), ("jamming", "outside the sectors"),
    }  # fmt: skip


def test_the_desk_says_it_in_words_and_those_outside_learn_nothing_of_the_mission(manned, enter):
    page = enter("rita").get("/watching").text
    for said in ("overdue</strong>; jamming at last", "never heard", "Patrols today", "denied"):
        assert said in page
    assert page.count(">wire<") == 1
    assert ">old<" not in page
    for name in ("vera", "lina", "adam"):
        outside = enter(name).get("/watching").text
        assert "Patrols today" not in outside
        assert "Posts and sensors" not in outside
        assert "jamming" not in outside


def test_what_nobody_knows_is_not_known(unlisted, enter):
    working = unlisted.working()
    unlisted._working = replace(
        working, effort=working.effort.clear(), observations=working.observations.clear()
    )
    page = enter("rita").get("/watching").text
    for said in (
        "Not known: the case has no <code>mission.yaml</code>",
        "Not known: no effort of patrols has come in",
        "Not known: no effort has come in today",
        "does not say that there was none",
    ):
        assert said in page


def test_an_exercise_has_its_posts_on_the_desk_and_most_were_heard(room):
    states = [h.state for h in own(room).values()]
    assert len(states) > 10
    assert states.count("heard") > len(states) / 2


@pytest.mark.browser
def test_the_desk_on_a_phone(enter_by_browser, served, manned):  # noqa: F811
    page = enter_by_browser("rita", viewport={"width": 360, "height": 740}, color_scheme="dark")
    page.goto(f"{served}/watching")
    rules = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
    found = Axe().run(page, options=rules).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    heads = page.locator("table:has-text('last heard') >> tr:nth-child(1) >> td")
    assert [cell.get_attribute("data-h") for cell in heads.all()][:3] == ["Name", "What", "State"]
    states = page.locator("table:has-text('last heard') tbody td:nth-child(3)").all_inner_texts()
    states = [" ".join(state.split()) for state in states]
    assert states == ["heard", "overdue; jamming at last", "never heard", "not known", "not known"]
