"""Public batteries of checks for sources, stores and engines."""
