"""The lint: an agreement without flaw has no finding, and each flaw has its own."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.agreement.lint import RULES, lint_file
from truceline.agreement.lint.linting import _ALL

SEEN = {"patrol": ("explosion", "shot", "weapon_present"), "log": ("obstruction",)}
CLAUSE = {"kind": "prohibition", "phenomena": ["shot"], "unit": "one shot", "text": "No shot."}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def rules(path, observable=SEEN):
    return [finding.rule for finding in lint_file(path, observable)]


def test_an_agreement_that_says_everything_has_no_finding(terms, written):
    assert lint_file(written(terms), SEEN) == ()


def swapped(text):
    """Give each party the other's name."""
    for old, new in (("north", "\0"), ("south", "north"), ("\0", "south")):
        text = text.replace(old, new)
    return text


def _drop(*path):
    def change(terms):
        *above, last = path
        for key in above:
            terms = terms[key]
        del terms[last]

    return change


def _put(value, *path):
    def change(terms):
        *above, last = path
        for key in above:
            terms = terms[key]
        terms[last] = value

    return change


def _add(group, **item):
    return lambda terms: terms[group].append(item)


def _year(first, last):
    return {"start": f"2025-{first}T00:00:00Z", "end": f"2025-{last}T00:00:00Z"}


def _phases(first, second):
    def change(terms):
        for name, period in (("one", first), ("two", second)):
            terms["clauses"].append({**CLAUSE, "id": name, "period": period})

    return change


FLAWS = [
    ("undefined-line", _drop("lines", 0, "geometry"), "lines.0"),
    ("undefined-line", _add("zones", id="nowhere"), "zones.3"),
    ("undefined-line", _drop("zones", 0, "width_m"), "zones.0"),
    ("width-side-unsaid", _drop("zones", 0, "width_is"), "zones.0.width_m"),
    ("line-unrecognised", _drop("lines", 0, "recognised_by"), "lines.0"),
    (
        "weapon-zone-mismatch",
        _put(["tank", "mlrs"], "clauses", 1, "weapon_classes"),
        "clauses.1.weapon_classes",
    ),
    ("unobservable", _put(["aircraft"], "clauses", 0, "phenomena"), "clauses.0.phenomena"),
    ("unobservable", _drop("clauses", 0, "phenomena"), "clauses.0"),
    ("no-unit", _drop("clauses", 0, "unit"), "clauses.0"),
    ("self-defence-undefined", _put({"drone": "a"}, "definitions"), "exemptions.1"),
    ("exemption-no-notice", _drop("exemptions", 0, "notice_hours"), "exemptions.0"),
    ("exemption-no-notice", _drop("exemptions", 0, "notify"), "exemptions.0"),
    ("no-ladder", _drop("ladder"), "ladder"),
    ("ladder-no-clock", _drop("ladder", 0, "after_hours"), "ladder.0"),
    ("duty-no-deadline", _drop("duties", 0, "complete_days"), "duties.0"),
    ("start-unsaid", _drop("duties", 0, "start_day"), "duties.0"),
    ("start-unsaid", _drop("in_force", "start"), "in_force.start"),
    ("start-unsaid", _drop("in_force"), "in_force"),
    ("ceiling-unverified", _drop("ceilings", 0, "verified_by"), "ceilings.0"),
    ("obstruction-no-violation", _drop("clauses", 2), "clauses"),
    ("period-contradiction", _put(1, "duties", 0, "complete_days"), "duties.0"),
    (
        "period-contradiction",
        _put(_year("03-01", "02-01"), "clauses", 0, "period"),
        "clauses.0.period",
    ),
    (
        "period-contradiction",
        _put({"start": "2024-01-01T00:00:00Z"}, "clauses", 0, "period"),
        "clauses.0.period",
    ),
    (
        "period-contradiction",
        _put(_year("03-01", "04-01"), "zones", 0, "period"),
        "clauses.1",
    ),
    (
        "period-contradiction",
        _put("2024-01-01T00:00:00Z", "in_force", "end"),
        "in_force",
    ),
    ("period-gap", _phases(_year("01-01", "02-01"), _year("03-01", "04-01")), "clauses.4.period"),
    ("time-without-offset", _put("2025-01-01T18:00:00", "in_force", "start"), "in_force.start"),
    ("unknown-name", _put("far", "clauses", 1, "zone"), "clauses.1.zone"),
    ("unreadable", _put("many", "zones", 0, "width_m"), "zones.0.width_m"),
]


@pytest.mark.parametrize(("rule", "change", "field"), FLAWS)
def test_one_flaw_is_one_finding_at_its_place(terms, written, rule, change, field):
    change(terms)
    path = written(terms)
    (finding,) = lint_file(path, SEEN)
    assert (finding.rule, finding.where.field) == (rule, field)
    assert finding.where.file == str(path)
    assert finding.where.row >= 1


def test_no_definitions_leaves_self_defence_open_too(terms, written):
    del terms["definitions"]
    assert rules(written(terms)) == ["no-definitions", "self-defence-undefined"]


