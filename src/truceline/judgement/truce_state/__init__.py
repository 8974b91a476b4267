"""Whether a truce is holding: rates, ratios to before, change points, alarms and states."""
