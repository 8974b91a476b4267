"""Siting: where posts, cameras, arrays, drones and reaction forces should stand."""
