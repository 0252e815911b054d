"""Where an answer stands: in nested data, in the browser's field names, in HTML ids and in JSON pointers.

Steps are names and list positions: ``("parties", 0, "name")`` is ``parties[0].name`` in a browser's POST,
``/parties/0/name`` as a pointer and ``f-parties-0-name``
as an HTML id.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from forms.definition import Component, DynamicList, Group
from forms.texts import Label

Steps = tuple[str | int, ...]


def has(data: Any, steps: Steps) -> bool:
    """Whether nested data holds anything, even None, at a place."""
    for step in steps[:-1]:
        data = _step(data, step)
    if isinstance(steps[-1], int):
        return isinstance(data, list) and steps[-1] < len(data)
    return isinstance(data, Mapping) and steps[-1] in data


def get(data: Any, steps: Steps) -> Any:
    """What nested data holds at a place; None where there is nothing."""
    for step in steps:
        data = _step(data, step)
    return data


def put(data: dict[str, Any], steps: Steps, value: Any) -> None:
    """Set a value, adding dicts on the way. Lists on the way must be there and long enough."""
    here: Any = data
    for step, following in pairwise(steps):
        if isinstance(following, str) and not isinstance(_step(here, step), dict):
            here[step] = {}
        here = here[step]
    here[steps[-1]] = value


def drop(data: Any, steps: Steps) -> None:
    """Remove what stands under a name, if anything does."""
    inner = get(data, steps[:-1])
    if isinstance(inner, dict):
        inner.pop(steps[-1], None)


def _step(data: Any, step: str | int) -> Any:
    if isinstance(step, int):
        return data[step] if isinstance(data, Sequence) and not isinstance(data, str) and step < len(data) else None
    return data.get(step) if isinstance(data, Mapping) else None


def pointer(steps: Steps) -> str:
    """JSON pointer of a place (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def html_name(steps: Steps) -> str:
    """Field name of a place in a browser's form."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).removeprefix(".")


def html_id(steps: Steps) -> str:
    """HTML id of the field at a place."""
    return "-".join(["f", *(str(step) for step in steps)])


@dataclass(frozen=True)
class Scope:
    """What a key is relative to: the whole form (no steps), or one item of a list that stands in the scope `around`."""

    steps: Steps = ()
    around: "Scope | None" = None
    of: DynamicList | None = None

    @property
    def positions(self) -> tuple[int, ...]:
        """The 0-based positions in the lists around, outermost first; names one instance of a component in them."""
        return tuple(step for step in self.steps if isinstance(step, int))

    def item(self, part: DynamicList, position: int) -> "Scope":
        """The scope of one item of a list that stands in this scope."""
        return Scope((*self.steps, *part.path, position), self, part)

    @property
    def numbered(self) -> tuple[tuple[Label, int], ...]:
        """What the items around are called and their numbers from 1, outermost first: ``((Party, 2),)``."""
        if self.around is None or self.of is None:
            return ()
        return (*self.around.numbered, (self.of.item or self.of.label, self.positions[-1] + 1))


ROOT = Scope()
Instance = tuple[str, tuple[int, ...]]
Placed = tuple[Component, Scope]


def walk(parts: tuple[Component, ...], data: Any, hidden: frozenset[Instance], scope: Scope = ROOT) -> Iterator[Placed]:
    """Every component that is not hidden, in document order, once for each item of the lists it stands in."""
    for part in parts:
        if (part.id, scope.positions) in hidden:
            continue
        yield part, scope
        if isinstance(part, Group):
            yield from walk(part.components, data, hidden, scope)
        elif isinstance(part, DynamicList):
            for position in range(items(data, (*scope.steps, *part.path))):
                yield from walk(part.components, data, hidden, scope.item(part, position))


def items(data: Any, steps: Steps) -> int:
    """How many items a list has; none where there is no list."""
    found = get(data, steps)
    return len(found) if isinstance(found, list) else 0
