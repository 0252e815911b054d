"""Tests of one value: `in`, and the cells of decision tables."""

from collections.abc import Sequence

from engine.feel import ast
from engine.feel.analysis import mentions
from engine.feel.codegen.logic import compared
from engine.feel.codegen.writer import Writer
from engine.feel.values import Range


def in_(writer: Writer, node: ast.In) -> str:
    value = writer.slot(node.value)
    with writer.scope({"?": value}):
        return any_of_tests(writer, node.tests, value)


def unary_tests(writer: Writer, node: ast.UnaryTests) -> str:
    if not node.tests:
        return "True"
    result = any_of_tests(writer, node.tests, "q")
    return writer.let(f"None if {result} is None else not {result}") if node.negated else result


def any_of_tests(writer: Writer, tests: Sequence[ast.Node], value: str) -> str:
    """Whether one of the tests holds of a value."""
    if len(tests) > 1 and (chosen := one_of(writer, ast.ListLiteral(tuple(tests)))):
        slow = f"listed(ev, {tests[0].position}, {value}, {chosen})"
        return writer.let(f"{value} in {chosen} if {value}.__class__ is str else {slow}")
    result = one_test(writer, tests[0], value)
    if len(tests) == 1:
        return result
    joined = writer.fresh()
    writer.emit(f"{joined} = {result}")
    for test in tests[1:]:
        writer.emit(f"if {joined} is not True:")
        with writer.inside():
            one = writer.let(one_test(writer, test, value))
            writer.emit(f"if {one} is not False: {joined} = {one}")
    return joined


def one_test(writer: Writer, test: ast.Node, value: str) -> str:
    """Whether one test holds of a value."""
    if isinstance(test, ast.UnaryTest):
        return compared(writer, test, test.operator, value, test.operand)
    if isinstance(test, ast.RangeLiteral):
        return within(writer, test, value)
    if mentions(test, "?") and not isinstance(test, ast.Name):
        return writer.call("about", test, value, writer.value(test))
    if isinstance(test, ast.ListLiteral) and (chosen := one_of(writer, test)):
        return writer.let(f"{value} in {chosen} if {value}.__class__ is str else {fits(writer, test, value)}")
    if isinstance(test, ast.String):
        text = repr(test.value)
        return writer.let(f"{value} == {text} if {value}.__class__ is str else {fits(writer, test, value)}")
    return writer.let(fits(writer, test, value))


def fits(writer: Writer, test: ast.Node, value: str) -> str:
    return f"fits(ev, {test.position}, {value}, {writer.value(test)})"


def one_of(writer: Writer, node: ast.ListLiteral) -> str | None:
    """A set, if a list holds nothing but literal strings."""
    if not node.items or not all(isinstance(item, ast.String) for item in node.items):
        return None
    return writer.constant(frozenset(item.value for item in node.items if isinstance(item, ast.String)))


def within(writer: Writer, node: ast.RangeLiteral, value: str) -> str:
    """Whether a value lies in a range that is written out; null if the range is none."""
    made = writer.value(node)
    constant = writer.constants.get(made)
    slow = f"within(ev, {node.position}, {value}, {made})"
    if isinstance(constant, Range) and type(constant.start) is int and type(constant.end) is int:
        low, high = "<=" if constant.start_included else "<", "<=" if constant.end_included else "<"
        quick = f"{constant.start} {low} {value} {high} {constant.end}"
        return writer.let(f"{quick} if {value}.__class__ is int else {slow}")
    return writer.let(slow)
