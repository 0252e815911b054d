"""People: accounts, roles, sessions, organisations, and the one place that says who may do what."""
