"""The numbers the judgement weighs evidence with: read from one small versioned file."""

from truceline.judgement.parameters.values import (
    Parameters,
    Reporting,
    load_parameters,
    shipped_parameters,
)

__all__ = ["Parameters", "Reporting", "load_parameters", "shipped_parameters"]
