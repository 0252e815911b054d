"""From words to the tree: Lark's LALR parser on grammar.lark, and what its complaints mean for people."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken

from engine.feel import ast
from engine.feel.errors import FeelSyntaxError, syntax_error
from engine.feel.lexer import Lexer, Text
from engine.feel.numbers import literal
from engine.sentences import S_, Series

MAX_SOURCE = 20_000
MAX_DEPTH = 60
GRAMMAR = Path(__file__).with_name("grammar.lark")


def parse(source: str, *, names: Iterable[str] = (), unary: bool = False) -> ast.Node:
    """The tree of an expression or unary tests; `names` are those that are no plain words. Raises FeelSyntaxError."""
    if len(source) > MAX_SOURCE:
        raise FeelSyntaxError(
            S_("the expression is longer than %(max_source)s characters", max_source=MAX_SOURCE), 1, 1
        )
    start = "start_unary_tests" if unary else "start_expression"
    try:
        tree: Any = _lark().parse(Text(source, frozenset(names), unary), start=start)
    except UnexpectedInput as error:
        raise _explained(source, error) from None
    _check_depth(source, tree)
    assert isinstance(tree, ast.Node)
    return tree


@cache
def _lark() -> Lark:
    return Lark(
        GRAMMAR.read_text(encoding="utf-8"),
        start=["start_expression", "start_unary_tests"],
        parser="lalr",
        lexer=Lexer,
        transformer=_Builder(),
        maybe_placeholders=False,
    )


def _check_depth(source: str, tree: ast.Node) -> None:
    """Refuse what is nested too deeply; the left side of an operator and the last `else` go on at the same level."""
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise syntax_error(source, node.position, S_("the expression is nested too deeply"))
        for inner in ast.children(node):
            level = (isinstance(node, ast.If) and inner is node.otherwise and isinstance(inner, ast.If)) or (
                isinstance(node, ast.Arithmetic) and inner is node.left and isinstance(inner, ast.Arithmetic)
            )
            waiting.append((inner, depth if level else depth + 1))


# what went wrong, in words

MEANINGS = {
    "NAME": S_("a name"), "KEY": S_("a key"), "NUMBER": S_("a number"), "STRING": S_("a text"),
    "AT": S_("a date or duration"), "COMPARATOR": S_("a comparison such as = or <"),
    "_COMMA": "“,”", "_COLON": "“:”", "_DOT": "“.”", "_DOTDOT": "“..”",
    "LPAR": "“(”", "RPAR": "“)”", "LSQB": "“[”", "RSQB": "“]”", "LBRACE": "“{”", "RBRACE": "“}”", "FILTER": "“[”",
    "RANGE_START": "“]”", "RANGE_END": "“[”", "PLUS": "“+”", "MINUS": "“-”", "TIMES": "“*”", "OVER": "“/”",
    "POWER": "“**”", "ARROW": "“->”", "TYPE_OPEN": "“<”", "TYPE_CLOSE": "“>”", "$END": S_("the end"), "ANY": "“-”",
    "INSTANCE_OF": "“instance of”",
}  # fmt: skip
VALUE = {"NUMBER", "STRING", "LSQB", "LBRACE"}
OPERATORS = {"PLUS", "TIMES", "COMPARATOR", "AND", "OR", "IN", "BETWEEN", "MINUS", "OVER", "POWER", "INSTANCE_OF"}


def _explained(source: str, error: UnexpectedInput) -> FeelSyntaxError:
    """Lark's complaint as a sentence that names what was found and what may stand there."""
    if not isinstance(error, UnexpectedToken):
        return syntax_error(source, 0, S_("this is no expression"))
    token = error.token
    at_end = token.type == "$END"
    position = len(source) if at_end else token.start_pos or 0
    accepted = error.accepts or error.expected
    expected = _expected(set(accepted))
    found = S_("the end") if at_end else f"“{_shown(str(token))}”"
    if not source.strip():
        message = S_("the expression is empty")
    elif token.type in ("RPAR", "RSQB", "RBRACE") and set(accepted) <= {"$END"}:
        message = S_("%(found)s closes nothing", found=found)
    else:
        may = Series(expected, S_(" or "))
        message = S_("%(found)s was not expected; %(expected)s may stand here", found=found, expected=may)
    return syntax_error(source, position, message, found="" if at_end else str(token), expected=expected)


