"""Rules that propose claims, one module for each shape of sentence."""
