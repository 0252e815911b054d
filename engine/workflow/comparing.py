"""Two versions of a process side by side: what was added, removed, changed, and moved; and what changed in each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from lxml import etree

from engine.feel import Expression
from engine.workflow.bpmn import Element, Flow, Process

DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DDI = "{http://www.omg.org/spec/DD/20100524/DI}"
Drawing = dict[str, list[tuple[int, int]]]
"""The points at which each element is drawn."""
Kind = Literal["added", "removed", "changed", "moved"]
DRAWN_ONLY = {"line", "id"}
"""Where something stands in the file means nothing."""


@dataclass(frozen=True)
class Attribute:
    """One attribute that differs, as text; None: not set."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Difference:
    """What became of an element or flow. One that is `changed` may have been moved as well; `attributes` say how."""

    kind: Kind
    id: str
    type: str
    attributes: tuple[Attribute, ...] = ()
    moved: bool = False


@dataclass(frozen=True)
class Side:
    """A version to compare: its process and its file, from which the drawing is read."""

    process: Process
    content: bytes


def differences(before: Side, after: Side) -> list[Difference]:
    """Every difference, in the order of the files: first of elements, then of flows."""
    moved = _moved(_drawn(before.content), _drawn(after.content))
    return [
        *_of(before.process.elements, after.process.elements, moved),
        *_of(before.process.flows, after.process.flows, moved),
    ]


def _of(
    before: Mapping[str, Element] | Mapping[str, Flow],
    after: Mapping[str, Element] | Mapping[str, Flow],
    moved: set[str],
) -> Iterator[Difference]:
    for key, old in before.items():
        new = after.get(key)
        if new is None:
            yield Difference("removed", key, _type(old))
        elif found := tuple(_attributes(old, new)):
            yield Difference("changed", key, _type(new), found, moved=key in moved)
        elif key in moved:
            yield Difference("moved", key, _type(new), moved=True)
    for key, new in after.items():
        if key not in before:
            yield Difference("added", key, _type(new))


def _type(one: Element | Flow) -> str:
    return one.type if isinstance(one, Element) else "sequenceFlow"


def _attributes(old: Element | Flow, new: Element | Flow) -> Iterator[Attribute]:
    was, now = dict(_flat("", old)), dict(_flat("", new))
    for name in [*was, *(name for name in now if name not in was)]:
        if was.get(name) != now.get(name):
            yield Attribute(name, was.get(name), now.get(name))


def _flat(name: str, value: Any) -> Iterator[tuple[str, str]]:
    """A value as names and texts: parts of parts have points in their names, empty ones are left out."""
    if isinstance(value, Expression):
        yield name, f"={value.source}"
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in DRAWN_ONLY or name:
                yield from _flat(f"{name}.{field.name}" if name else field.name, getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part)
    elif isinstance(value, tuple):
        for key, part in _listed(value):
            yield from _flat(f"{name}.{key}", part)
    elif value not in (None, "", False):
        yield name, "true" if value is True else str(value)


def _listed(parts: tuple[Any, ...]) -> Iterator[tuple[str, Any]]:
    """Parts of a list by their own names where they have them, such as a mapping's target; else by number."""
    for number, part in enumerate(parts, start=1):
        if isinstance(part, tuple) and len(part) == 2 and isinstance(part[0], str):
            yield part
        else:
            yield str(number), part


def _moved(before: Drawing, after: Drawing) -> set[str]:
    """What is drawn elsewhere; where nothing stayed in its place the drawing was moved as a whole, and is as it was."""
    both = [(key, was, after[key]) for key, was in before.items() if key in after]
    shifts = Counter((now[0][0] - was[0][0], now[0][1] - was[0][1]) for _, was, now in both)
    right, down = max(shifts, key=lambda one: (one == (0, 0), shifts[one]), default=(0, 0))
    return {key for key, was, now in both if [(x + right, y + down) for x, y in was] != now}


def _drawn(content: bytes) -> Drawing:
    """The points of each element of a file: two corners of a shape, all of a flow."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    found: Drawing = {}
    for shape in root.iter(f"{DI}BPMNShape"):
        if (bounds := shape.find(f"{DC}Bounds")) is not None:
            x, y, width, height = (float(bounds.get(name, "0")) for name in ("x", "y", "width", "height"))
            found[shape.get("bpmnElement", "")] = [(round(x), round(y)), (round(x + width), round(y + height))]
    for edge in root.iter(f"{DI}BPMNEdge"):
        points = [(round(float(p.get("x", "0"))), round(float(p.get("y", "0")))) for p in edge.iter(f"{DDI}waypoint")]
        if points:
            found[edge.get("bpmnElement", "")] = points
    return found
