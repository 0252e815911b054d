"""Writes Python: lines, identifiers, constants, and which names are in sight."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from engine.feel import ast, types
from engine.feel.types import Type

Lookup = Callable[[str], Type | None]
Write = Callable[["Writer", Any], str]


class Items:
    """A filter: names may be entries of the item that is looked at."""

    def __init__(self, entries: str) -> None:
        self.entries = entries


class Writer:
    """The state of writing one function; `constants` are its globals, `free` the names that it reads."""

    def __init__(self, writers: Mapping[type, "Write"], lookup: Lookup | None) -> None:
        self.writers = writers
        self.lookup = lookup
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.constants: dict[str, Any] = {}
        self.free: set[str] = set()
        self.scopes: list[dict[str, str] | Items] = []

    def emit(self, line: str) -> None:
        """Add a line."""
        self.lines.append(" " * self.indent + line)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Lines one step further in."""
        self.indent += 1
        yield
        self.indent -= 1

    @contextmanager
    def scope(self, names: dict[str, str] | Items) -> Iterator[None]:
        """Further names in sight."""
        self.scopes.append(names)
        yield
        self.scopes.pop()

    def fresh(self, letter: str = "t") -> str:
        """An identifier that nobody has."""
        self.count += 1
        return f"{letter}{self.count}"

    def constant(self, value: Any) -> str:
        """An identifier for a constant."""
        name = self.fresh("K")
        self.constants[name] = value
        return name

    def let(self, text: str) -> str:
        """An identifier that holds the value of some text."""
        if text.isidentifier() and not is_literal(text):
            return text
        name = self.fresh()
        self.emit(f"{name} = {text}")
        return name

    def atom(self, node: ast.Node) -> str:
        """An identifier or literal with a node's value."""
        text = self.value(node)
        return text if is_literal(text) else self.let(text)

    def slot(self, node: ast.Node) -> str:
        """An identifier with a node's value."""
        return self.let(self.value(node))

    def call(self, helper: str, node: ast.Node, *arguments: str) -> str:
        """A call of a helper with the evaluation and the position."""
        return self.let(f"{helper}(ev, {node.position}, {', '.join(arguments)})")

    def value(self, node: ast.Node) -> str:
        """Text whose value is that of a node; what it needs before is written."""
        return self.writers[type(node)](self, node)

    def type_of(self, node: ast.Node) -> Type | None:
        return types.of_node(node, self.lookup)


def is_int(text: str) -> bool:
    """Whether a text is the literal of a whole number."""
    return text.lstrip("-").isdecimal()


def is_text(text: str) -> bool:
    """Whether a text is the literal of a string."""
    return text[:1] in ("'", '"')


def is_literal(text: str) -> bool:
    """Whether a text is a literal."""
    return text in ("None", "True", "False") or is_int(text) or is_text(text)
