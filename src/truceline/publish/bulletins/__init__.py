"""Bulletins: one report model, and what is printed, shown and exported from it."""
