"""Divisions: where things happen, and whose they are."""
