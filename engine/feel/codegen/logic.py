"""Comparisons, three-valued logic and choices."""

from collections.abc import Sequence

from engine.feel import ast
from engine.feel.analysis import truth
from engine.feel.codegen.writer import Writer, is_int, is_text

COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def comparison(writer: Writer, node: ast.Comparison) -> str:
    return compared(writer, node, node.operator, writer.slot(node.left), node.right)


def compared(writer: Writer, node: ast.Node, operator: str, left: str, right_node: ast.Node) -> str:
    """`left operator right` in three-valued logic."""
    if isinstance(right_node, ast.Null) and operator in ("=", "!="):
        return writer.let(f"{left} is {'not ' if operator == '!=' else ''}None")
    right = writer.atom(right_node)
    slow = f"{COMPARISONS[operator]}(ev, {node.position}, {left}, {right})"
    quick = f"{left} {PYTHON[operator]} {right}"
    equality = operator in ("=", "!=")
    if is_text(right):
        test = f"{left}.__class__ is str"
    elif is_int(right):
        test = f"{left}.__class__ is int"
    elif right in ("True", "False"):
        test = f"{left}.__class__ is bool" if equality else "False"
    elif equality:
        test = f"{left}.__class__ is {right}.__class__ and {left}.__class__ in SIMPLE"
    else:
        test = f"{left}.__class__ is int and {right}.__class__ is int"
    return writer.let(f"{quick} if {test} else {slow}")


def between(writer: Writer, node: ast.Between) -> str:
    value = writer.slot(node.value)
    low, high = writer.atom(node.low), writer.atom(node.high)
    slow = f"between(ev, {node.position}, {value}, {low}, {high})"
    if is_int(low) and is_int(high):
        return writer.let(f"{low} <= {value} <= {high} if {value}.__class__ is int else {slow}")
    return writer.let(slow)


def conjunction(writer: Writer, node: ast.Conjunction) -> str:
    return joined(writer, node.operands, "False", "True", "and")


def disjunction(writer: Writer, node: ast.Disjunction) -> str:
    return joined(writer, node.operands, "True", "False", "or")


def joined(writer: Writer, operands: Sequence[ast.Node], decides: str, neutral: str, word: str) -> str:
    """`and` and `or`: one operand after the other, until one decides."""
    result = writer.fresh()
    for index, operand in enumerate(operands):
        if index == 0:
            first = writer.slot(operand)
            writer.emit(f"{result} = {as_boolean(writer, first, operand, word)}")
            continue
        writer.emit(f"if {result} is not {decides}:")
        with writer.inside():
            value = writer.slot(operand)
            writer.emit(f"if {value} is not {neutral}: {result} = {as_boolean(writer, value, operand, word)}")
    return result


def as_boolean(writer: Writer, value: str, node: ast.Node, word: str) -> str:
    """A value as true, false or null."""
    if truth(node):
        return value
    return f"({value} if {value}.__class__ is bool else not_boolean(ev, {node.position}, '{word}', {value}))"


def condition(writer: Writer, node: ast.Node) -> str:
    """A condition; what is neither true, false nor null warns."""
    value = writer.slot(node)
    if not truth(node):
        writer.emit(f"if {value} is not True and {value} is not False: failed(ev, {node.position}, {value})")
    return value


def if_(writer: Writer, node: ast.If) -> str:
    """A choice; a chain of them becomes a function that returns at the first that holds."""
    if isinstance(node.otherwise, ast.If):
        return chain(writer, node)
    result = writer.fresh()
    writer.emit(f"if {condition(writer, node.condition)} is True:")
    with writer.inside():
        writer.emit(f"{result} = {writer.value(node.then)}")
    writer.emit("else:")
    with writer.inside():
        writer.emit(f"{result} = {writer.value(node.otherwise)}")
    return result


def chain(writer: Writer, node: ast.If) -> str:
    name = writer.fresh("f")
    writer.emit(f"def {name}():")
    with writer.inside():
        last: ast.Node = node
        while isinstance(last, ast.If):
            writer.emit(f"if {condition(writer, last.condition)} is True:")
            with writer.inside():
                writer.emit(f"return {writer.value(last.then)}")
            last = last.otherwise
        writer.emit(f"return {writer.value(last)}")
    return writer.let(f"{name}()")
