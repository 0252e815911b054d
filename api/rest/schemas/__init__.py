"""What travels through REST: the shapes of bodies and answers, one class each. Names here are the names in OpenAPI."""
