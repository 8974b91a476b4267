"""The declared vocabulary of the grammar: donors, words, and the frame of a case."""
