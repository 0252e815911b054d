"""From text to closures: a precedence-climbing reader that compiles as it reads (DMN 1.5 §10.3.1.2)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.feel import builtins
from engine.feel.arithmetic import OPERATORS, conjunction, contains, disjunction, negate
from engine.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
from engine.feel.tokens import Token, error, tokens
from engine.feel.values import Function, Range, equal, from_json, is_number, kind, order

MAX_SOURCE = 20_000
MAX_DEPTH = 60


@dataclass
class Budget:
    """How much one evaluation may do."""

    steps: int = 200_000


@dataclass
class Runtime:
    """What an expression may learn of the house: the time."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    budget: Budget = field(default_factory=Budget)


@dataclass
class Scope:
    """Where names are looked up during one evaluation, and how many steps are left."""

    names: Mapping[str, Any]
    runtime: Runtime
    left: list[int]

    def with_names(self, more: Mapping[str, Any]) -> "Scope":
        """The same evaluation, with further names in sight."""
        return Scope({**self.names, **more}, self.runtime, self.left)

    def step(self) -> None:
        """Count one step of a loop or call."""
        self.left[0] -= 1
        if self.left[0] < 0:
            raise FeelBudgetExceeded("the expression takes too many steps")


Code = Callable[[Scope], Any]


@dataclass(frozen=True)
class Expression:
    """A compiled expression; `names` are the free names that it reads."""

    source: str
    names: frozenset[str]
    code: Code = field(repr=False, compare=False)

    def evaluate(self, context: Mapping[str, Any], *, runtime: Runtime | None = None) -> Any:
        """The value in a context; null where FEEL says so. Raises FeelBudgetExceeded."""
        runtime = runtime or Runtime()
        try:
            return self.code(Scope(context, runtime, [runtime.budget.steps]))
        except RecursionError:
            raise FeelBudgetExceeded("the expression calls itself too deeply") from None


@lru_cache(maxsize=4096)
def compile_expression(source: str) -> Expression:
    """Compile an expression. Raises FeelSyntaxError."""
    return _Reader(source).whole(unary=False)


@lru_cache(maxsize=4096)
def compile_unary_tests(source: str) -> Expression:
    """Compile unary tests; the value tested is bound as `?`. Raises FeelSyntaxError."""
    return _Reader(source).whole(unary=True)


def evaluate(source: str, context: Mapping[str, Any], *, runtime: Runtime | None = None) -> Any:
    """The value of an expression in a context."""
    return compile_expression(source).evaluate(from_json(context), runtime=runtime)


PRECEDENCE = {"or": 1, "and": 2, "=": 3, "!=": 3, "<": 3, "<=": 3, ">": 3, ">=": 3, "in": 3, "between": 3,
              "+": 4, "-": 4, "*": 5, "/": 5, "**": 6, "instance": 7}  # fmt: skip
RESERVED = {"if", "then", "else", "for", "in", "return", "some", "every", "satisfies", "and", "or", "between",
            "instance", "of", "function", "null", "true", "false", "not"}  # fmt: skip
COMPARISONS = {"<", "<=", ">", ">=", "=", "!="}


