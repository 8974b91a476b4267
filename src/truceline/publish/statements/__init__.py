"""The page of the register: what was said, when, by whom, and what came of it."""
