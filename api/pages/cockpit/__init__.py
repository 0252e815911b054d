"""The cockpit: what runs, waits and failed, and what administrators do about it."""

from api.pages.cockpit import acts, batches, comparison, insight, instances, overview, watching
from api.pages.cockpit.frame import blueprint

PARTS = (overview, instances, acts, batches, watching, comparison, insight)

for part in PARTS:
    part.add_to(blueprint)

__all__ = ["blueprint"]
