"""Cases: what was reported and what became of it."""
