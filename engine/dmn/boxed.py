"""Boxed expressions (DMN 1.5 §10.2): from XML to logic that can be run."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.dmn.elements import Element, child, children, line, name, place, tag, text
from engine.dmn.expressions import Names, expression
from engine.dmn.findings import Finding
from engine.dmn.itemdefinitions import Types
from engine.dmn.run import Logic, Run, Scope, nothing
from engine.dmn.tables import Table
from engine.dmn.types import ANY, Type, as_function, never_fits
from engine.feel import Expression
from engine.feel.flow import iterated
from engine.sentences import S_, Sentence

MAX_DEPTH = 60
WORDS = re.compile(r"\w+")


@dataclass
class Book:
    """What compiling one model shares: types, findings, how each kind of expression is compiled, names, tables."""

    types: Types
    findings: list[Finding]
    kinds: "Mapping[str, Boxed]"
    members: Names = frozenset()
    """Names of several words that may follow a dot, or that whoever asks may give."""
    tables: list[Table] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    unknown: list[tuple[Element, str]] = field(default_factory=list)
    depth: int = 0

    def names(self, visible: Names) -> Names:
        """The names that an expression may hold: those in sight, and members that those do not explain."""
        return visible | {one for one in self.members if not visible.issuperset(WORDS.findall(one))}

    def note(self, element: Element, compiled: Expression, visible: Names) -> None:
        """Remember which names an expression reads, and which of them nothing gives."""
        self.reads |= compiled.names
        if "[" not in compiled.source:  # a filter brings the names of items into sight
            self.unknown += [(element, one) for one in sorted(compiled.names - visible - {"?", "item", "partial"})]

    def find(self, element: Element, rule: str, message: Sentence, hint: Sentence) -> None:
        """Note an error."""
        self.findings.append(Finding("error", rule, message, place(element), line(element), hint))

    def compare(self, element: Element, compiled: Expression, expected: Type) -> None:
        """Warn of an expression whose value is never of the type that it is bound to."""
        if never_fits(compiled.type, expected):
            message = S_(
                "The expression gives a %(compiled)s, but %(expected)s is asked for: it is always null.",
                compiled=compiled.type.name,
                expected=expected.name,
            )
            hint = S_("Correct the expression or the type.")
            self.findings.append(Finding("warning", "wrong-type", message, place(element), line(element), hint))


def logic(element: Element, names: Names, book: Book, expected: Type = ANY) -> Logic:
    """The logic of a boxed expression; `expected` is the type of what it is bound to, where that is known."""
    book.depth += 1
    try:
        if book.depth > MAX_DEPTH:
            book.find(element, "too-deep", S_("The expression is nested too deeply."), S_("Move parts into decisions."))
            return nothing
        type_ = book.types.of(element)
        made = book.kinds[tag(element)](element, names, book, type_ if type_ is not ANY else expected)
    finally:
        book.depth -= 1
    if type_ is ANY:
        return made
    at = place(element)
    return lambda scope, run: run.bound(made(scope, run), type_, at)


def boxed_in(element: Element | None) -> Element | None:
    """The boxed expression that an element holds."""
    return child(element, *EXPRESSIONS) if element is not None else None


def inside(element: Element, part: str | None, names: Names, book: Book, expected: Type = ANY) -> Logic:
    """The logic of the boxed expression in a part of an element (None: in itself)."""
    holder = element if part is None else child(element, part)
    found = boxed_in(holder)
    if found is None:
        within = f"<{part}>" if part else f"<{tag(element)}>"
        book.find(
            element,
            "no-expression",
            S_("There is no expression in %(within)s.", within=within),
            S_("Write one, or remove the part."),
        )
        return nothing
    return logic(found, names, book, expected)


def literal(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A FEEL expression (§7.3.9)."""
    language = element.get("expressionLanguage", "FEEL")
    if "feel" not in language.lower():
        message = S_("The expression is written in %(language)s.", language=language)
        book.find(element, "not-feel", message, S_("Only FEEL is carried out: write it in FEEL."))
        return nothing
    source = text(element)
    if not source:
        return nothing
    compiled = expression(element, source, book.names(names), book.types.for_feel, book.findings)
    if compiled is None:
        return broken(element)
    book.note(element, compiled, names)
    book.compare(element, compiled, expected)
    at = place(element)
    return lambda scope, run: run.value(compiled, scope, at)


def broken(element: Element) -> Logic:
    """The logic of an expression that could not be read: null, with a warning."""
    at = place(element)

    def warn(scope: Scope, run: Run) -> None:
        run.warn("broken-expression", at, S_("The expression here is not FEEL, so its value is null."))

    return warn


