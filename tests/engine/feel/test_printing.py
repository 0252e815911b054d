"""What is printed reads as the same tree."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.feel import ast
from engine.feel.parser import parse
from engine.feel.printing import to_source

NAMES = st.sampled_from(["a", "b", "risk", "名称", "first name", "x1"])
KEYS = st.sampled_from(["a", "first name", "c+d", "date and time", "if", "", 'with "quotes"', "\\"])
TYPES = st.recursive(
    st.sampled_from(["number", "date and time", "Any", "years and months duration", "function"]).map(ast.NamedType),
    lambda inner: st.one_of(
        inner.map(ast.ListType),
        inner.map(ast.RangeType),
        st.tuples(st.tuples(NAMES, inner)).map(ast.ContextType),
        st.builds(ast.FunctionType, st.tuples(inner), inner),
    ),
    max_leaves=3,
)
LEAVES = st.one_of(
    st.just(ast.Null()),
    st.booleans().map(ast.Boolean),
    st.integers(0, 10**40).map(lambda n: ast.Number(n if n < 10**34 else 1)),
    st.decimals(0, 10**6, places=3, allow_nan=False).map(ast.Number),
    st.text(max_size=5).map(ast.String),
    st.just(ast.AtLiteral("2026-01-31")),
    NAMES.map(ast.Name),
    st.just(ast.Name("?")),
)


def _bigger(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    tests = st.one_of(inner, st.builds(ast.UnaryTest, st.sampled_from(["<", ">=", "=", "!="]), inner))
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    iterations = st.lists(st.builds(ast.Iteration, NAMES, inner, st.none() | inner), min_size=1, max_size=2).map(tuple)
    parameters = st.lists(st.builds(ast.Parameter, NAMES, st.none() | TYPES), max_size=2).map(tuple)
    return st.one_of(
        st.builds(ast.Negation, inner),
        st.builds(ast.Arithmetic, st.sampled_from(["+", "-", "*", "/", "**"]), inner, inner),
        st.builds(ast.Comparison, st.sampled_from(["=", "!=", "<", ">="]), inner, tests),
        st.builds(ast.Between, inner, inner, inner),
        st.builds(ast.In, inner, st.lists(tests, min_size=1, max_size=3).map(tuple)),
        several.map(ast.Conjunction),
        several.map(ast.Disjunction),
        st.builds(ast.InstanceOf, inner, TYPES),
        st.builds(ast.Path, inner, NAMES),
        st.builds(ast.Filter, inner, tests),
        st.builds(ast.Invocation, inner, st.lists(tests, max_size=2).map(tuple)),
        st.builds(ast.NamedInvocation, inner, st.tuples(st.tuples(NAMES, tests))),
        st.builds(ast.If, tests, tests, tests),
        st.builds(ast.For, iterations, tests),
        st.builds(ast.Quantified, st.sampled_from(["some", "every"]), iterations, inner),
        st.builds(ast.FunctionDefinition, parameters, inner, st.booleans()),
        st.lists(tests, max_size=3).map(tuple).map(ast.ListLiteral),
        st.lists(st.tuples(KEYS, tests), max_size=2).map(tuple).map(ast.ContextLiteral),
        st.builds(ast.RangeLiteral, inner, st.none() | inner, st.booleans(), st.booleans()),
        st.builds(ast.RangeLiteral, st.none(), inner, st.booleans(), st.booleans()),
    )


TREES = st.recursive(LEAVES, _bigger, max_leaves=12)


@given(TREES)
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_printed_tree_reads_as_itself(tree: ast.Node) -> None:
    assert parse(to_source(tree)) == tree


@pytest.mark.parametrize(
    "source",
    ["-", '"a", "b"', 'not("a", < 5)', "[1..5), > 20", "? > 5 and ? < 9"],
)
def test_printed_unary_tests_read_as_themselves(source: str) -> None:
    assert to_source(parse(source, unary=True)).replace(" ", "") == source.replace(" ", "")


def test_long_chains_print_without_recursion() -> None:
    chain = parse("+".join(["1"] * 3000))
    assert to_source(chain).count("+") == 2999


def test_numbers_print_exactly() -> None:
    assert to_source(ast.Number(Decimal("0.10"))) == "0.10"
    assert parse(to_source(ast.Number(Decimal("1E+300")))) == ast.Number(Decimal("1E+300"))
