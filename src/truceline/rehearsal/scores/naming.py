"""Whether the party that is named did any, or most, of what the answer's observations saw."""

from __future__ import annotations

import numpy as np
import polars as pl

from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import Answers


def naming_figures(
    folder: RehearsalFolder, answers: Answers, said: pl.DataFrame
) -> dict[str, float | None]:
    """Return how often a named party did what the answer's observations saw.

    `right_when_named` asks which episode lies nearest, and where both sides fire within the
    gate that can be the other's. What each observation saw is known here, so this asks the
    question itself. Where both sides fire at each other the acts behind one answer are of
    both: then the named party did some of them, and not most.

    Parameters
    ----------
    said : polars.DataFrame
        The listed answers, with `party`.

    Returns
    -------
    dict
        Shares of the named answers, null where there are none or they tell no members:
        `did_some`, the named party did at least one of the acts behind the members;
        `did_most`, more than half of them; `saw_nothing`, there was no act behind any member.
    """
    named = said.filter(pl.col("party").is_not_null()).select("answer_id", "party")
    if answers.members.is_empty() or named.is_empty():
        return dict.fromkeys(("did_some", "did_most", "saw_nothing"))
    acts = folder.truth("true_event").select("event_id", did="party")
    behind = (
        answers.members.join(folder.truth("truth_link"), on="obs_id")
        .join(acts, on="event_id")
        .unique(["answer_id", "event_id"])
        .join(named, on="answer_id")
    )
    shares = behind.group_by("answer_id").agg(share=(pl.col("did") == pl.col("party")).mean())
    share = named.join(shares, on="answer_id", how="left")["share"].to_numpy()
    # A comparison with what is not there is false: who saw nothing is right in neither sense.
    return {
        "did_some": float((share > 0.0).mean()),
        "did_most": float((share > 0.5).mean()),
        "saw_nothing": float(np.isnan(share).mean()),
    }
