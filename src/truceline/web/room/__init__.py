"""The operations room: what a watch works on, and what it writes down."""
