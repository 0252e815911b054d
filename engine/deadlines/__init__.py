"""Deadlines: the law's numbers as data, counted as the law counts."""
