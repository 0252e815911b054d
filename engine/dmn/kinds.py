"""What kind of value an expression gives, as far as its form tells without running it."""

from engine import feel
from engine.dmn.types import BuiltIn, Type, unconstrained
from engine.feel import ast

BY_FORM: dict[type[ast.Node], str] = {
    ast.Number: "number",
    ast.String: "string",
    ast.Boolean: "boolean",
    ast.Comparison: "boolean",
    ast.Between: "boolean",
    ast.In: "boolean",
    ast.Conjunction: "boolean",
    ast.Disjunction: "boolean",
    ast.InstanceOf: "boolean",
    ast.Quantified: "boolean",
    ast.ContextLiteral: "context",
    ast.FunctionDefinition: "function",
}


def never_fits(tree: ast.Node, expected: Type) -> str | None:
    """The kind of value that an expression gives, where that can never be what is expected; else None.

    A list may be one of a single item, and a date a midnight (DMN 1.5 §10.3.2.9.4): they may fit.
    """
    wanted = unconstrained(expected)
    given = kind_of(tree)
    if given is None or not isinstance(wanted, BuiltIn) or given == wanted.name:
        return None
    return None if (given, wanted.name) == ("date", "date and time") else given


def kind_of(tree: ast.Node) -> str | None:
    """The kind of value that a tree gives; None where it depends."""
    match tree:
        case ast.AtLiteral(text=text):
            found = feel.read_temporal(text)
            return None if found is None else feel.kind(found)
        case ast.If(then=then, otherwise=otherwise):
            kinds = {kind_of(then), kind_of(otherwise)}
            return kinds.pop() if len(kinds) == 1 else None
        case ast.Arithmetic(left=left, right=right):
            return "number" if kind_of(left) == kind_of(right) == "number" else None
        case ast.Negation(operand=operand):
            return "number" if kind_of(operand) == "number" else None
    return BY_FORM.get(type(tree))
