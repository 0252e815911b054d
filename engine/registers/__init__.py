"""Registers of places that the villages and towns keep: households with their grids, visits to them, camera points."""