class _Reader:
    """Reads one source; `free` collects the names that no inner binding explains."""

    def __init__(self, source: str) -> None:
        if len(source) > MAX_SOURCE:
            raise FeelSyntaxError("the expression is too long", 1, 1)
        self.source = source
        self.tokens = tokens(source)
        self.at = 0
        self.depth = 0
        self.bound: list[set[str]] = []
        self.free: set[str] = set()

    def whole(self, *, unary: bool) -> Expression:
        """The whole source, as an expression or as unary tests."""
        code = self.unary_tests() if unary else self.expression()
        if self.here.kind != "end":
            raise self.wrong(f"“{self.here.text}” was not expected")
        return Expression(self.source, frozenset(self.free - {"?"} if unary else self.free), code)

    @property
    def here(self) -> Token:
        return self.tokens[self.at]

    def wrong(self, message: str) -> FeelSyntaxError:
        return error(self.source, self.here.position, message)

    def is_next(self, *texts: str) -> bool:
        return self.here.kind in ("sign", "name") and self.here.text in texts

    def accept(self, *texts: str) -> str | None:
        if self.is_next(*texts):
            self.at += 1
            return self.tokens[self.at - 1].text
        return None

    def expect(self, text: str) -> None:
        if not self.accept(text):
            found = f"“{self.here.text}”" if self.here.text else "the end"
            raise self.wrong(f"“{text}” was expected, not {found}")

    # expressions

    def expression(self, least: int = 0) -> Code:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.wrong("the expression is nested too deeply")
        left = self.postfix(self.primary())
        while (operator := self.here.text) in PRECEDENCE and self.here.kind in ("sign", "name"):
            strength = PRECEDENCE[operator]
            if strength <= least:
                break
            self.at += 1
            left = self.binary(operator, strength, left)
        self.depth -= 1
        return left

    def binary(self, operator: str, strength: int, left: Code) -> Code:
        match operator:
            case "and":
                right = self.expression(strength)
                return lambda scope: conjunction(left(scope), lambda: right(scope))
            case "or":
                right = self.expression(strength)
                return lambda scope: disjunction(left(scope), lambda: right(scope))
            case "in":
                test = self.tests_of_in()
                return lambda scope: test(scope.with_names({"?": left(scope)}))
            case "between":
                low = self.expression(3)
                self.expect("and")
                high = self.expression(3)
                return lambda scope: contains(Range(low(scope), high(scope)), left(scope))
            case "instance":
                self.expect("of")
                wanted = self.type_name()
                return lambda scope: _is_instance(left(scope), wanted)
        right = self.expression(strength)
        operation = OPERATORS[operator]
        return lambda scope: operation(left(scope), right(scope))

    def tests_of_in(self) -> Code:
        if self.is_next("("):
            begin = self.at
            self.at += 1
            test = self.unary_tests(closed=True)
            if self.accept(")"):
                return test
            self.at = begin  # a range such as (1..2]
        return self.unary_test()

    def unary_tests(self, *, closed: bool = False) -> Code:
        if self.accept("-") and (self.here.kind == "end" or (closed and self.is_next(")"))):
            return lambda scope: True
        if self.tokens[self.at - 1].text == "-" and self.at:
            self.at -= 1
        if self.is_next("not") and self.tokens[self.at + 1].text == "(" and not closed:
            self.at += 2
            inner = self.unary_tests(closed=True)
            self.expect(")")
            return lambda scope: negate(inner(scope))
        parts = [self.unary_test()]
        while self.accept(","):
            parts.append(self.unary_test())
        return lambda scope: _any_of(part(scope) for part in parts)

    def unary_test(self) -> Code:
        if self.here.kind == "sign" and self.here.text in COMPARISONS:
            operation = OPERATORS[self.accept(*COMPARISONS) or ""]
            right = self.expression(3)
            return lambda scope: operation(scope.names.get("?"), right(scope))
        reads_input = self.at
        code = self.expression()
        about_input = any(token.kind == "name" and token.text == "?" for token in self.tokens[reads_input : self.at])
        if about_input:
            return lambda scope: code(scope) is True
        return lambda scope: _fits(scope.names.get("?"), code(scope))

    def primary(self) -> Code:
        token = self.here
        self.at += 1
        match token.kind:
            case "number":
                number = Decimal(token.text)
                value: Any = int(number) if "." not in token.text and "e" not in token.text.lower() else number
                return lambda scope: value
            case "string":
                return lambda scope: token.text
            case "at":
                temporal = builtins.temporal(token.text)
                return lambda scope: temporal
            case "name":
                return self.word(token)
        match token.text:
            case "-":
                operand = self.postfix(self.primary())
                if self.is_next("**"):
                    self.at += 1
                    power = self.expression(5)
                    base = operand
                    operand = lambda scope: OPERATORS["**"](base(scope), power(scope))  # noqa: E731
                return lambda scope: (
                    OPERATORS["-"](0, value) if is_number(value := operand(scope)) else _negative(value)
                )
            case "(" | "[" | "]":
                return self.bracket(token.text)
            case "{":
                return self.context()
            case "<" | "<=" | ">" | ">=" | "=" | "!=":
                operation, right = OPERATORS[token.text], self.expression(3)
                return lambda scope: operation(scope.names.get("?"), right(scope))
        self.at -= 1
        raise self.wrong(f"a value was expected, not “{token.text}”" if token.text else "a value was expected")

    def word(self, token: Token) -> Code:
        match token.text:
            case "null":
                return lambda scope: None
            case "true" | "false":
                truth = token.text == "true"
                return lambda scope: truth
            case "if":
                return self.condition()
            case "for":
                return self.loop()
            case "some" | "every":
                return self.quantified(token.text)
            case "function":
                return self.function()
        return self.name(token)

    def name(self, token: Token) -> Code:
        """A name; several words make one where they name a built-in function or a name in sight."""
        words, texts = [token.text], [token.text]
        begin = self.at
        while self.here.kind == "name" and self.here.text not in RESERVED - {"and", "of"}:
            words.append(self.here.text)
            texts.append(" ".join(words))
            self.at += 1
        for count in range(len(texts), 1, -1):
            if texts[count - 1] in builtins.FUNCTIONS or any(texts[count - 1] in names for names in self.bound):
                self.at = begin + count - 1
                return self.look_up(texts[count - 1])
        self.at = begin
        return self.look_up(token.text)

    def look_up(self, name: str) -> Code:
        if name in builtins.FUNCTIONS and self.is_next("("):
            function = builtins.FUNCTIONS[name]
            return lambda scope: scope.names.get(name) if isinstance(scope.names.get(name), Function) else function
        if not any(name in names for names in self.bound):
            self.free.add(name)
        return lambda scope: scope.names.get(name)

    def postfix(self, code: Code) -> Code:
        while True:
            if self.accept("."):
                if self.here.kind != "name":
                    raise self.wrong("a name was expected after the point")
                key = self.here.text
                self.at += 1
                code = _path(code, key)
            elif self.is_next("[") and self.tokens[self.at - 1].kind != "end":
                self.at += 1
                code = self.filtered(code)
            elif self.is_next("("):
                self.at += 1
                code = self.call(code)
            else:
                return code

    def filtered(self, code: Code) -> Code:
        begin, free = self.at, set(self.free)
        self.bound.append({"item"})
        condition = self.expression()
        self.bound.pop()
        self.expect("]")
        del begin, free

        def filter_(scope: Scope) -> Any:
            value = code(scope)
            items = value if isinstance(value, list | tuple) else [] if value is None else [value]
            position = condition(scope.with_names({"item": items[0] if items else None}))
            if is_number(position):
                index = int(position) - 1 if position > 0 else int(position)
                return items[index] if -len(items) <= index < len(items) and position else None
            return [item for item in items if condition(_item_scope(scope, item)) is True]

        return filter_

    def call(self, code: Code) -> Code:
        arguments: list[Code] = []
        named: dict[str, Code] = {}
        while not self.accept(")"):
            if name := self.parameter_name():
                named[name] = self.expression()
            else:
                arguments.append(self.expression())
            if not self.accept(","):
                self.expect(")")
                break

        def invoke(scope: Scope) -> Any:
            scope.step()
            function = code(scope)
            if not isinstance(function, Function):
                return None
            given = [argument(scope) for argument in arguments]
            if named:
                given = _in_order(function, {name: value(scope) for name, value in named.items()})
            return builtins.call(function, given, scope.runtime)

        return invoke

    def parameter_name(self) -> str | None:
        ahead = self.at
        words = []
        while self.tokens[ahead].kind == "name":
            words.append(self.tokens[ahead].text)
            ahead += 1
        if words and self.tokens[ahead].text == ":":
            self.at = ahead + 1
            return " ".join(words)
        return None

    def bracket(self, opening: str) -> Code:
        if opening == "[" and self.accept("]"):
            return lambda scope: []
        first = self.expression()
        if self.accept(".."):
            last = self.expression()
            closing = self.accept("]", ")", "[")
            if closing is None:
                raise self.wrong("“]” or “)” was expected")
            return lambda scope: Range(first(scope), last(scope), opening == "[", closing == "]")
        if opening == "(":
            self.expect(")")
            return first
        items = [first]
        while self.accept(","):
            items.append(self.expression())
        self.expect("]")
        return lambda scope: [item(scope) for item in items]

    def context(self) -> Code:
        entries: list[tuple[str, Code]] = []
        self.bound.append(set())
        while not self.accept("}"):
            key = self.here.text if self.here.kind == "string" else None
            if key is not None:
                self.at += 1
                self.expect(":")
            else:
                key = self.parameter_name()
            if key is None:
                raise self.wrong("a key was expected")
            entries.append((key, self.expression()))
            self.bound[-1].add(key)
            if not self.accept(","):
                self.expect("}")
                break
        self.bound.pop()

        def build(scope: Scope) -> dict[str, Any]:
            made: dict[str, Any] = {}
            for key, code in entries:
                made[key] = code(scope.with_names(made))
            return made

        return build

    def condition(self) -> Code:
        test = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        otherwise = self.expression()
        return lambda scope: then(scope) if test(scope) is True else otherwise(scope)

    def iterators(self) -> list[tuple[str, Code]]:
        found: list[tuple[str, Code]] = []
        while not found or self.accept(","):
            name = self.here.text
            self.at += 1
            self.expect("in")
            begin = self.expression()
            if self.accept(".."):
                end = self.expression()
                found.append((name, _span(begin, end)))
            else:
                found.append((name, begin))
            self.bound.append({name})
        return found

    def loop(self) -> Code:
        iterators = self.iterators()
        self.bound.append({"partial"})
        self.expect("return")
        body = self.expression()
        del self.bound[len(self.bound) - len(iterators) - 1 :]

        def run(scope: Scope) -> list[Any]:
            made: list[Any] = []
            for names in _bindings(scope, iterators):
                made.append(body(scope.with_names({**names, "partial": made})))
            return made

        return run

    def quantified(self, word: str) -> Code:
        iterators = self.iterators()
        self.expect("satisfies")
        test = self.expression()
        del self.bound[len(self.bound) - len(iterators) :]
        if word == "some":
            return lambda scope: _any_of(test(scope.with_names(names)) for names in _bindings(scope, iterators))
        return lambda scope: _all_of(test(scope.with_names(names)) for names in _bindings(scope, iterators))

    def function(self) -> Code:
        self.expect("(")
        parameters: list[str] = []
        while not self.accept(")"):
            parameters.append(self.here.text)
            self.at += 1
            if self.accept(":"):
                self.type_name()
            if not self.accept(","):
                self.expect(")")
                break
        self.bound.append(set(parameters))
        body = self.expression()
        self.bound.pop()

        def make(scope: Scope) -> Function:
            def called(*given: Any) -> Any:
                scope.step()
                if len(given) != len(parameters):
                    return None
                return body(scope.with_names(dict(zip(parameters, given, strict=True))))

            return Function(called, tuple(parameters))

        return make

    def type_name(self) -> str:
        words: list[str] = []
        while self.here.kind == "name" and (not words or self.here.text not in ("then", "else", "or", "return")):
            if words and self.here.text == "and" and words != ["date"] and words != ["days"] and words != ["years"]:
                break
            words.append(self.here.text)
            self.at += 1
        if self.accept("<"):
            self.type_name()
            self.expect(">")
        return " ".join(words)


