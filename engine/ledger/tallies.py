"""Counts by place, told to whoever may know them: from the widest division down, so that no subtraction tells more.

A leader sees no case. Of a division they are told only what the division above it tells; where a number is hidden,
nothing below it is told either. Whoever may open the cases behind a number is told it as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.ledger.suppression import is_small, suppressed
from engine.territory.queries import is_within

Counts = Mapping[str, int]
Told = Mapping[str, int | None]
"""Counts by name; None where one is hidden."""


@dataclass(frozen=True)
class Tally:
    """Counts by place. `root` is the widest division that is counted, `parts` names for some counts what they are of.

    `exact`: nothing is hidden.
    """

    root: str
    names: tuple[str, ...]
    parts: Mapping[str, str]
    places: Mapping[str, Counts]
    exact: bool

    def sum(self, path: str) -> Counts:
        """The counts of a division with all below it."""
        found = [counts for place, counts in self.places.items() if is_within(place, path)]
        return {name: sum(one[name] for one in found) for name in self.names}

    def below(self, path: str) -> dict[str, Counts]:
        """The counts of each division right below one; under its own path what lies in none of them."""
        depth = len(path.split("/")) + 1
        children = {"/".join(place.split("/")[:depth]) for place in self.places if is_within(place, path)}
        return {one: self.places[one] if one == path else self.sum(one) for one in sorted(children)}

    def told(self, path: str) -> Told:
        """What may be told of a division."""
        if self.exact:
            return self.sum(path)
        if path == self.root:
            whole = self.sum(path)
            return {name: None if self._is_small(whole, name) else whole[name] for name in self.names}
        above = path.rpartition("/")[0]
        return self.split(self.told(above), self.below(above)).get(path) or dict.fromkeys(self.names, 0)

    def told_below(self, path: str) -> dict[str, Told]:
        """What may be told of each division right below one."""
        return self.split(self.told(path), self.below(path))

    def split(self, whole: Told, cells: Mapping[str, Counts]) -> dict[str, Told]:
        """What may be told of the parts of a whole of which `whole` is told already."""
        if self.exact:
            return dict(cells)
        columns: dict[str, Told] = {}
        for name in self.names:
            if whole[name] is None:
                columns[name] = dict.fromkeys(cells)
                continue
            of = columns.get(self.parts.get(name, ""), {})
            also = {key for key, one in cells.items() if self._is_small(one, name) or of.get(key, 0) is None}
            columns[name] = suppressed({key: one[name] for key, one in cells.items()}, also)
        return {key: {name: columns[name][key] for name in self.names} for key in cells}

    def _is_small(self, counts: Counts, name: str) -> bool:
        """Whether a count, or what is left of the whole it is a part of, could point to somebody."""
        rest = counts[self.parts[name]] - counts[name] if name in self.parts else 0
        return is_small(counts[name]) or is_small(rest)
