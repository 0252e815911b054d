"""What can be said of an expression without carrying it out."""

from engine.feel import ast

TRUTHS = (
    ast.Boolean, ast.Null, ast.Comparison, ast.Between, ast.In, ast.InstanceOf, ast.Conjunction, ast.Disjunction,
    ast.Quantified,
)  # fmt: skip


def truth(node: ast.Node) -> bool:
    """Whether the value can only be true, false or null."""
    return isinstance(node, TRUTHS)


def mentions(node: ast.Node, name: str) -> bool:
    """Whether a name stands somewhere in a tree."""
    return any(isinstance(one, ast.Name) and one.name == name for one in ast.walk(node))
