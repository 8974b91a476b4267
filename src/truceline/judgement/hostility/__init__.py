"""Hostility: how probable it is that an incident is a hostile act."""
