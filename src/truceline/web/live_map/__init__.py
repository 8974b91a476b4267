"""The live map: what is seen, what is watched, and what is blind."""
