"""What was seen, and what could have been seen."""
