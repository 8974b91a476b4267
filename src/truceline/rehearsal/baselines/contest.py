"""All baselines on one rehearsal."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import numpy as np

from truceline.rehearsal.baselines.clusters import dbscan_clusters
from truceline.rehearsal.baselines.plain import claims_of, raw_counts
from truceline.rehearsal.baselines.points import points_scheme
from truceline.rehearsal.baselines.seasonal_fires import seasonal_fires
from truceline.rehearsal.rehearsal_folder import RehearsalFolder
from truceline.rehearsal.scores.answers import Answers


def baseline_answers(
    folder: RehearsalFolder, rng: np.random.Generator
) -> Iterator[tuple[str, Answers]]:
    """Yield each baseline's name and answers; clusters only where scikit-learn is installed."""
    observations, (quiet, _) = folder.observations(), folder.background()
    yield "points per feed", points_scheme(observations)
    yield "seasonal fires", seasonal_fires(observations, quiet, rng)
    if find_spec("sklearn") is not None:
        yield "space-time clusters", dbscan_clusters(observations)
    yield "raw counts", raw_counts(observations)
    speakers = observations.filter(observations["instrument"] == "party_claim")["witness"]
    for party in speakers.unique().sort().to_list():
        yield f"claims of {party}", claims_of(observations, party)
