"""Pictures of what was said, and of how a claim stands over its readings."""
