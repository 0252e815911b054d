"""What can be said of an expression without carrying it out: which names it mentions, of what type its value is."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from engine.feel import ast, texts
from engine.feel.types import ANY, BUILT_IN, Type, of_node
from engine.feel.values import kind

Lookup = Callable[[str], Type | None]
Names = Mapping[str, Type]
BOOLEAN, NUMBER, STRING, NULL = (BUILT_IN[name] for name in ("boolean", "number", "string", "Null"))
MOMENTS = ("date", "date and time", "time")
SPANS = ("days and time duration", "years and months duration")
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


def result_type(node: ast.Node, names: Names, lookup: Lookup | None = None) -> Type:
    """The type of the value, unless it is null; Any where it cannot be told. `names` are the types of variables."""
    return _Types(lookup).of(node, names)


class _Types:
    """Finds types; `lookup` knows those that are not the standard's."""

    def __init__(self, lookup: Lookup | None) -> None:
        self.lookup = lookup

    def of(self, node: ast.Node, names: Names) -> Type:
        """The type of a node."""
        if isinstance(node, ast.UnaryTests) or (truth(node) and not isinstance(node, ast.Null)):
            return BOOLEAN
        match node:
            case ast.Null():
                return NULL
            case ast.Number():
                return NUMBER
            case ast.String():
                return STRING
            case ast.AtLiteral(text=text):
                return _at_literal(text)
            case ast.Name(name=name):
                return names.get(name, ANY)
            case ast.Negation(operand=operand):
                found = self.of(operand, names)
                return found if found.name in ("number", *SPANS) else ANY
            case ast.Arithmetic():
                return self.arithmetic(node, names)
            case ast.If(then=then, otherwise=otherwise):
                return common([self.of(then, names), self.of(otherwise, names)])
            case ast.RangeLiteral(start=start, end=end):
                ends = [self.of(one, names) for one in (start, end) if one is not None]
                return Type("range", common(ends))
            case ast.UnaryTest(operand=operand):
                return Type("range", self.of(operand, names))
            case ast.ListLiteral(items=items):
                return Type("list", common([self.of(item, names) for item in items]) if items else None)
        return self.compound(node, names)

    def compound(self, node: ast.Node, names: Names) -> Type:
        """The type of what has names, parts or parameters of its own."""
        match node:
            case ast.ContextLiteral(entries=entries):
                known = dict(names)
                made = {}
                for key, value in entries:
                    made[key] = known[key] = self.of(value, known)
                return Type("context", entries=made)
            case ast.For(iterators=iterators, body=body):
                known = {**names, **{one.name: self.item(one, names) for one in iterators}}
                return Type("list", self.of(body, known))
            case ast.FunctionDefinition(parameters=parameters, body=body):
                taken = {one.name: (one.type and of_node(one.type, self.lookup)) or ANY for one in parameters}
                return Type("function", self.of(body, {**names, **taken}), parameters=tuple(taken.values()))
            case ast.Path(value=value, key=key):
                return _entry(self.of(value, names), key)
            case ast.Filter(value=value, condition=condition):
                return self.filtered(self.of(value, names), condition, names)
            case ast.Invocation(function=function) | ast.NamedInvocation(function=function):
                return self.called(function, names)
        return ANY

    def arithmetic(self, node: ast.Arithmetic, names: Names) -> Type:
        """The type of a sum or product; the left sides are a loop, for they may be many."""
        spine = [node]
        while isinstance(spine[-1].left, ast.Arithmetic):
            spine.append(spine[-1].left)
        found = self.of(spine[-1].left, names)
        for one in reversed(spine):
            found = _operation(one.operator, found, self.of(one.right, names))
        return found

    def item(self, iteration: ast.Iteration, names: Names) -> Type:
        """The type of what a loop goes through."""
        found = self.of(iteration.source, names)
        if iteration.end is not None:
            return found
        return found.of or ANY if found.name in ("list", "range") else found

    def filtered(self, value: Type, condition: ast.Node, names: Names) -> Type:
        item = (value.of or ANY) if value.name == "list" else value
        if self.of(condition, names).name == "number":
            return item
        return Type("list", item) if truth(condition) else ANY

    def called(self, function: ast.Node, names: Names) -> Type:
        from engine.feel.functions import FUNCTIONS

        if isinstance(function, ast.Name) and function.name not in names and function.name in FUNCTIONS:
            results = {overload.result for overload in FUNCTIONS[function.name].overloads}
            return BUILT_IN.get(results.pop(), ANY) if len(results) == 1 else ANY
        found = self.of(function, names)
        return found.of or ANY if found.name == "function" else ANY


def common(found: Sequence[Type]) -> Type:
    """The one type that some values have; Any if there are several."""
    kinds = list(dict.fromkeys(one for one in found if one != NULL))
    if not kinds:
        return NULL if found else ANY
    return kinds[0] if len(kinds) == 1 else ANY


def _entry(value: Type, key: str) -> Type:
    if value.entries is not None:
        return value.entries.get(key, ANY)
    if value.name == "list" and value.of is not None:
        return Type("list", _entry(value.of, key))
    if value.name == "range" and key in ("start", "end"):
        return value.of or ANY
    if key in ("time offset", "timezone"):
        return BUILT_IN["days and time duration"] if key == "time offset" else STRING
    return NUMBER if value.name in (*MOMENTS, *SPANS) else ANY


def _operation(operator: str, left: Type, right: Type) -> Type:
    one, other = left.name, right.name
    if one == other == "number" or (operator == "+" and one == other == "string"):
        return left
    if operator == "+" and one in SPANS and other in MOMENTS:
        return right
    if operator in "+-" and other in SPANS and one in (*MOMENTS, other):
        return left
    if operator == "-" and one in MOMENTS and other in MOMENTS:
        return BUILT_IN["days and time duration"]
    if operator in "*/" and one in SPANS and other == "number":
        return left
    return NUMBER if operator == "/" and one == other and one in SPANS else ANY


def _at_literal(text: str) -> Type:
    try:
        value: Any = texts.read(text)
    except (ValueError, ArithmeticError):
        return NULL
    return BUILT_IN[kind(value)]


__all__ = ["common", "mentions", "result_type", "truth"]
