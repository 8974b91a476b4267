"""Readers of published collections of statements, positions and polls."""
