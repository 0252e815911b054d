"""Literals, names, arithmetic, and the parts of values."""

from typing import Any

from engine.feel import ast, texts
from engine.feel.codegen.writer import Items, Writer, is_int, is_literal
from engine.feel.functions import FUNCTIONS
from engine.feel.numbers import negated
from engine.feel.values import Range

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power"}
SAFE = {"+": 10**33, "-": 10**33, "*": 10**16}
"""Below these the result of whole numbers is exact without rounding."""
NO_LITERAL = object()


def _literal_end(node: ast.Node | None) -> Any:
    match node:
        case None:
            return None
        case ast.Number(value=value) | ast.String(value=value):
            return value
        case ast.Negation(operand=ast.Number(value=value)):
            return negated(value)
    return NO_LITERAL


def _is_index(node: ast.Node) -> bool:
    return isinstance(node, ast.Number) or (isinstance(node, ast.Negation) and isinstance(node.operand, ast.Number))


def _type_name(node: ast.Node) -> str:
    return node.name if isinstance(node, ast.NamedType) else type(node).__name__


def literal(writer: Writer, node: Any) -> str:
    match node:
        case ast.Null():
            return "None"
        case ast.Boolean(value=truth_value):
            return repr(truth_value)
        case ast.Number(value=int() as number):
            return repr(number)
        case ast.Number(value=number):
            return writer.constant(number)
    return repr(node.value)


def at_literal(writer: Writer, node: ast.AtLiteral) -> str:
    try:
        return writer.constant(texts.read(node.text))
    except (ValueError, ArithmeticError):
        return writer.call("warned", node, "'bad-literal'", repr(node.text))


def name(writer: Writer, node: ast.Name) -> str:
    """Where a name is found: innermost scope first, then the caller's context, then the built-in functions."""
    picks: list[str] = []
    for scope in reversed(writer.scopes):
        if isinstance(scope, Items):
            picks.append(scope.entries)
        elif node.name in scope:
            found = scope[node.name]
            break
    else:
        found = from_context(writer, node)
    key = repr(node.name)
    for entries in reversed(picks):
        found = f"({entries}[{key}] if {key} in {entries} else {found})"
    return found


def from_context(writer: Writer, node: ast.Name) -> str:
    writer.free.add(node.name)
    key = repr(node.name)
    if node.name in FUNCTIONS:
        return f"(ctx[{key}] if {key} in ctx else {writer.constant(FUNCTIONS[node.name])})"
    return f"(ctx[{key}] if {key} in ctx else warned(ev, {node.position}, 'unknown-name', {key}))"


def negation(writer: Writer, node: ast.Negation) -> str:
    if isinstance(node.operand, ast.Number):
        return literal(writer, ast.Number(negated(node.operand.value)))
    return writer.call("negative", node, writer.value(node.operand))


def arithmetic(writer: Writer, node: ast.Arithmetic) -> str:
    """An operation; the left sides are a loop, for they may be many."""
    spine = [node]
    while isinstance(spine[-1].left, ast.Arithmetic):
        spine.append(spine[-1].left)
    left = writer.atom(spine[-1].left)
    for one in reversed(spine):
        right = writer.atom(one.right)
        slow = f"{ARITHMETIC[one.operator]}(ev, {one.position}, {left}, {right})"
        limit = SAFE.get(one.operator)
        if limit is None or any(is_literal(side) and not is_int(side) for side in (left, right)):
            left = writer.let(slow)
            continue
        tests = [
            f"{side}.__class__ is int and -{limit} < {side} < {limit}" for side in (left, right) if not is_literal(side)
        ]
        quick = f"{left} {one.operator} {right}"
        left = writer.let(f"{quick} if {' and '.join(tests)} else {slow}" if tests else slow)
    return left


def path(writer: Writer, node: ast.Path) -> str:
    value, key = writer.slot(node.value), repr(node.key)
    slow = f"path(ev, {node.position}, {value}, {key})"
    return writer.let(f"{value}[{key}] if {value}.__class__ is dict and {key} in {value} else {slow}")


def filter_(writer: Writer, node: ast.Filter) -> str:
    if _is_index(node.condition):
        if isinstance(node.value, ast.Name) and (made := so_far(writer, node.value)):
            return writer.let(f"at({made}, {writer.value(node.condition)})")
        return writer.let(f"at({writer.value(node.value)}, {writer.value(node.condition)})")
    value = writer.atom(node.value)
    name, item, entries = writer.fresh("f"), writer.fresh("i"), writer.fresh("e")
    writer.emit(f"def {name}({item}):")
    with writer.inside(), writer.scope({"item": item}), writer.scope(Items(entries)):
        writer.emit(f"{entries} = {item} if {item}.__class__ is dict else entries_of({item})")
        writer.emit(f"return {writer.value(node.condition)}")
    return writer.call("filtered", node, value, name)


def so_far(writer: Writer, node: ast.Name) -> str | None:
    """The list that `partial` stands for, where it is the loop's."""
    if node.name != "partial":
        return None
    for scope in reversed(writer.scopes):
        if isinstance(scope, Items):
            return None
        if "partial" in scope:
            return scope.get(" partial")
    return None


def list_(writer: Writer, node: ast.ListLiteral) -> str:
    return writer.let(f"[{', '.join([writer.atom(item) for item in node.items])}]")


def context(writer: Writer, node: ast.ContextLiteral) -> str:
    keys = [key for key, _ in node.entries]
    if len(set(keys)) < len(keys):
        twice = next(key for index, key in enumerate(keys) if key in keys[:index])
        return writer.call("warned", node, "'same-key'", repr(twice))
    names: dict[str, str] = {}
    with writer.scope(names):
        for key, value in node.entries:
            slot = writer.fresh("s")
            if isinstance(value, ast.FunctionDefinition):
                names[key] = slot  # a function may call itself
            text = writer.value(value)
            writer.emit(f"{slot} = {text}")
            names[key] = slot
    return writer.let("{" + ", ".join(f"{key!r}: {names[key]}" for key in keys) + "}")


def range_(writer: Writer, node: ast.RangeLiteral) -> str:
    ends = [_literal_end(node.start), _literal_end(node.end)]
    sides = (node.start is not None, node.end is not None)
    if all(end is not NO_LITERAL for end in ends) and (not all(sides) or type(ends[0]) is type(ends[1])):
        return writer.constant(Range(ends[0], ends[1], node.start_included, node.end_included))
    start = "None" if node.start is None else writer.value(node.start)
    end = "None" if node.end is None else writer.value(node.end)
    included = (node.start_included, node.end_included)
    return writer.call("make_range", node, start, end, repr(included), repr(sides))


def unary_test(writer: Writer, node: ast.UnaryTest) -> str:
    return writer.call("test_range", node, repr(node.operator), writer.value(node.operand))


def instance_of(writer: Writer, node: ast.InstanceOf) -> str:
    value = writer.value(node.value)
    wanted = writer.type_of(node.type)
    if wanted is None:
        return writer.call("warned", node, "'unknown-type'", repr(_type_name(node.type)))
    return writer.let(f"is_kind_of({value}, {writer.constant(wanted)})")
