"""An input column cut into atoms: sets of values that every rule treats alike, each with an example."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from engine.dmn.cells import EITHER, Interval, Region
from engine.dmn.columns import Kind, column
from engine.dmn.run import shortened
from engine.dmn.tables import Table
from engine.feel import YearsMonthsDuration


@dataclass(frozen=True)
class Atom:
    """Values that every rule treats alike: as a cell (empty: any value), one of them, and the rules that may hold.

    Where they are an interval, it is there too, with its place in the order of those of its kind.
    """

    cell: str
    example: Any
    rules: int
    kind: str = ""
    interval: Interval | None = None
    place: int = -1


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
        replace(atom, rules=atom.rules & rules)
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


def joined(atoms: Sequence[Atom]) -> Atom:
    """Atoms of one column as one: neighbours as one interval, the rest side by side."""
    runs: list[list[Atom]] = []
    for atom in atoms:
        last = runs[-1][-1] if runs else None
        if (
            last is not None
            and last.interval
            and atom.interval
            and (last.kind, last.place + 1) == (atom.kind, atom.place)
        ):
            runs[-1].append(atom)
        else:
            runs.append([atom])
    cells = [_run(one) for one in runs[:MANY]] + (["…"] if len(runs) > MANY else [])
    return replace(atoms[0], cell=", ".join(cells), interval=None)


def _run(run: list[Atom]) -> str:
    first, last = run[0].interval, run[-1].interval
    if first is None or last is None:
        return run[0].cell
    return _written(run[0].kind, Interval(first.low, first.low_included, last.high, last.high_included))


def _written(kind: str, interval: Interval) -> str:
    """An interval as a cell would write it."""
    low, high = (None if end is None else shown(kind, end) for end in (interval.low, interval.high))
    if low is None or high is None:
        if low is None and high is None:
            return "-"
        sign, included = (">", interval.low_included) if high is None else ("<", interval.high_included)
        return f"{sign}{'=' if included else ''} {low or high}"
    if low == high:
        return low
    return f"{'[' if interval.low_included else '('}{low}..{high}{']' if interval.high_included else ')'}"


def _of_kind(kind: str, values: Kind) -> Iterator[Atom]:
    stretches = list(values.stretches())
    apart = kind in ("boolean", "null") or (kind == "string" and len({rules for _, _, rules in stretches}) == 1)
    place = 0
    for index, (low, high, rules) in enumerate(stretches):
        example = None if apart else _between(kind, low, high)
        if example is not None:
            interval = Interval(low, False, high, False)
            yield Atom(_written(kind, interval), restored(kind, example), rules, kind, interval, place)
            place += 1
        if index < len(values.ends):
            end = values.ends[index]
            single = None if apart else Interval(end, True, end, True)
            yield Atom(shown(kind, end), restored(kind, end), values.at[end], kind, single, place)
            place += 1
    if apart and kind == "string":
        listed = ", ".join(shown(kind, end) for end in values.ends[:MANY])
        listed += ", …" if len(values.ends) > MANY else ""
        yield Atom(f"not({listed})", _another(values.ends), stretches[0][2])


def restored(kind: str, ordered: Any) -> Any:
    """The value of what it is ordered by."""
    return YearsMonthsDuration(ordered) if kind == "years and months duration" else ordered


def shown(kind: str, ordered: Any) -> str:
    """A value as a cell would write it."""
    return shortened(restored(kind, ordered))


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
