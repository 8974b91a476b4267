"""Declared data: donors, groups, releases, layouts and prices."""