def test_a_baseline_of_its_own_for_a_party_is_found_and_one_for_all_is_not(terms, written):
    terms["lines"].append({**terms["lines"][0], "id": "older"})
    zone = terms["zones"][0]
    del zone["line"]
    zone["line_of"] = {"north": "line", "south": "line"}
    assert rules(written(terms)) == []
    zone["line_of"] = {"north": "line", "south": "older"}
    assert rules(written(terms)) == ["baseline-differs"]


def test_phases_that_meet_leave_no_gap(terms, written):
    _phases(_year("01-01", "02-01"), _year("02-01", "04-01"))(terms)
    assert rules(written(terms)) == []


def test_without_a_source_nothing_that_happens_can_be_seen(terms, written):
    found = rules(written(terms), {})
    assert found == ["unobservable"] * 3


def test_a_kind_of_explosion_shows_explosions(terms, written):
    terms["clauses"][0]["phenomena"] = ["explosion"]
    seen = {"camera": ("explosion_airburst", "weapon_present", "obstruction")}
    assert rules(written(terms), seen) == []


@pytest.mark.parametrize(("weapons", "expected"), [((), ["zone-overlap"]), (("tank", "mlrs"), [])])
def test_overlap_counts_only_for_the_same_weapons(terms, written, weapons, expected):
    path = written(terms)
    zones = path.parent / "geometry" / "zones.geojson"
    document = json.loads(zones.read_text())
    for xy in document["features"][1]["geometry"]["coordinates"][0]:
        xy[0] -= 0.1
    zones.write_text(json.dumps(document))
    for name, weapon in zip(("west", "east"), weapons, strict=False):
        zone = next(zone for zone in terms["zones"] if zone["id"] == name)
        zone["weapon_classes"] = [weapon]
    assert rules(written(terms)) == expected


def test_a_zone_drawn_as_a_line_is_empty(terms, written):
    terms["zones"][1]["polygon"] = {"file": "line.geojson"}
    assert rules(written(terms)) == ["zone-empty"]


@pytest.mark.parametrize("text", [None, "{", "[]", json.dumps(BOW_TIE)])
def test_bad_geometry_is_a_finding(terms, written, text):
    path = written(terms)
    line = path.parent / "geometry" / "line.geojson"
    line.unlink() if text is None else line.write_text(text)
    (finding,) = lint_file(path, SEEN)
    assert finding.rule == "unreadable"
    assert finding.where.file.endswith("line.geojson")


def test_all_faults_of_a_file_are_found_at_once(terms, written):
    terms["in_force"]["start"] = "2025-01-01T18:00:00"
    terms["zones"][0]["width_is"] = "about"
    assert sorted(rules(written(terms))) == ["time-without-offset", "unreadable"]


def test_a_missing_file_is_a_finding(tmp_path):
    (finding,) = lint_file(tmp_path / "agreement.yaml", SEEN)
    assert (finding.rule, finding.severity) == ("unreadable", "error")


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_no_bytes_stop_the_lint(tmp_path, content):
    path = tmp_path / "agreement.yaml"
    path.write_bytes(content)
    assert all(finding.severity == "error" for finding in lint_file(path, SEEN))
    assert rules(path)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sets(st.integers(0, len(FLAWS) - 1), max_size=5))
def test_swapping_the_parties_moves_no_finding(terms, written, chosen):
    document = copy.deepcopy(terms)
    for at in chosen:
        try:
            FLAWS[at][1](document)
        except (KeyError, IndexError):
            continue
    path = written(document)
    before = lint_file(path, SEEN)
    path.write_text(swapped(path.read_text()))
    after = lint_file(path, SEEN)
    assert [(f.rule, f.where.row, swapped(f.message)) for f in before] == [
        (f.rule, f.where.row, f.message) for f in after
    ]


def test_every_rule_is_tried_here_and_says_why_and_what_instead():
    tried = {rule for rule, _, _ in FLAWS} | {
        "no-definitions",
        "baseline-differs",
        "zone-overlap",
        "zone-empty",
    }
    assert tried == set(RULES)
    assert set(_ALL) <= set(RULES)
    assert all(rule.why.endswith(".") and rule.wording and rule.title for rule in RULES.values())


def test_the_page_on_the_lint_lists_every_rule_as_it_is():
    page = (Path(__file__).parents[3] / "docs" / "methods" / "lint.md").read_text("utf-8")
    listed = [line for line in page.splitlines() if line.startswith("| `")]
    assert listed == [f"| `{r.id}` | {r.severity} | {r.title} | {r.why} |" for r in RULES.values()]


def test_the_gravest_comes_first_and_json_has_its_keys(terms, written):
    del terms["ladder"]
    del terms["lines"][0]["geometry"]
    found = lint_file(written(terms), SEEN)
    assert [finding.severity for finding in found] == ["error", "warning"]
    assert (found[0].rule, found[0].as_dict()["rule"]) == ("undefined-line", "undefined-line")
    assert set(json.loads(json.dumps(found[0].as_dict()))) == {
        "rule", "severity", "file", "row", "field", "message", "why", "wording",
    }  # fmt: skip
