"""Attribution by numbers worked by hand: a straight line, west of it Alpha, east of it Beta."""

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from truceline.judgement.attribution.parties import attribute, posterior_over_parties
from truceline.judgement.parameters import shipped_parameters

METRES_A_DEGREE = 111_195.0 * np.cos(np.radians(48.0))
LINE = 37.0
FAR_WEST, FAR_EAST = 36.9, 37.1
NAME_PARTY = 0.9


class StraightLine:
    """Two parties on either side of a meridian; `order` says which one holds the west."""

    def __init__(self, *order):
        self.parties = order or ("alpha", "beta")

    def side_probability(self, lon, lat, sigma_m):
        east = norm.cdf((lon - LINE) * METRES_A_DEGREE / sigma_m)
        return np.column_stack([1.0 - east, east])

    def distance_m(self, lon, lat):
        metres = (lon - LINE) * METRES_A_DEGREE
        return np.column_stack([np.clip(metres, 0, None), np.clip(-metres, 0, None)])


@pytest.fixture(scope="module")
def blame(observe, one_incident):
    """Return a function from observations of one incident to the probability of each party."""

    def build(*rows, line=None, weapon=None, lon=LINE):
        seen = observe(*rows)
        incident = pl.DataFrame(
            {
                "incident_id": ["i0"],
                "weapon_class": [weapon],
                "lon": [lon],
                "lat": [48.0],
                "err_major_m": [300.0],
            },
            schema_overrides={"weapon_class": pl.String},
        )
        table = attribute(
            incident, one_incident(seen), seen, line or StraightLine(), shipped_parameters()
        )
        return dict(zip(table["party"], table["p"], strict=True))

    return build


def landing(lon, **more):
    return {"phenomenon": "explosion_impact", "lon": lon, **more}


def start(lon, **more):
    return {"phenomenon": "muzzle_flash", "lon": lon, **more}


def test_a_landing_alone_blames_the_other_side_but_names_no_one(blame):
    """With 3 in 100 by others: 0.97 x 0.92 = 0.892, below the 0.9 that a name needs."""
    p = blame(landing(FAR_WEST))
    assert p["beta"] == pytest.approx(0.97 * 0.92, abs=1e-3)
    assert p["alpha"] == pytest.approx(0.97 * 0.08, abs=1e-3)
    assert p["beta"] < NAME_PARTY


def test_a_start_names_the_side_it_was_seen_on(blame):
    p = blame(start(FAR_WEST))
    assert p["alpha"] == pytest.approx(0.97 * 0.98, abs=1e-3)
    assert p["alpha"] > NAME_PARTY


def test_a_start_on_the_line_says_nothing(blame):
    p = blame(start(LINE))
    assert p["alpha"] == pytest.approx(p["beta"])


def test_many_landings_count_once(blame):
    """Places of one incident share the error of the line: ten of them are not ten signs."""
    assert blame(*[landing(FAR_WEST)] * 10) == pytest.approx(blame(landing(FAR_WEST)))


def test_an_explosion_nobody_could_tell_from_a_muzzle_blast_blames_no_one(blame):
    p = blame({"phenomenon": "explosion", "lon": FAR_WEST})
    assert p["alpha"] == pytest.approx(p["beta"])


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    metres=st.floats(50, 5_000),
    sure=st.floats(50, 2_000),
    wider=st.floats(1.1, 10),
)
def test_a_surer_place_never_says_less(blame, metres, sure, wider):
    lon = LINE + metres / METRES_A_DEGREE
    near = blame(start(lon, sigma_m=sure))["beta"]
    assert near >= blame(start(lon, sigma_m=sure * wider))["beta"] - 1e-12


@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    lon=st.floats(36.9, 37.1),
    sign=st.sampled_from([landing, start]),
    bearing=st.one_of(st.none(), st.floats(0, 359)),
)
def test_who_holds_the_west_is_only_a_name(blame, lon, sign, bearing):
    """The parties' order and names change places and nothing else."""
    row = sign(lon, bearing_deg=bearing)
    p, q = blame(row), blame(row, line=StraightLine("beta", "alpha"))
    assert p["alpha"] == pytest.approx(q["beta"])
    assert p["unattributable"] == pytest.approx(q["unattributable"])


def test_a_bearing_points_to_where_it_came_from(blame):
    """Seen on the line, it points east or west; along the line it points to no one."""
    at = {"lon": LINE, "bearing_sigma_deg": 5.0}
    east, west = blame({**at, "bearing_deg": 90.0}), blame({**at, "bearing_deg": 270.0})
    along = blame({**at, "bearing_deg": 0.0})
    assert east["beta"] > NAME_PARTY
    assert west["alpha"] == pytest.approx(east["beta"], abs=1e-6)
    assert along["alpha"] == pytest.approx(along["beta"], abs=1e-6)


def test_a_weapon_that_cannot_reach_rules_its_party_out(blame):
    """A rifle reaches 2 km; a place 7 km inside the west was no rifle's from the east."""
    near = blame({"lon": FAR_WEST}, weapon="artillery_100mm", lon=FAR_WEST)
    far = blame({"lon": FAR_WEST}, weapon="small_arms", lon=FAR_WEST)
    assert near["beta"] == pytest.approx(near["alpha"])
    assert far["beta"] / far["alpha"] == pytest.approx(0.02)


def test_accusations_say_nothing_however_many(blame):
    accused = [
        {"instrument": "party_claim", "witness": f"alpha {i}", "party_claimed": "beta"}
        for i in range(20)
    ]
    p = blame(*accused)
    assert p["beta"] == pytest.approx(p["alpha"])


def test_an_admission_says_much(blame):
    p = blame({"instrument": "party_claim", "witness": "beta", "party_claimed": "beta"})
    assert p["beta"] == pytest.approx(0.97 * 0.95)


def test_signs_that_disagree_name_no_one(blame):
    """A flash in the west and a bearing to the east cancel: 0.485 each."""
    to_the_east = {"lon": LINE, "bearing_deg": 90.0, "bearing_sigma_deg": 5.0}
    p = blame(start(FAR_WEST), to_the_east)
    assert p["alpha"] == pytest.approx(0.97 / 2, abs=0.02)
    assert max(p["alpha"], p["beta"]) < NAME_PARTY


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.floats(-40, 0), min_size=3, max_size=3),
        min_size=1,
        max_size=5,
    ),
    unknown=st.floats(0.01, 0.5),
)
def test_probabilities_sum_to_one_and_keep_the_unknown_share(rows, unknown):
    posterior = posterior_over_parties(np.array(rows), unknown)
    assert posterior.sum(axis=1) == pytest.approx(np.ones(len(rows)))
    assert posterior[:, -1] == pytest.approx(np.full(len(rows), unknown))