def context(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed context, whose last entry may be its result (§10.2.1.4); entries see those before them."""
    entries: list[tuple[str | None, Logic, Type, str | None]] = []
    for entry in children(element, "contextEntry"):
        variable = child(entry, "variable")
        key = name(variable) if variable is not None else None
        type_ = book.types.of(variable)
        if child(entry, "functionDefinition") is not None and type_ is not ANY:
            type_ = as_function(type_)
        entries.append((key, inside(entry, None, names, book, type_), type_, place(entry)))
        names = names | {key} if key is not None else names

    def build(scope: Scope, run: Run) -> Any:
        inner, made = dict(scope), {}
        for key, code, type_, at in entries:
            value = code(inner, run)
            if key is None:
                return value
            made[key] = inner[key] = value if type_ is ANY else run.bound(value, type_, at)
        return made

    return build


def list_(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed list (§10.2.1.5)."""
    items = [logic(one, names, book) for one in children(element, *EXPRESSIONS)]
    return lambda scope, run: [item(scope, run) for item in items]


def relation(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed relation: a list of contexts, one a row (§10.2.1.6)."""
    columns = [(name(one), book.types.of(one), place(one)) for one in children(element, "column")]
    rows = []
    for row in children(element, "row"):
        cells = [logic(one, names, book) for one in children(row, *EXPRESSIONS)]
        if len(cells) != len(columns):
            message = S_("A row has %(cells)s cells for %(columns)s columns.", cells=len(cells), columns=len(columns))
            book.find(row, "cell-count", message, S_("Give each column one cell."))
        rows.append(cells)

    def build(scope: Scope, run: Run) -> list[dict[str, Any]]:
        return [
            {key: run.bound(cell(scope, run), type_, at) for (key, type_, at), cell in zip(columns, row, strict=False)}
            for row in rows
        ]

    return build


def conditional(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed conditional (§10.2.1.8): what is not true takes the else."""
    test, then, otherwise = (inside(element, part, names, book) for part in ("if", "then", "else"))
    return lambda scope, run: then(scope, run) if test(scope, run) is True else otherwise(scope, run)


def filter_(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed filter (§10.2.1.9); the item's components are in sight, as in FEEL."""
    items, match = inside(element, "in", names, book), inside(element, "match", names | {"item"}, book)
    at = place(element)

    def build(scope: Scope, run: Run) -> list[Any] | None:
        found = []
        for item in _items(items(scope, run), run):
            inner = {**scope, **item, "item": item} if isinstance(item, Mapping) else {**scope, "item": item}
            holds = match(inner, run)
            if holds is True:
                found.append(item)
            elif holds is not False and holds is not None:
                run.warn("not-a-condition", at, S_("The condition of the filter is neither true nor false."))
                return None
        return found

    return build


def for_(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed iterator (§10.2.1.10); `partial` holds the results so far."""
    key, items, body = _iterator(element, "return", names | {"partial"}, book)

    def build(scope: Scope, run: Run) -> list[Any]:
        made: list[Any] = []
        for item in _items(items(scope, run), run):
            made.append(body({**scope, "partial": made, key: item}, run))
        return made

    return build


def quantified(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed `some` or `every` (§10.2.1.10), in three values."""
    key, items, test = _iterator(element, "satisfies", names, book)
    deciding, at = tag(element) == "some", place(element)

    def decide(scope: Scope, run: Run) -> bool | None:
        result: bool | None = not deciding
        for item in _items(items(scope, run), run):
            holds = test({**scope, key: item}, run)
            if holds is deciding:
                return bool(holds)
            if holds is None:
                result = None
            elif not isinstance(holds, bool):
                run.warn("not-a-condition", at, S_("The condition is neither true nor false."))
                return None
        return result

    return decide


def _iterator(element: Element, part: str, names: Names, book: Book) -> tuple[str, Logic, Logic]:
    key = " ".join(element.get("iteratorVariable", "").split())
    return key, inside(element, "in", names, book), inside(element, part, names | {key}, book)


def _items(value: Any, run: Run) -> Iterator[Any]:
    for item in iterated(run.budget, -1, value) or ():
        run.budget.spend()
        yield item


Boxed = Callable[[Element, Names, Book, Type], Logic]
BOXES: Mapping[str, Boxed] = {
    "literalExpression": literal,
    "context": context,
    "list": list_,
    "relation": relation,
    "conditional": conditional,
    "filter": filter_,
    "for": for_,
    "some": quantified,
    "every": quantified,
}
EXPRESSIONS = (*BOXES, "functionDefinition", "invocation", "decisionTable")
"""The names of all kinds of boxed expressions; functions and tables are compiled in modules of their own."""
