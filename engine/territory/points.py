"""Where a phone was, as it stands behind the words of a place: ``民主村 (31.89000, 109.53000 ±12 m)``."""

import re

POINT = re.compile(r"\((-?\d{1,2}\.\d+), (-?\d{1,3}\.\d+)(?: ±\d{1,6} m)?\)")


def point(place: str) -> tuple[float, float] | None:
    """Latitude and longitude (degrees, WGS 84) that a phone put behind the words of a place; None if it put none."""
    found = POINT.search(place)
    return (float(found[1]), float(found[2])) if found else None
