"""Expressions ready to be evaluated: parsed, compiled to one Python function, and kept."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from engine.feel import ast, flow, operators, properties
from engine.feel.analysis import result_type
from engine.feel.codegen import generate
from engine.feel.conversion import PLAIN, from_json
from engine.feel.errors import FeelBudgetExceeded, FeelSyntaxError
from engine.feel.parser import parse
from engine.feel.runtime import Evaluation, Runtime
from engine.feel.types import Type, is_kind_of
from engine.feel.values import Function, kind
from engine.sentences import S_

Code = Callable[[Mapping[str, Any], Evaluation, Any], Any]
MAX_KEYS = 10_000


class Types(dict[str, Type]):
    """Types by name, beyond the standard's own; compared as the one table that it is, so that it can be a key."""

    __hash__ = object.__hash__  # type: ignore[assignment]
    __eq__ = object.__eq__


@dataclass(frozen=True)
class Expression:
    """A compiled expression; `names` are the free names that it reads."""

    source: str
    names: frozenset[str]
    tree: ast.Node = field(repr=False, compare=False)
    code: Code = field(repr=False, compare=False)

    @cached_property
    def type(self) -> Type:
        """The type of the value unless it is null; Any where it cannot be told."""
        return result_type(self.tree, {})

    def evaluate(self, context: Mapping[str, Any], *, runtime: Runtime | None = None) -> Any:
        """The value in a context; null where FEEL says so, with a warning in the runtime. Raises FeelBudgetExceeded."""
        return self.test(context.get("?"), context, runtime=runtime)

    def test(self, value: Any, context: Mapping[str, Any], *, runtime: Runtime | None = None) -> Any:
        """The same with the value that `?` stands for. Raises FeelBudgetExceeded."""
        try:
            return self.code(context, Evaluation(self.source, runtime), value)
        except RecursionError:
            raise FeelBudgetExceeded(S_("the expression goes too deep")) from None


@lru_cache(maxsize=4096)
def compile_expression(source: str, names: frozenset[str] = frozenset(), types: Types | None = None) -> Expression:
    """Compile an expression.

    `names` are the names in its context that are no plain words (others need not be given), `types` those that it may
    name. Raises FeelSyntaxError.
    """
    return _compiled(source, names, types, unary=False)


@lru_cache(maxsize=4096)
def compile_unary_tests(source: str, names: frozenset[str] = frozenset(), types: Types | None = None) -> Expression:
    """Compile unary tests; the value tested is bound as `?`. Raises FeelSyntaxError."""
    return _compiled(source, names, types, unary=True)


def evaluate(source: str, context: Mapping[str, Any], *, runtime: Runtime | None = None) -> Any:
    """The value of an expression in a context. Raises FeelSyntaxError, FeelBudgetExceeded."""
    compiled = compile_expression(source, special_names(context))
    try:
        given = from_json(context)
    except RecursionError:
        raise FeelBudgetExceeded(S_("the context goes too deep")) from None
    return compiled.evaluate(given, runtime=runtime)


def special_names(context: Any) -> frozenset[str]:
    """The keys anywhere in a context that are no plain words, which the reader of an expression must know."""
    found: set[str] = set()
    waiting, seen = [context], 0
    while waiting and seen < MAX_KEYS:
        value = waiting.pop()
        seen += 1
        if isinstance(value, Mapping):
            found.update(key for key in value if isinstance(key, str) and not key.isidentifier())
            waiting.extend(inner for inner in value.values() if type(inner) not in PLAIN)
        elif isinstance(value, list | tuple):
            waiting.extend(inner for inner in value if type(inner) not in PLAIN)
    return frozenset(found)


def _compiled(source: str, names: Iterable[str], types: Types | None, *, unary: bool) -> Expression:
    tree = parse(source, names=names, unary=unary)
    try:
        made = generate(tree, types.get if types is not None else None)
        space: dict[str, Any] = {**HELPERS, **made.constants, "SOURCE": source}
        exec(compile(made.source, "<feel>", "exec"), space)  # noqa: S102  # only what codegen wrote, without builtins
    except (RecursionError, MemoryError, SyntaxError):
        raise FeelSyntaxError(S_("the expression is nested too deeply"), 1, 1) from None
    return Expression(source, made.names, tree, space["run"])


# what the generated code may call


def _warned(evaluation: Evaluation, position: int, code: str, *facts: object) -> None:
    evaluation.warn(position, code, *facts)


def _failed(evaluation: Evaluation, position: int, value: Any) -> None:
    if value is not None:
        evaluation.warn(position, "failed-condition", kind(value))


def _within(evaluation: Evaluation, position: int, value: Any, test: Any) -> bool | None:
    return None if test is None else operators.fits(evaluation, position, value, test)


def _listed(evaluation: Evaluation, position: int, value: Any, chosen: frozenset[str]) -> bool | None:
    """Whether a value that is no string is one of some strings: never, but null says nothing."""
    if isinstance(value, str):
        return value in chosen
    if isinstance(value, list) and len(value) == 1:
        return _listed(evaluation, position, value[0], chosen)
    if value is not None:
        evaluation.warn(position, "not-comparable", "in", kind(value), "string")
        return None
    return False


def _entries_of(item: Any) -> Mapping[str, Any]:
    return item if isinstance(item, Mapping) else {}


def _own(context: Mapping[str, Any], name: str, built_in: Function) -> Function:
    found = context.get(name)
    return found if isinstance(found, Function) else built_in


def _copied(evaluation: Evaluation, made: list[Any]) -> list[Any]:
    evaluation.items(len(made))
    return list(made)


def _finished(evaluation: Evaluation, made: list[Any]) -> list[Any]:
    evaluation.items(len(made))
    return made


HELPERS: dict[str, Any] = {
    "__builtins__": {}, "int": int, "str": str, "bool": bool, "dict": dict, "Decimal": Decimal,
    "SIMPLE": frozenset({int, str}),
    **{name: getattr(operators, name) for name in (
        "add", "subtract", "multiply", "divide", "power", "negative", "between", "make_range", "test_range", "fits",
        "about", "not_boolean",
    )},
    **{name: getattr(flow, name) for name in (
        "at", "filtered", "iterated", "span", "any_of", "all_of", "invoke", "invoke_named", "user_function",
    )},
    **{word: operators.COMPARISONS[sign] for word, sign in (
        ("eq", "="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">="),
    )},
    "path": properties.path, "is_kind_of": is_kind_of, "warned": _warned, "failed": _failed, "within": _within,
    "listed": _listed, "entries_of": _entries_of, "own": _own, "copied": _copied, "finished": _finished,
}  # fmt: skip
