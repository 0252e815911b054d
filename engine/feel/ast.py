"""The expression as a tree: one frozen class for each construct of the grammar (DMN 1.5 §10.3.1.2).

`position` is where the construct begins in its source; two trees that differ only in it are equal.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression."""

    position: int = field(default=0, compare=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Null(Node):
    """`null`."""


@dataclass(frozen=True, slots=True)
class Boolean(Node):
    """`true` or `false`."""

    value: bool


@dataclass(frozen=True, slots=True)
class Number(Node):
    """A numeric literal."""

    value: int | Decimal


@dataclass(frozen=True, slots=True)
class String(Node):
    """A string literal, without quotes and escapes."""

    value: str


@dataclass(frozen=True, slots=True)
class AtLiteral(Node):
    """`@"2026-01-31"`: a date, time, date and time, or duration."""

    text: str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a function, or `?`, the value under test."""

    name: str


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic(Node):
    """`left operator right`, with + - * / or **."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`left operator right`, with = != < <= > or >=."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """`value between low and high`."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class UnaryTest(Node):
    """`< operand`: a test without its left side; as a value it is a range."""

    operator: str
    operand: Node


@dataclass(frozen=True, slots=True)
class In(Node):
    """`value in (test, test)`."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Conjunction(Node):
    """`a and b and c`."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Disjunction(Node):
    """`a or b or c`."""

    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NamedType(Node):
    """A type by its name."""

    name: str


@dataclass(frozen=True, slots=True)
class ListType(Node):
    """`list<of>`."""

    of: Node


@dataclass(frozen=True, slots=True)
class RangeType(Node):
    """`range<of>`."""

    of: Node


@dataclass(frozen=True, slots=True)
class ContextType(Node):
    """`context<name: type, …>`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class FunctionType(Node):
    """`function<type, …> -> type`."""

    parameters: tuple[Node, ...]
    result: Node


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """`value instance of type`."""

    value: Node
    type: Node


@dataclass(frozen=True, slots=True)
class Path(Node):
    """`value.key`."""

    value: Node
    key: str


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """`value[condition]`."""

    value: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Invocation(Node):
    """`function(argument, …)`."""

    function: Node
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class NamedInvocation(Node):
    """`function(name: argument, …)`."""

    function: Node
    arguments: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """`if condition then … else …`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iteration(Node):
    """`name in source`, or `name in source..end`."""

    name: str
    source: Node
    end: Node | None = None


@dataclass(frozen=True, slots=True)
class For(Node):
    """`for name in source, … return body`."""

    iterators: tuple[Iteration, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """`some` or `every` `name in source, … satisfies condition`."""

    quantifier: str
    iterators: tuple[Iteration, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class Parameter(Node):
    """A formal parameter, with its type where one is declared."""

    name: str
    type: Node | None = None


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """`function(parameter, …) body`; external ones can be read and never run."""

    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """`[item, …]`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """`{key: value, …}`."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """`[start..end)`; a side without an endpoint is unbounded."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool


@dataclass(frozen=True, slots=True)
class UnaryTests(Node):
    """What a cell of a decision table asks; without any test: any value."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterator[Node]:
    """The parts of a node, in the order of the source."""
    for one in fields(node):
        yield from _nodes(getattr(node, one.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for inner in value:
            yield from _nodes(inner)


def walk(node: Node) -> Iterator[Node]:
    """A node and everything in it; needs no stack, however deep the tree is."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        yield one
        waiting.extend(children(one))
