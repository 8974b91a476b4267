"""Fitting what evidence is worth, where the truth is known."""
