"""The numbers the judgement weighs evidence with: read from one small versioned file."""

from truceline.judgement.parameters.values import (
    CLAIM_TERM,
    HEAT_TERM,
    Parameters,
    Testimony,
    load_parameters,
    shipped_parameters,
)

__all__ = [
    "CLAIM_TERM",
    "HEAT_TERM",
    "Parameters",
    "Testimony",
    "load_parameters",
    "shipped_parameters",
]
