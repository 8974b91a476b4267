"""Invented worlds: a line, parties that act, a country that goes on living, and weather."""