def _path(code: Code, key: str) -> Code:
    def read(scope: Scope) -> Any:
        value = code(scope)
        if isinstance(value, list | tuple):
            return [builtins.member(item, key) for item in value]
        return builtins.member(value, key)

    return read


def _item_scope(scope: Scope, item: Any) -> Scope:
    scope.step()
    return scope.with_names({**(item if isinstance(item, Mapping) else {}), "item": item})


def _bindings(scope: Scope, iterators: list[tuple[str, Code]]) -> Any:
    if not iterators:
        yield {}
        return
    (name, source), *rest = iterators
    values = source(scope)
    if isinstance(values, Range):
        values = builtins.span(values.start, values.end) or []
    for value in values if isinstance(values, list | tuple | range) else [] if values is None else [values]:
        scope.step()
        for inner in _bindings(scope.with_names({name: value}), rest):
            yield {name: value, **inner}


def _span(begin: Code, end: Code) -> Code:
    return lambda scope: builtins.span(begin(scope), end(scope))


def _in_order(function: Function, given: dict[str, Any]) -> list[Any]:
    return [given.get(name) for name in function.parameters[: 1 + max(
        (index for index, name in enumerate(function.parameters) if name in given), default=-1)]]  # fmt: skip


def _fits(value: Any, test: Any) -> bool:
    if isinstance(test, Range):
        return contains(test, value) is True
    if isinstance(test, list | tuple) and not isinstance(value, list | tuple):
        return any(_fits(value, one) for one in test)
    if isinstance(test, bool) and not isinstance(value, bool):
        return test
    return equal(value, test) is True


def _any_of(results: Any) -> bool | None:
    found: bool | None = False
    for result in results:
        if result is True:
            return True
        if result is not False:
            found = None
    return found


def _all_of(results: Any) -> bool | None:
    found: bool | None = True
    for result in results:
        if result is False:
            return False
        if result is not True:
            found = None
    return found


def _is_instance(value: Any, wanted: str) -> bool:
    if wanted == "Any":
        return value is not None
    return kind(value) == wanted or (wanted == "context" and isinstance(value, Mapping))


def _negative(value: Any) -> Any:
    return OPERATORS["*"](value, -1)


__all__ = [
    "Budget",
    "Expression",
    "FeelError",
    "Runtime",
    "compile_expression",
    "compile_unary_tests",
    "date",
    "evaluate",
    "order",
]  # fmt: skip
