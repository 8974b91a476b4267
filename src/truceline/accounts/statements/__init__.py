"""The register of what was said: the same form for every side, and what came of it."""
