"""Volunteers (志愿者、红袖章): the register with its three rosters, and who is on duty when."""
