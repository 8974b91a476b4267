"""The judgement of a period: what goes on which list, and who is named."""

from dataclasses import replace

import h3
import polars as pl
import pytest

from truceline.agreement.reading import load_agreement
from truceline.core.types.time import DAY, HOUR, parse_time
from truceline.judgement.assess import Limits, Setting, assess
from truceline.judgement.parameters import shipped_parameters

NOON = parse_time("2031-05-02T12:00:00Z")
CELL = h3.latlng_to_cell(48.0, 37.0, 7)
PERIOD = (NOON - DAY, NOON + DAY)


@pytest.fixture(scope="module")
def setting(tmp_path_factory):
    path = tmp_path_factory.mktemp("terms") / "agreement.yaml"
    path.write_text(
        "id: made\ntitle: Made\nversion: '1'\nsources: [{title: Made for tests}]\n"
        "parties: [{id: alpha, name: Alpha}, {id: beta, name: Beta}]\n"
        "in_force: {start: '2031-05-02T12:00:00Z'}\n"
        "clauses: [{id: fire, text: No fire., kind: prohibition, phenomena: [explosion]}]\n"
    )
    return Setting(load_agreement(path), shipped_parameters())


@pytest.fixture(scope="module")
def judge(observe, watch, setting):
    def build(rows, efforts=(), *, period=PERIOD, limits=None):
        used = setting if limits is None else replace(setting, limits=limits)
        return assess(observe(*rows), watch(*efforts), used, period)

    return build


def only(table):
    assert len(table) == 1
    return table.row(0, named=True)


def test_the_evidence_is_the_sum_of_the_published_weights(judge):
    """A reader adds up the bits of the witnesses and of the silent, and gets the number."""
    made = judge(
        [{}, {"instrument": "news", "witness": "a.example"}],
        [{"source": "tower", "cell": CELL, "p_detect": 0.5}],
    )
    assessed = only(made.assessments)
    assert len(made.weights) == 3
    assert made.weights["bits"].sum() == pytest.approx(assessed["evidence_bits"])
    assert made.weights.filter(pl.col("source") == "tower")["bits"].item() < 0


def test_the_sum_decides_the_probability(judge):
    """Between two judgements the one with more bits is the more probable, whatever the bits."""
    sets = ([{}], [{}, {}], [{"instrument": "news"}], [{"instrument": "hotline"}])
    pairs = []
    for rows in sets:
        assessed = only(judge(rows).assessments)
        pairs.append((assessed["prior_bits"] + assessed["evidence_bits"], assessed["p_hostile"]))
    assert [p for _, p in sorted(pairs)] == sorted(p for _, p in pairs)
    assert len(set(pairs)) > 2


def test_what_lies_outside_the_period_is_left_out(judge):
    rows = [{}, {"t_start": NOON - 3 * DAY}, {"t_start": NOON + 3 * DAY}]
    made = judge(rows)
    assert made.observations["obs_id"].to_list() == ["0" * 32]
    assert len(made.incidents) == 1


def test_nothing_seen_is_nothing_judged(judge):
    made = judge([{"t_start": NOON - 9 * DAY}])
    for table in (made.incidents, made.assessments, made.weights, made.findings):
        assert table.is_empty()


def test_two_lists_are_never_mixed(judge):
    """The same act an hour before the truce and an hour after: credible, and a violation."""
    early, late = ({"t_start": NOON + hours * HOUR, "lon": 37 + hours} for hours in (-1, 1))
    low = Limits(list_violation=0.01, list_credible=0.01)
    made = judge([early, late], limits=low)
    told = made.incidents.join(made.assessments, on="incident_id").sort("t_best")
    assert told["listed"].to_list() == ["credible", "violation"]
    assert told["p_violation"].to_list()[0] == 0.0
    assert told["p_violation"].to_list()[1] == pytest.approx(told["p_hostile"].to_list()[1])


def test_below_the_limits_it_stays_in_the_background(judge):
    certain = Limits(list_violation=1.0, list_credible=1.0)
    assert only(judge([{}], limits=certain).assessments)["listed"] == "background"


def test_no_party_is_named_without_ground_or_word(judge):
    """A place alone, with no line known, tells nobody's hand."""
    assessed = only(judge([{}]).assessments)
    assert assessed["party"] is None
    shares = judge([{}]).attributions
    assert shares["p"].sum() == pytest.approx(1.0)
    assert shares.filter(pl.col("party") == "alpha")["p"].item() == pytest.approx(
        shares.filter(pl.col("party") == "beta")["p"].item()
    )


def test_the_threshold_of_the_case_decides_who_is_named(judge):
    rows = [{"party_claimed": "alpha", "instrument": "patrol"}]
    never = judge(rows, limits=Limits(name_party=1.0)).assessments
    assert only(never)["party"] is None
    assert only(never)["p_party"] > 0.0


def test_order_and_repetition_change_nothing(observe, watch, setting):
    rows = [{"lon": 37 + i / 10, "t_start": NOON + i * HOUR} for i in range(6)]
    table = observe(*rows)
    plain = assess(table, watch(), setting, PERIOD)
    stirred = assess(pl.concat([table.reverse(), table[:3]]), watch(), setting, PERIOD)
    for name in ("incidents", "assessments", "weights", "attributions", "findings"):
        assert getattr(plain, name).equals(getattr(stirred, name)), name


def test_the_parameters_used_are_named(judge, setting):
    assert judge([{}]).provenance["parameters"] == setting.parameters.version
