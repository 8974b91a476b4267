"""Fetching of remote feeds: with a key that is never shown, patience, and a cache."""
