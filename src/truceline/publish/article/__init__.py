"""The page of a text: each checkable sentence marked, with its verdict and picture."""
