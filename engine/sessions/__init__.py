"""Sessions: what is planned, who was invited, what was noted, and the room in which both sides go through the terms."""
