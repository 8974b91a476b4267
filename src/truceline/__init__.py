"""Truceline: an open verification centre for a ceasefire."""

__version__ = "0.1.0"
