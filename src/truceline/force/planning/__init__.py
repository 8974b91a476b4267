"""One plan from end to end: a force file and a line in, tables of what it can do out."""
