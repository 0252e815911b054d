"""From the tree back to text: what is printed reads as the same tree."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel import ast
from engine.feel.conversion import quoted
from engine.feel.errors import FeelSyntaxError
from engine.feel.words import INFIX, KEYWORDS, words

# how strongly a construct binds, after the order of the grammar's rules
BARE, OPEN, OR, AND, COMPARED, ADDED, MULTIPLIED, RAISED, NEGATED, TYPED, APPLIED, SINGLE = range(12)
STRENGTH: dict[type, int] = {
    ast.If: OPEN, ast.For: OPEN, ast.Quantified: OPEN, ast.FunctionDefinition: OPEN, ast.UnaryTest: BARE,
    ast.Disjunction: OR, ast.Conjunction: AND, ast.Comparison: COMPARED, ast.Between: COMPARED, ast.In: COMPARED,
    ast.Negation: NEGATED, ast.InstanceOf: TYPED, ast.Path: APPLIED, ast.Filter: APPLIED, ast.Invocation: APPLIED,
    ast.NamedInvocation: APPLIED,
}  # fmt: skip
OPERATORS = {"+": ADDED, "-": ADDED, "*": MULTIPLIED, "/": MULTIPLIED, "**": RAISED}


def to_source(node: ast.Node) -> str:
    """A tree as text."""
    return PRINTERS[type(node)](node)


def _strength(node: ast.Node) -> int:
    if isinstance(node, ast.Arithmetic):
        return OPERATORS[node.operator]
    if isinstance(node, ast.Number) and (node.value < 0 or str(node.value).startswith("-")):
        return NEGATED
    return STRENGTH.get(type(node), SINGLE)


def _at_least(node: ast.Node, strength: int) -> str:
    """A part, in brackets where it binds less than it must."""
    text = to_source(node)
    return f"({text})" if _strength(node) < strength else text


def _whole(node: ast.Node) -> str:
    """A part that stands alone; only a unary test needs brackets there."""
    return _at_least(node, OPEN)


def _listed(nodes: tuple[ast.Node, ...]) -> str:
    return ", ".join(map(to_source, nodes))


def _number(node: ast.Number) -> str:
    if isinstance(node.value, Decimal):
        return format(node.value, "f") if -40 < node.value.adjusted() < 40 else str(node.value)
    return str(node.value)


def _arithmetic(node: ast.Arithmetic) -> str:
    strength = OPERATORS[node.operator]
    parts: list[str] = []
    left: ast.Node = node
    while isinstance(left, ast.Arithmetic) and OPERATORS[left.operator] >= strength:
        if OPERATORS[left.operator] > strength:
            break
        parts.append(f" {left.operator} {_at_least(left.right, strength + 1)}")
        left = left.left
    return _at_least(left, strength) + "".join(reversed(parts))


def _comparison(node: ast.Comparison) -> str:
    return f"{_at_least(node.left, COMPARED)} {node.operator} {_at_least(node.right, ADDED)}"


def _in(node: ast.In) -> str:
    left = _at_least(node.value, COMPARED)
    if len(node.tests) > 1:
        return f"{left} in ({_listed(node.tests)})"
    test = node.tests[0]
    return f"{left} in {to_source(test) if isinstance(test, ast.UnaryTest) else _at_least(test, ADDED)}"


def _joined(word: str, strength: int) -> Callable[[Any], str]:
    return lambda node: f" {word} ".join(_at_least(one, strength + 1) for one in node.operands)


def _key(key: str) -> str:
    """A key as a name where it reads as one, else in quotes."""
    try:
        pieces = words(key)[:-1]
    except FeelSyntaxError:
        return quoted(key)
    plain = pieces and all(one.kind == "word" and one.text not in {*KEYWORDS, *INFIX} for one in pieces)
    return key if plain and " ".join(one.text for one in pieces) == key else quoted(key)


def _definition(node: ast.FunctionDefinition) -> str:
    parameters = ", ".join(f"{one.name}: {to_source(one.type)}" if one.type else one.name for one in node.parameters)
    return f"function({parameters}) {'external ' if node.external else ''}{_whole(node.body)}"


def _iterations(iterations: tuple[ast.Iteration, ...]) -> str:
    return ", ".join(map(_iteration, iterations))


def _iteration(node: ast.Iteration) -> str:
    if node.end is None:
        return f"{node.name} in {_whole(node.source)}"
    return f"{node.name} in {_at_least(node.source, ADDED)}..{_at_least(node.end, ADDED)}"


def _range(node: ast.RangeLiteral) -> str:
    ends = ["" if end is None else _at_least(end, ADDED) for end in (node.start, node.end)]
    return f"{'[' if node.start_included else '('}{ends[0]}..{ends[1]}{']' if node.end_included else ')'}"


def _unary_tests(node: ast.UnaryTests) -> str:
    if not node.tests:
        return "-"
    listed = _listed(node.tests)
    return f"not({listed})" if node.negated else listed


PRINTERS: dict[type, Callable[[Any], str]] = {
    ast.Null: lambda node: "null",
    ast.Boolean: lambda node: "true" if node.value else "false",
    ast.Number: _number,
    ast.String: lambda node: quoted(node.value),
    ast.AtLiteral: lambda node: f"@{quoted(node.text)}",
    ast.Name: lambda node: node.name,
    ast.Negation: lambda node: f"-{_at_least(node.operand, NEGATED)}",
    ast.Arithmetic: _arithmetic,
    ast.Comparison: _comparison,
    ast.Between: lambda node: (
        f"{_at_least(node.value, COMPARED)} between {_at_least(node.low, ADDED)} and {_at_least(node.high, ADDED)}"
    ),
    ast.UnaryTest: lambda node: f"{node.operator} {_at_least(node.operand, ADDED)}",
    ast.In: _in,
    ast.Conjunction: _joined("and", AND),
    ast.Disjunction: _joined("or", OR),
    ast.InstanceOf: lambda node: f"{_at_least(node.value, TYPED)} instance of {to_source(node.type)}",
    ast.NamedType: lambda node: node.name,
    ast.ListType: lambda node: f"list<{to_source(node.of)}>",
    ast.RangeType: lambda node: f"range<{to_source(node.of)}>",
    ast.ContextType: lambda node: f"context<{', '.join(f'{name}: {to_source(one)}' for name, one in node.entries)}>",
    ast.FunctionType: lambda node: f"function<{_listed(node.parameters)}> -> {to_source(node.result)}",
    ast.Path: lambda node: f"{_at_least(node.value, APPLIED)}.{node.key}",
    ast.Filter: lambda node: f"{_at_least(node.value, APPLIED)}[{_whole(node.condition)}]",
    ast.Invocation: lambda node: f"{_at_least(node.function, APPLIED)}({_listed(node.arguments)})",
    ast.NamedInvocation: lambda node: (
        f"{_at_least(node.function, APPLIED)}({', '.join(f'{name}: {to_source(one)}' for name, one in node.arguments)})"
    ),
    ast.If: lambda node: f"if {_whole(node.condition)} then {_whole(node.then)} else {_whole(node.otherwise)}",
    ast.For: lambda node: f"for {_iterations(node.iterators)} return {_whole(node.body)}",
    ast.Quantified: lambda node: f"{node.quantifier} {_iterations(node.iterators)} satisfies {_whole(node.condition)}",
    ast.FunctionDefinition: _definition,
    ast.ListLiteral: lambda node: f"[{_listed(node.items)}]",
    ast.ContextLiteral: lambda node: (
        "{" + ", ".join(f"{_key(key)}: {_whole(value)}" for key, value in node.entries) + "}"
    ),
    ast.RangeLiteral: _range,
    ast.UnaryTests: _unary_tests,
}
