"""How good answers are, when the truth is known."""
