"""Where teams go: schedules nobody can foresee, and a day's tasking."""
