"""An input column cut into atoms: sets of values that every rule treats alike, each with an example."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.dmn.cells import EITHER, Region
from engine.dmn.columns import Kind, column
from engine.dmn.run import shortened
from engine.dmn.tables import Table
from engine.feel import YearsMonthsDuration


@dataclass(frozen=True)
class Atom:
    """Values that every rule treats alike: as a cell (empty: any value), one of them, and the rules that may hold."""

    cell: str
    example: Any
    rules: int


MANY = 6
"""How many values of a list are shown."""


def atoms(table: Table, index: int) -> list[Atom]:
    """The atoms of an input column, as far as its values are allowed."""
    cells = [row[index] for row in table.cells]
    found = table.inputs[index]
    domain = found.domain or _domain(cells)
    whole = column([*cells, domain or "-"])
    inside, rules = 1 << len(cells), (1 << len(cells)) - 1
    made = [
        Atom(atom.cell, atom.example, atom.rules & rules)
        for kind, values in sorted(whole.kinds.items())
        for atom in _of_kind(kind, values)
        if atom.rules & inside
    ]
    if any(isinstance(cell, Region) and cell.null and not cell.inverted for cell in cells):
        made.append(Atom("null", None, whole.null & rules))
    return made or [Atom("", None, (whole.anything | whole.unclear) & rules)]


def _domain(cells: list[Region | str]) -> Region | None:
    kinds = {cell.kind for cell in cells if isinstance(cell, Region)}
    return EITHER if kinds == {"boolean"} else None


def _of_kind(kind: str, values: Kind) -> Iterator[Atom]:
    for end in values.ends:
        yield Atom(shown(kind, end), restored(kind, end), values.at[end])
    if kind in ("boolean", "null"):
        return
    stretches = list(values.stretches())
    if kind == "string" and len({rules for _, _, rules in stretches}) == 1:
        listed = ", ".join(shown(kind, end) for end in values.ends[:MANY])
        listed += ", …" if len(values.ends) > MANY else ""
        yield Atom(f"not({listed})", _another(values.ends), stretches[0][2])
        return
    for low, high, rules in stretches:
        example = _between(kind, low, high)
        if example is not None:
            yield Atom(_stretch(kind, low, high), restored(kind, example), rules)


def restored(kind: str, ordered: Any) -> Any:
    """The value of what it is ordered by."""
    return YearsMonthsDuration(ordered) if kind == "years and months duration" else ordered


def shown(kind: str, ordered: Any) -> str:
    """A value as a cell would write it."""
    return shortened(restored(kind, ordered))


def _stretch(kind: str, low: Any, high: Any) -> str:
    if low is None:
        return f"< {shown(kind, high)}"
    return f"> {shown(kind, low)}" if high is None else f"({shown(kind, low)}..{shown(kind, high)})"


def _another(ends: tuple[str, ...]) -> str:
    found = "another"
    while found in ends:
        found += " one"
    return found


def _between(kind: str, low: Any, high: Any) -> Any:
    """A value strictly between two neighbouring ends; None where there is none, as between two days."""
    if kind == "string":
        found = f"{low}!" if low is not None else ""
        return found if high is None or found < high else None
    one: Any = 1 if kind in ("number", "years and months duration") else timedelta(days=1)
    try:
        if low is None or high is None:
            return high - one if low is None else low + one
        if low + one < high:
            return low + one
    except (OverflowError, ValueError):  # at the edge of the calendar
        return None
    if isinstance(low, date) or kind == "years and months duration":
        return None
    middle = (low + high) / 2 if isinstance(low, timedelta) else (Decimal(low) + Decimal(high)) / 2
    return middle if low < middle < high else None
