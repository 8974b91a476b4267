"""Geodesy, cells, lines and their sides."""
