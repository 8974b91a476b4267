"""Effort: where and when a source could have seen what."""
