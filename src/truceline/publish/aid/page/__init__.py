"""Source of the page: its frame, style and program."""
