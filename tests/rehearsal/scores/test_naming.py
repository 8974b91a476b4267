"""What a name is worth, by what the answer's own observations saw."""

from dataclasses import dataclass, replace

import polars as pl
import pytest

from truceline.rehearsal.scores.answers import ANSWER, ANSWER_MEMBER, Answers
from truceline.rehearsal.scores.naming import naming_figures


@dataclass(frozen=True)
class Truth:
    """The two tables of a rehearsal that are looked at."""

    acts: tuple[tuple[str, str], ...]
    links: tuple[tuple[str, str | None], ...]

    def truth(self, name: str) -> pl.DataFrame:
        if name == "true_event":
            return pl.DataFrame(self.acts, schema=["event_id", "party"], orient="row")
        return pl.DataFrame(self.links, schema=["obs_id", "event_id"], orient="row")


TRUTH = Truth(
    acts=(("e1", "north"), ("e2", "south"), ("e3", "north")),
    links=(("o1", "e1"), ("o2", "e2"), ("o3", "e3"), ("o4", None), ("o5", "e1")),
)


def figures(named, members, truth=TRUTH):
    said = pl.DataFrame(named, schema=["answer_id", "party"], orient="row")
    table = pl.DataFrame(members, schema=["answer_id", "obs_id"], orient="row")
    empty = Answers(
        ANSWER.empty(), pl.DataFrame(), ANSWER_MEMBER.conform(table), pl.DataFrame(), pl.DataFrame()
    )
    return naming_figures(truth, empty, said)


@pytest.mark.parametrize(
    ("party", "members", "some", "most", "nothing"),
    [
        ("north", ["o1", "o3"], 1.0, 1.0, 0.0),
        ("south", ["o1", "o3"], 0.0, 0.0, 0.0),
        # An exchange of fire: the named party did some of it, and not most.
        ("north", ["o1", "o2"], 1.0, 0.0, 0.0),
        # One act that two sensors saw is one act.
        ("south", ["o1", "o5", "o2"], 1.0, 0.0, 0.0),
        ("north", ["o4"], 0.0, 0.0, 1.0),
    ],
)
def test_one_name(party, members, some, most, nothing):
    got = figures([("a", party)], [("a", obs) for obs in members])
    assert got == {"did_some": some, "did_most": most, "saw_nothing": nothing}


def test_no_name_and_no_members_have_no_share():
    nothing = dict.fromkeys(("did_some", "did_most", "saw_nothing"))
    assert figures([("a", None)], [("a", "o1")]) == nothing
    said = pl.DataFrame([("a", "north")], schema=["answer_id", "party"], orient="row")
    empty = Answers(
        ANSWER.empty(), pl.DataFrame(), ANSWER_MEMBER.empty(), pl.DataFrame(), pl.DataFrame()
    )
    assert naming_figures(TRUTH, empty, said) == nothing


def test_swapping_the_parties_changes_no_share():
    other = {"north": "south", "south": "north"}
    members = [("a", "o1"), ("a", "o2"), ("b", "o3"), ("b", "o4")]
    plain = figures([("a", "north"), ("b", "south")], members)
    swapped = replace(TRUTH, acts=tuple((event, other[party]) for event, party in TRUTH.acts))
    assert figures([("a", "south"), ("b", "north")], members, swapped) == plain
