"""The sky is covered as often as the climate says, and hours are those of the place."""

import numpy as np
import pytest

from truceline.rehearsal.scenarios.scenario import load_scenario
from truceline.rehearsal.worlds.calendar import background_calendar, truce_calendar
from truceline.rehearsal.worlds.weather import weather


@pytest.mark.parametrize("cover", [0.2, 0.45, 0.8])
def test_cloud_covers_the_stated_share(cover: float) -> None:
    shares = []
    for seed in range(8):
        scenario = load_scenario("quiet-truce", {"seed": seed, "weather": {"cloud_cover": cover}})
        sky = weather(scenario, truce_calendar(scenario))
        rng = np.random.default_rng(seed)
        x, y = rng.uniform(-5e5, 5e5, (2, 4000))
        shares.append(sky.is_cloudy(x, y, rng.uniform(0, 40 * 86_400, 4000)).mean())
    assert np.mean(shares) == pytest.approx(cover, abs=0.06)


def test_cloud_is_smooth_in_place_and_time() -> None:
    scenario = load_scenario("quiet-truce")
    sky = weather(scenario, truce_calendar(scenario))
    rng = np.random.default_rng(1)
    x, y, t = rng.uniform(-3e5, 3e5, 5000), rng.uniform(-3e5, 3e5, 5000), rng.uniform(0, 2e6, 5000)
    here = sky.is_cloudy(x, y, t)
    near = sky.is_cloudy(x + 5_000.0, y, t + 600.0)
    far = sky.is_cloudy(x + 400_000.0, y, t + 5 * 86_400.0)
    assert (here == near).mean() > 0.93
    assert (here == far).mean() < 0.75


def test_overcast_is_overcast() -> None:
    scenario = load_scenario("breakdown-under-cloud")
    calendar = truce_calendar(scenario)
    t = (calendar.truce_day + np.linspace(14.6, 20.4, 50)) * 86_400.0
    assert weather(scenario, calendar).is_cloudy(np.zeros(50), np.zeros(50), t).all()


def test_days_are_long_in_summer_and_local() -> None:
    calendar = truce_calendar(load_scenario("farm-fire-season"))
    hours = np.arange(24) * 3600.0
    local = calendar.local_hour(hours)
    dark = calendar.is_night(hours)
    assert dark[(local < 3.0)].all()
    assert not dark[(local > 6) & (local < 18)].any()
    assert 7 <= dark.sum() <= 10


def test_the_quiet_season_is_the_same_season_a_year_before() -> None:
    scenario = load_scenario("farm-fire-season")
    truce, quiet = truce_calendar(scenario), background_calendar(scenario)
    middle = truce.day_of_year(np.array([(truce.truce_day + 15) * 86_400.0]))[0]
    quiet_middle = quiet.day_of_year(np.array([quiet.seconds / 2]))[0]
    assert quiet_middle == pytest.approx(middle, abs=1.5)
    assert quiet.origin + quiet.days * 86_400e6 < truce.origin