def _shown(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"


def _expected(accepted: set[str]) -> tuple[str, ...]:
    """What may stand somewhere, the many values and operators each as one."""
    found: list[str] = []
    if accepted >= VALUE:
        found.append(S_("a value"))
        accepted -= {
            *VALUE, "NAME", "AT", "NULL", "TRUE", "FALSE", "LPAR", "RANGE_START", "IF", "FOR", "SOME", "EVERY",
            "FUNCTION", "MINUS", "COMPARATOR", "EXTERNAL",
        }  # fmt: skip
    elif len(accepted & OPERATORS) > 4:
        found.append(S_("an operator"))
        accepted -= {*OPERATORS, "_DOT", "FILTER", "LPAR"}
    return (*found, *sorted(MEANINGS.get(one, f"“{one.lower()}”") for one in accepted))


# how the tree is built


Items = list[Any]


def _at(child: Any) -> int:
    return child.start_pos or 0 if isinstance(child, Token) else int(child.position)


class _Builder(Transformer[Token, Any]):
    """Makes one node of each rule; the methods are named after the rules."""

    def any_input(self, items: Items) -> ast.Node:
        return ast.UnaryTests((), position=_at(items[0]))

    def negated_tests(self, items: Items) -> ast.Node:
        return ast.UnaryTests(tuple(items[2:-1]), negated=True, position=_at(items[0]))

    def grouped_tests(self, items: Items) -> ast.Node:
        return ast.UnaryTests(tuple(items[1:-1]), position=_at(items[0]))

    def unary_tests(self, items: Items) -> ast.Node:
        return ast.UnaryTests(tuple(items), position=_at(items[0]))

    def simple_positive_unary_test(self, items: Items) -> ast.Node:
        return ast.UnaryTest(str(items[0]), items[1], position=_at(items[0]))

    def disjunction(self, items: Items) -> ast.Node:
        return ast.Disjunction(tuple(items[::2]), position=_at(items[0]))

    def conjunction(self, items: Items) -> ast.Node:
        return ast.Conjunction(tuple(items[::2]), position=_at(items[0]))

    def comparison(self, items: Items) -> ast.Node:
        return ast.Comparison(str(items[1]), items[0], items[2], position=_at(items[1]))

    def between(self, items: Items) -> ast.Node:
        return ast.Between(items[0], items[2], items[4], position=_at(items[1]))

    def in_one(self, items: Items) -> ast.Node:
        return ast.In(items[0], (items[2],), position=_at(items[1]))

    def in_many(self, items: Items) -> ast.Node:
        return ast.In(items[0], tuple(items[3:-1]), position=_at(items[1]))

    def arithmetic(self, items: Items) -> ast.Node:
        return ast.Arithmetic(str(items[1]), items[0], items[2], position=_at(items[1]))

    def negation(self, items: Items) -> ast.Node:
        return ast.Negation(items[1], position=_at(items[0]))

    def instance_of(self, items: Items) -> ast.Node:
        return ast.InstanceOf(items[0], items[2], position=_at(items[1]))

    def named_type(self, items: Items) -> ast.Node:
        return ast.NamedType(".".join(items), position=_at(items[0]))

    def list_type(self, items: Items) -> ast.Node:
        return ast.ListType(items[2], position=_at(items[0]))

    def range_type(self, items: Items) -> ast.Node:
        return ast.RangeType(items[2], position=_at(items[0]))

    def context_type(self, items: Items) -> ast.Node:
        return ast.ContextType(tuple(items[2:-1]), position=_at(items[0]))

    def type_entry(self, items: Items) -> tuple[str, ast.Node]:
        return (str(items[0]), items[1])

    def function_type(self, items: Items) -> ast.Node:
        return ast.FunctionType(tuple(items[2:-3]), items[-1], position=_at(items[0]))

    def path(self, items: Items) -> ast.Node:
        return ast.Path(items[0], str(items[1]), position=_at(items[1]))

    def filter(self, items: Items) -> ast.Node:
        return ast.Filter(items[0], items[2], position=_at(items[1]))

    def invocation(self, items: Items) -> ast.Node:
        return ast.Invocation(items[0], tuple(items[2:-1]), position=_at(items[0]))

    def named_invocation(self, items: Items) -> ast.Node:
        return ast.NamedInvocation(items[0], tuple(items[2:-1]), position=_at(items[0]))

    def argument(self, items: Items) -> tuple[str, ast.Node]:
        return (str(items[0]), items[1])

    def null(self, items: Items) -> ast.Node:
        return ast.Null(position=_at(items[0]))

    def boolean(self, items: Items) -> ast.Node:
        return ast.Boolean(items[0].type == "TRUE", position=_at(items[0]))

    def number(self, items: Items) -> ast.Node:
        return ast.Number(literal(str(items[0])), position=_at(items[0]))

    def string(self, items: Items) -> ast.Node:
        return ast.String(str(items[0]), position=_at(items[0]))

    def at_literal(self, items: Items) -> ast.Node:
        return ast.AtLiteral(str(items[0]), position=_at(items[0]))

    def name(self, items: Items) -> ast.Node:
        return ast.Name(str(items[0]), position=_at(items[0]))

    def group(self, items: Items) -> ast.Node:
        inner: ast.Node = items[1]
        return inner

    def range(self, items: Items) -> ast.Node:
        return _range(items[0], items[1], items[2], items[3])

    def range_without_end(self, items: Items) -> ast.Node:
        return _range(items[0], items[1], None, items[2])

    def range_without_start(self, items: Items) -> ast.Node:
        return _range(items[0], None, items[1], items[2])

    def list(self, items: Items) -> ast.Node:
        return ast.ListLiteral(tuple(items[1:-1]), position=_at(items[0]))

    def function_definition(self, items: Items) -> ast.Node:
        external = isinstance(items[-2], Token) and items[-2].type == "EXTERNAL"
        parameters = tuple(one for one in items[2:] if isinstance(one, ast.Parameter))
        return ast.FunctionDefinition(parameters, items[-1], external, position=_at(items[0]))

    def parameter(self, items: Items) -> ast.Node:
        return ast.Parameter(str(items[0]), *items[1:], position=_at(items[0]))

    def context(self, items: Items) -> ast.Node:
        return ast.ContextLiteral(tuple(items[1:-1]), position=_at(items[0]))

    def entry(self, items: Items) -> tuple[str, ast.Node]:
        return (str(items[0]), items[1])

    def if_(self, items: Items) -> ast.Node:
        return ast.If(items[1], items[3], items[5], position=_at(items[0]))

    def for_(self, items: Items) -> ast.Node:
        iterations = tuple(one for one in items[1:-1] if isinstance(one, ast.Iteration))
        return ast.For(iterations, items[-1], position=_at(items[0]))

    def quantified(self, items: Items) -> ast.Node:
        iterations = tuple(one for one in items[1:-1] if isinstance(one, ast.Iteration))
        return ast.Quantified(str(items[0]), iterations, items[-1], position=_at(items[0]))

    def iteration(self, items: Items) -> ast.Node:
        return ast.Iteration(str(items[0]), items[2], position=_at(items[0]))

    def span(self, items: Items) -> ast.Node:
        return ast.Iteration(str(items[0]), items[2], items[3], position=_at(items[0]))


def _range(opening: Token, start: ast.Node | None, end: ast.Node | None, closing: Token) -> ast.Node:
    return ast.RangeLiteral(start, end, opening.type == "LSQB", closing.type == "RSQB", position=_at(opening))
