"""From the tree to Python source: names are locals, common cases stand in line, all else calls operators and flow.

Nothing of the expression's text enters the source but as the repr of a string or a whole number; all other constants
are globals of the generated function, which has no builtins.
"""

from dataclasses import dataclass
from typing import Any

from engine.feel import ast
from engine.feel.codegen import calls, logic, unary, values
from engine.feel.codegen.writer import Lookup, Write, Writer


@dataclass(frozen=True)
class Generated:
    """The source of `run(ctx, ev, q)` (context, evaluation, value under test), its globals, the names that it reads."""

    source: str
    constants: dict[str, Any]
    names: frozenset[str]


def generate(tree: ast.Node, lookup: Lookup | None = None) -> Generated:
    """The Python function of an expression or of unary tests; `lookup` knows types beyond the standard's."""
    writer = Writer(WRITERS, lookup)
    writer.emit("def run(ctx, ev, q):")
    with writer.inside(), writer.scope({"?": "q"}):
        writer.emit(f"return {writer.value(tree)}")
    return Generated("\n".join(writer.lines) + "\n", writer.constants, frozenset(writer.free - {"?"}))


WRITERS: dict[type, Write] = {
    ast.Null: values.literal,
    ast.Boolean: values.literal,
    ast.Number: values.literal,
    ast.String: values.literal,
    ast.AtLiteral: values.at_literal,
    ast.Name: values.name,
    ast.Negation: values.negation,
    ast.Arithmetic: values.arithmetic,
    ast.InstanceOf: values.instance_of,
    ast.Path: values.path,
    ast.Filter: values.filter_,
    ast.ListLiteral: values.list_,
    ast.ContextLiteral: values.context,
    ast.RangeLiteral: values.range_,
    ast.UnaryTest: values.unary_test,
    ast.Comparison: logic.comparison,
    ast.Between: logic.between,
    ast.Conjunction: logic.conjunction,
    ast.Disjunction: logic.disjunction,
    ast.If: logic.if_,
    ast.In: unary.in_,
    ast.UnaryTests: unary.unary_tests,
    ast.For: calls.for_,
    ast.Quantified: calls.quantified,
    ast.Invocation: calls.invocation,
    ast.NamedInvocation: calls.named_invocation,
    ast.FunctionDefinition: calls.definition,
}

__all__ = ["Generated", "generate"]
