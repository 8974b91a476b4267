"""Sentences with numbers in them, read into a form and held against every reasonable reading."""
