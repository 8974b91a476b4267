"""Attribution: which party answers for an incident, or that no one can tell."""
