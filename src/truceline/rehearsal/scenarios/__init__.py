"""Named scenarios with fixed seeds, as declared data."""
