"""Small cells: what could point to a person is not shown (domain rule: cells under five, with complements)."""

from collections.abc import Collection, Hashable, Mapping
from typing import TypeVar

LEAST = 5
Key = TypeVar("Key", bound=Hashable)


def is_small(count: int) -> bool:
    """Whether a count is so small that it could point to somebody; none at all points to nobody."""
    return 0 < count < LEAST


def suppressed(cells: Mapping[Key, int], also: Collection[Key] = ()) -> dict[Key, int | None]:
    """The cells of one total, small ones hidden (None); one alone shows by subtraction, so a second hides with it.

    `also` names cells that must not be told for another reason.
    """
    hidden = {key for key, count in cells.items() if is_small(count) or key in also}
    rest = sorted((count, str(key)) for key, count in cells.items() if count and key not in hidden)
    if len(hidden) == 1 and rest:
        smallest = rest[0]
        hidden.add(next(key for key, count in cells.items() if (count, str(key)) == smallest))
    return {key: None if key in hidden else count for key, count in cells.items()}


def share(part: int, whole: int) -> tuple[int | None, float | None]:
    """How many of a whole, and the rate; both hidden where either side of the split is small."""
    if whole < LEAST or is_small(part) or is_small(whole - part):
        return None, None
    return part, part / whole
