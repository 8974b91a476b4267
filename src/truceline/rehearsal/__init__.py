"""A simulated truce with known truth, and the score."""
