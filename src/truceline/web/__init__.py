"""The operations room."""
