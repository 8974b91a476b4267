"""Data that ships with the register: a seed in own words, and names of speakers."""
