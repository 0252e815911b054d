"""Decision tables from XML (DMN 1.5 §8.3): cells, allowed values, defaults; what is wrong becomes findings."""

from collections.abc import Mapping

from engine.dmn.boxed import Book, Boxed, literal
from engine.dmn.cells import EITHER, Region, region
from engine.dmn.columns import column
from engine.dmn.elements import Element, child, children, line, name, place, text
from engine.dmn.expressions import Names, unary_tests
from engine.dmn.findings import Finding
from engine.dmn.run import Logic, Run, Scope
from engine.dmn.tables import AGGREGATIONS, POLICIES, Input, Output, Rule, Table
from engine.dmn.types import ANY, BuiltIn, Collection, Constrained, Structure, Type, plain, unconstrained
from engine.feel import Expression
from engine.sentences import S_

MAX_RULES, MAX_INPUTS = 5000, 100
SHORT = {policy[0]: policy for policy in POLICIES}


def table(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """The logic of a decision table; the book gets the table."""
    read = read_table(element, names, book, expected)
    book.tables.append(read)
    return read.decide


TABLES: Mapping[str, Boxed] = {"decisionTable": table}


def read_table(element: Element, names: Names, book: Book, expected: Type) -> Table:
    """A decision table; `expected` is the type of its result, where that is known."""
    inputs = tuple(_input(one, names, book) for one in children(element, "input"))
    columns = list(children(element, "output"))
    outputs = tuple(_output(one, names, book, _expected(one, columns, expected)) for one in columns)
    if not outputs:
        book.find(element, "no-output", S_("The table has no output column."), S_("Add one."))
    rows = list(children(element, "rule"))
    if len(rows) > MAX_RULES or len(inputs) > MAX_INPUTS:
        message = S_(
            "The table has more than %(max_rules)s rules or %(max_inputs)s inputs.",
            max_rules=MAX_RULES,
            max_inputs=MAX_INPUTS,
        )
        book.find(element, "too-large", message, S_("Split it into smaller tables."))
        inputs, rows = inputs[:MAX_INPUTS], []
    rules, cells = [], []
    for position, row in enumerate(rows, start=1):
        rule, regions = _rule(row, position, len(inputs), outputs, names, book)
        rules.append(rule)
        cells.append(regions)
    _check_names(element, columns, book)
    return Table(
        place(element) or "",
        line(element),
        _policy(element, book),
        _aggregation(element, len(outputs), book),
        inputs,
        outputs,
        tuple(rules),
        tuple(cells),
        tuple(column([row[index] for row in cells]) for index in range(len(inputs))),
    )


def _policy(element: Element, book: Book) -> str:
    given = element.get("hitPolicy", "UNIQUE").strip()
    policy = SHORT.get(given, given)
    if policy not in POLICIES:
        hint = S_("Choose one of %(policies)s.", policies=", ".join(POLICIES))
        book.find(element, "hit-policy", S_("There is no hit policy %(given)s.", given=given), hint)
    return policy


def _aggregation(element: Element, outputs: int, book: Book) -> str | None:
    found = element.get("aggregation")
    if found is None:
        return None
    if found not in AGGREGATIONS:
        hint = S_("Choose one of %(aggregations)s.", aggregations=", ".join(AGGREGATIONS))
        book.find(element, "aggregation", S_("There is no aggregation %(found)s.", found=found), hint)
        return None
    if element.get("hitPolicy") not in ("COLLECT", "C"):
        hint = S_("Use hit policy COLLECT, or remove the aggregation.")
        book.find(element, "aggregation", S_("Only COLLECT tables aggregate."), hint)
        return None
    if outputs > 1:
        hint = S_("Use one output column for each table that aggregates.")
        text_ = S_("The table aggregates several outputs, each for itself; the standard knows one.")
        book.findings.append(Finding("warning", "aggregation", text_, place(element), line(element), hint))
    return found


def _input(element: Element, names: Names, book: Book) -> Input:
    written = child(element, "inputExpression")
    if written is None or not text(written):
        book.find(element, "no-expression", S_("An input column has no expression."), S_("Say what it looks at."))
        written = element
    limits = child(element, "inputValues")
    type_ = book.types.of(written)
    allowed = (
        unary_tests(limits, text(limits), names, book.types.for_feel, book.findings)
        if limits is not None and text(limits)
        else None
    )
    label = element.get("label") or text(written)
    domain = region(text(limits)) if allowed is not None else _domain(type_)
    return Input(place(element), label, text(written), literal(written, names, book, ANY), type_, allowed, domain)


def _domain(type_: Type) -> Region | None:
    found = plain(type_)
    if isinstance(found, Constrained):
        return region(found.test.source)
    return EITHER if isinstance(found, BuiltIn) and found.name == "boolean" else None


def _output(element: Element, names: Names, book: Book, expected: Type) -> Output:
    limits, default = child(element, "outputValues"), child(element, "defaultOutputEntry")
    type_ = book.types.of(element)
    allowed = (
        unary_tests(limits, text(limits), names, book.types.for_feel, book.findings)
        if limits is not None and text(limits)
        else None
    )
    listed = book.types.listed(limits, text(limits)) if allowed is not None and limits is not None else ()
    other = literal(default, names, book, ANY) if default is not None and text(default) else None
    listed = listed or _values(type_) or _values(expected)
    domain = region(text(limits)) if allowed is not None else _domain(type_)
    return Output(place(element), element.get("name") or "", type_, allowed, domain, listed, other)


def _expected(output: Element, columns: list[Element], expected: Type) -> Type:
    """The type of one output column, from that of the table's result."""
    found = unconstrained(expected)
    if isinstance(found, Collection):
        expected = found.item
        found = unconstrained(expected)
    if len(columns) == 1:
        return expected
    return found.components.get(name(output), ANY) if isinstance(found, Structure) else ANY


def _values(type_: Type) -> tuple[object, ...]:
    found = plain(type_)
    return found.values if isinstance(found, Constrained) else ()


def _rule(
    element: Element, position: int, inputs: int, outputs: tuple[Output, ...], names: Names, book: Book
) -> tuple[Rule, tuple[Region | str, ...]]:
    entries = list(children(element, "inputEntry"))
    results = list(children(element, "outputEntry"))
    if len(entries) != inputs or len(results) != len(outputs):
        message = S_(
            "Rule %(position)s has %(entries)s input cells and %(results)s output cells; "
            "the table has %(inputs)s and %(outputs)s columns.",
            position=position,
            entries=len(entries),
            results=len(results),
            inputs=inputs,
            outputs=len(outputs),
        )
        book.find(element, "cell-count", message, S_("Give each column one cell in every rule."))
    read = [_test(one, names, book) for one in entries[:inputs]]
    read += [("", None, "?")] * (inputs - len(read))  # a missing cell never holds
    values = [_result(one, names, book, output.type) for one, output in zip(results, outputs, strict=False)]
    values += [_null] * (len(outputs) - len(values))
    rule = Rule(
        element.get("id") or f"{place(element)}:{position}",
        line(element),
        tuple(test for _, test, _ in read),
        tuple(source for source, _, _ in read),
        tuple(values),
        tuple(text(one) for one in results[: len(outputs)]),
    )
    return rule, tuple(cell for _, _, cell in read)


def _test(element: Element, names: Names, book: Book) -> tuple[str, Expression | None, Region | str]:
    source = text(element)
    if source in ("", "-"):
        return "-", None, "-"
    test = unary_tests(element, source, book.names(names), book.types.for_feel, book.findings)
    if test is not None:
        book.note(element, test, names)
    return source, test, "?" if test is None else region(source) or "?"


def _result(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    type_, at = book.types.of(element), place(element)
    made = literal(element, names, book, expected if type_ is ANY else type_)
    return made if type_ is ANY else lambda scope, run: run.bound(made(scope, run), type_, at)


def _null(scope: Scope, run: Run) -> None:
    return None


def _check_names(element: Element, columns: list[Element], book: Book) -> None:
    if len(columns) < 2:
        return
    given = [one.get("name") for one in columns]
    if not all(given) or len(set(given)) < len(given):
        message = S_("Several outputs need names, each its own.")
        book.find(element, "output-name", message, S_("Name every output column."))
