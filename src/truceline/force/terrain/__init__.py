"""Terrain: what can be seen from where, when the heights of the ground are known."""
