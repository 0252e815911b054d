"""From the tree to Python source: every name a local, every common case in line, everything else a call into operators
and flow.

Nothing of the expression's text enters the source but as the repr of a string or an int; all other constants are
globals of the generated function, which has no builtins.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from engine.feel import ast, texts, types
from engine.feel.analysis import mentions, result_type, truth
from engine.feel.functions import FUNCTIONS
from engine.feel.types import Type
from engine.feel.values import Range

Lookup = Callable[[str], Type | None]
COMPARISONS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
PYTHON = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide", "**": "power"}
SAFE = {"+": 10**33, "-": 10**33, "*": 10**16}
"""Below these the result of whole numbers is exact without rounding."""


class _Items:
    """A filter: names may be entries of the item that is looked at."""

    def __init__(self, entries: str) -> None:
        self.entries = entries


class Generator:
    """Writes the Python function of one expression; `constants` are its globals, `free` the names that it reads."""

    def __init__(self, lookup: Lookup | None = None) -> None:
        self.lookup = lookup
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.constants: dict[str, Any] = {}
        self.free: set[str] = set()
        self.scopes: list[dict[str, str] | _Items] = []

    def function(self, tree: ast.Node) -> str:
        """The source of `run(ctx, ev, q)`: context, evaluation, the value under test."""
        self.emit("def run(ctx, ev, q):")
        self.scopes.append({"?": "q"})
        with self.inside():
            result = self.unary_tests(tree) if isinstance(tree, ast.UnaryTests) else self.value(tree)
            self.emit(f"return {result}")
        return "\n".join(self.lines) + "\n"

    # writing

    def emit(self, line: str) -> None:
        """Add a line."""
        self.lines.append(" " * self.indent + line)

    @contextmanager
    def inside(self) -> Iterator[None]:
        """Lines one step further in."""
        self.indent += 1
        yield
        self.indent -= 1

    @contextmanager
    def scope(self, names: "dict[str, str] | _Items") -> Iterator[None]:
        """Further names in sight."""
        self.scopes.append(names)
        yield
        self.scopes.pop()

    def fresh(self, letter: str = "t") -> str:
        """An identifier that nobody has."""
        self.count += 1
        return f"{letter}{self.count}"

    def constant(self, value: Any) -> str:
        """An identifier for a constant."""
        name = self.fresh("K")
        self.constants[name] = value
        return name

    def let(self, text: str) -> str:
        """An identifier that holds the value of some text."""
        if text.isidentifier() and not _is_literal(text):
            return text
        name = self.fresh()
        self.emit(f"{name} = {text}")
        return name

    def atom(self, node: ast.Node) -> str:
        """An identifier or literal with a node's value."""
        text = self.value(node)
        return text if _is_literal(text) else self.let(text)

    def slot(self, node: ast.Node) -> str:
        """An identifier with a node's value."""
        return self.let(self.value(node))

    def call(self, helper: str, node: ast.Node, *arguments: str) -> str:
        """A call of a helper with the evaluation and the position."""
        return self.let(f"{helper}(ev, {node.position}, {', '.join(arguments)})")

    # values

    def value(self, node: ast.Node) -> str:
        """Text whose value is that of a node; what it needs before is written."""
        writer = WRITERS.get(type(node))
        assert writer is not None, type(node)
        return writer(self, node)

    def literal(self, node: Any) -> str:
        match node:
            case ast.Null():
                return "None"
            case ast.Boolean(value=truth_value):
                return repr(truth_value)
            case ast.Number(value=int() as number):
                return repr(number)
            case ast.Number(value=number):
                return self.constant(number)
        return repr(node.value)

    def at_literal(self, node: ast.AtLiteral) -> str:
        try:
            return self.constant(texts.read(node.text))
        except (ValueError, ArithmeticError):
            return self.call("warned", node, "'bad-literal'", repr(node.text))

    def name(self, node: ast.Name) -> str:
        """Where a name is found: innermost scope first, then the caller's context, then the built-in functions."""
        picks: list[str] = []
        for scope in reversed(self.scopes):
            if isinstance(scope, _Items):
                picks.append(scope.entries)
            elif node.name in scope:
                found = scope[node.name]
                break
        else:
            found = self.from_context(node)
        key = repr(node.name)
        for entries in reversed(picks):
            found = f"({entries}[{key}] if {key} in {entries} else {found})"
        return found

    def from_context(self, node: ast.Name) -> str:
        self.free.add(node.name)
        key = repr(node.name)
        if node.name in FUNCTIONS:
            return f"(ctx[{key}] if {key} in ctx else {self.constant(FUNCTIONS[node.name])})"
        return f"(ctx[{key}] if {key} in ctx else warned(ev, {node.position}, 'unknown-name', {key}))"

    def negation(self, node: ast.Negation) -> str:
        if isinstance(node.operand, ast.Number):
            return self.literal(ast.Number(-node.operand.value))
        return self.call("negative", node, self.value(node.operand))

    def arithmetic(self, node: ast.Arithmetic) -> str:
        """An operation; the left sides are a loop, for they may be many."""
        spine = [node]
        while isinstance(spine[-1].left, ast.Arithmetic):
            spine.append(spine[-1].left)
        left = self.atom(spine[-1].left)
        for one in reversed(spine):
            right = self.atom(one.right)
            slow = f"{ARITHMETIC[one.operator]}(ev, {one.position}, {left}, {right})"
            limit = SAFE.get(one.operator)
            if limit is None or any(_is_literal(side) and not _is_int(side) for side in (left, right)):
                left = self.let(slow)
                continue
            tests = [
                f"{side}.__class__ is int and -{limit} < {side} < {limit}"
                for side in (left, right)
                if not _is_literal(side)
            ]
            quick = f"{left} {one.operator} {right}"
            left = self.let(f"{quick} if {' and '.join(tests)} else {slow}" if tests else slow)
        return left

    def comparison(self, node: ast.Comparison) -> str:
        return self.compared(node, node.operator, self.slot(node.left), node.right)

    def compared(self, node: ast.Node, operator: str, left: str, right_node: ast.Node) -> str:
        """`left operator right` in three-valued logic."""
        if isinstance(right_node, ast.Null) and operator in ("=", "!="):
            return self.let(f"{left} is {'not ' if operator == '!=' else ''}None")
        right = self.atom(right_node)
        slow = f"{COMPARISONS[operator]}(ev, {node.position}, {left}, {right})"
        quick = f"{left} {PYTHON[operator]} {right}"
        equality = operator in ("=", "!=")
        if _is_text(right):
            test = f"{left}.__class__ is str"
        elif _is_int(right):
            test = f"{left}.__class__ is int"
        elif right in ("True", "False"):
            test = f"{left}.__class__ is bool" if equality else "False"
        elif equality:
            test = f"{left}.__class__ is {right}.__class__ and {left}.__class__ in SIMPLE"
        else:
            test = f"{left}.__class__ is int and {right}.__class__ is int"
        return self.let(f"{quick} if {test} else {slow}")

    def between(self, node: ast.Between) -> str:
        value = self.slot(node.value)
        low, high = self.atom(node.low), self.atom(node.high)
        slow = f"between(ev, {node.position}, {value}, {low}, {high})"
        if _is_int(low) and _is_int(high):
            return self.let(f"{low} <= {value} <= {high} if {value}.__class__ is int else {slow}")
        return self.let(slow)

    # logic

    def conjunction(self, node: ast.Conjunction) -> str:
        return self.joined(node.operands, "False", "True", "and")

    def disjunction(self, node: ast.Disjunction) -> str:
        return self.joined(node.operands, "True", "False", "or")

    def joined(self, operands: Sequence[ast.Node], decides: str, neutral: str, word: str) -> str:
        """`and` and `or`: one operand after the other, until one decides."""
        result = self.fresh()
        for index, operand in enumerate(operands):
            if index == 0:
                first = self.slot(operand)
                self.emit(f"{result} = {self.as_boolean(first, operand, word)}")
                continue
            self.emit(f"if {result} is not {decides}:")
            with self.inside():
                value = self.slot(operand)
                self.emit(f"if {value} is not {neutral}: {result} = {self.as_boolean(value, operand, word)}")
        return result

    def as_boolean(self, value: str, node: ast.Node, word: str) -> str:
        """A value as true, false or null."""
        if truth(node):
            return value
        return f"({value} if {value}.__class__ is bool else not_boolean(ev, {node.position}, '{word}', {value}))"

    def condition(self, node: ast.Node) -> str:
        """A condition; what is neither true, false nor null warns."""
        value = self.slot(node)
        if not truth(node):
            self.emit(f"if {value} is not True and {value} is not False: failed(ev, {node.position}, {value})")
        return value

    def if_(self, node: ast.If) -> str:
        """A choice; a chain of them becomes a function that returns at the first that holds."""
        if isinstance(node.otherwise, ast.If):
            return self.chain(node)
        result = self.fresh()
        self.emit(f"if {self.condition(node.condition)} is True:")
        with self.inside():
            self.emit(f"{result} = {self.value(node.then)}")
        self.emit("else:")
        with self.inside():
            self.emit(f"{result} = {self.value(node.otherwise)}")
        return result

    def chain(self, node: ast.If) -> str:
        name = self.fresh("f")
        self.emit(f"def {name}():")
        with self.inside():
            last: ast.Node = node
            while isinstance(last, ast.If):
                self.emit(f"if {self.condition(last.condition)} is True:")
                with self.inside():
                    self.emit(f"return {self.value(last.then)}")
                last = last.otherwise
            self.emit(f"return {self.value(last)}")
        return self.let(f"{name}()")

    # tests

    def in_(self, node: ast.In) -> str:
        value = self.slot(node.value)
        with self.scope({"?": value}):
            return self.tests(node.tests, value, "fits")

    def unary_tests(self, node: ast.UnaryTests) -> str:
        if not node.tests:
            return "True"
        result = self.tests(node.tests, "q", "cell")
        return self.let(f"None if {result} is None else not {result}") if node.negated else result

    def tests(self, tests: Sequence[ast.Node], value: str, helper: str) -> str:
        """Whether one of the tests holds of a value."""
        if len(tests) > 1 and (chosen := self.one_of(ast.ListLiteral(tuple(tests)))):
            slow = f"listed(ev, {tests[0].position}, {value}, {chosen})"
            return self.let(f"{value} in {chosen} if {value}.__class__ is str else {slow}")
        result = self.test(tests[0], value, helper)
        if len(tests) == 1:
            return result
        joined = self.fresh()
        self.emit(f"{joined} = {result}")
        for test in tests[1:]:
            self.emit(f"if {joined} is not True:")
            with self.inside():
                one = self.let(self.test(test, value, helper))
                self.emit(f"if {one} is not False: {joined} = {one}")
        return joined

    def test(self, test: ast.Node, value: str, helper: str) -> str:
        """Whether one test holds of a value."""
        if isinstance(test, ast.UnaryTest):
            return self.compared(test, test.operator, value, test.operand)
        if isinstance(test, ast.RangeLiteral):
            return self.within(test, value)
        if isinstance(test, ast.Boolean):  # `true` in a cell asks for true, whatever is tested
            return self.let(self.fits("fits", test, value))
        if mentions(test, "?"):
            return self.call("about", test, value, self.value(test))
        if isinstance(test, ast.ListLiteral) and (chosen := self.one_of(test)):
            return self.let(f"{value} in {chosen} if {value}.__class__ is str else {self.fits(helper, test, value)}")
        if isinstance(test, ast.String):
            text = repr(test.value)
            return self.let(f"{value} == {text} if {value}.__class__ is str else {self.fits(helper, test, value)}")
        return self.let(self.fits(helper, test, value))

    def fits(self, helper: str, test: ast.Node, value: str) -> str:
        return f"{helper}(ev, {test.position}, {value}, {self.value(test)})"

    def one_of(self, node: ast.ListLiteral) -> str | None:
        """A set, if a list holds nothing but literal strings."""
        if not node.items or not all(isinstance(item, ast.String) for item in node.items):
            return None
        return self.constant(frozenset(item.value for item in node.items if isinstance(item, ast.String)))

    def within(self, node: ast.RangeLiteral, value: str) -> str:
        """Whether a value lies in a range that is written out; null if the range is none."""
        made = self.value(node)
        constant = self.constants.get(made)
        slow = f"within(ev, {node.position}, {value}, {made})"
        if isinstance(constant, Range) and type(constant.start) is int and type(constant.end) is int:
            low, high = "<=" if constant.start_included else "<", "<=" if constant.end_included else "<"
            quick = f"{constant.start} {low} {value} {high} {constant.end}"
            return self.let(f"{quick} if {value}.__class__ is int else {slow}")
        return self.let(slow)

    def unary_test(self, node: ast.UnaryTest) -> str:
        return self.call("test_range", node, repr(node.operator), self.value(node.operand))

    def instance_of(self, node: ast.InstanceOf) -> str:
        value = self.value(node.value)
        wanted = self.type(node.type)
        if wanted is None:
            return self.call("warned", node, "'unknown-type'", repr(_type_name(node.type)))
        return self.let(f"is_instance({value}, {self.constant(wanted)})")

    def type(self, node: ast.Node) -> Type | None:
        return types.of_node(node, self.lookup)

    # parts

    def path(self, node: ast.Path) -> str:
        value, key = self.slot(node.value), repr(node.key)
        slow = f"path(ev, {node.position}, {value}, {key})"
        return self.let(f"{value}[{key}] if {value}.__class__ is dict and {key} in {value} else {slow}")

    def filter(self, node: ast.Filter) -> str:
        if _is_index(node.condition):
            if isinstance(node.value, ast.Name) and (so_far := self.so_far(node.value)):
                return self.let(f"at({so_far}, {self.value(node.condition)})")
            return self.let(f"at({self.value(node.value)}, {self.value(node.condition)})")
        value = self.atom(node.value)
        name, item, entries = self.fresh("f"), self.fresh("i"), self.fresh("e")
        self.emit(f"def {name}({item}):")
        with self.inside(), self.scope({"item": item}), self.scope(_Items(entries)):
            self.emit(f"{entries} = {item} if {item}.__class__ is dict else entries_of({item})")
            self.emit(f"return {self.value(node.condition)}")
        return self.call("filtered", node, value, name)

    def so_far(self, node: ast.Name) -> str | None:
        """The list that `partial` stands for, where it is the loop's."""
        if node.name != "partial":
            return None
        for scope in reversed(self.scopes):
            if isinstance(scope, _Items):
                return None
            if "partial" in scope:
                return scope.get(" partial")
        return None

    def list(self, node: ast.ListLiteral) -> str:
        return self.let(f"[{', '.join([self.atom(item) for item in node.items])}]")

    def context(self, node: ast.ContextLiteral) -> str:
        keys = [key for key, _ in node.entries]
        if len(set(keys)) < len(keys):
            twice = next(key for index, key in enumerate(keys) if key in keys[:index])
            return self.call("warned", node, "'same-key'", repr(twice))
        names: dict[str, str] = {}
        with self.scope(names):
            for key, value in node.entries:
                slot = self.fresh("s")
                if isinstance(value, ast.FunctionDefinition):
                    names[key] = slot  # a function may call itself
                text = self.value(value)
                self.emit(f"{slot} = {text}")
                names[key] = slot
        return self.let("{" + ", ".join(f"{key!r}: {names[key]}" for key in keys) + "}")

    def range(self, node: ast.RangeLiteral) -> str:
        ends = [_literal_end(node.start), _literal_end(node.end)]
        sides = (node.start is not None, node.end is not None)
        if all(end is not NO_LITERAL for end in ends) and (not all(sides) or type(ends[0]) is type(ends[1])):
            return self.constant(Range(ends[0], ends[1], node.start_included, node.end_included))
        start = "None" if node.start is None else self.value(node.start)
        end = "None" if node.end is None else self.value(node.end)
        included = (node.start_included, node.end_included)
        return self.call("make_range", node, start, end, repr(included), repr(sides))

    # loops

    def for_(self, node: ast.For) -> str:
        made = self.fresh("p")
        self.emit(f"{made} = []")

        def body() -> None:
            with self.scope({"partial": f"copied(ev, {made})", " partial": made}):
                self.emit(f"{made}.append({self.value(node.body)})")

        whole = self.fresh("b")
        self.emit(f"{whole} = True")
        self.loop(node, 0, body, whole)
        return self.let(f"finished(ev, {made}) if {whole} else None")

    def loop(self, node: ast.For, index: int, body: Callable[[], None], whole: str) -> None:
        """One iteration and those within it; a body is a function, so that functions made in it keep their values."""
        iteration = node.iterators[index]
        source = self.let(self.source(iteration))
        name, slot = self.fresh("f"), self.fresh("s")
        self.emit(f"def {name}({slot}):")
        with self.inside(), self.scope({iteration.name: slot}):
            if index + 1 < len(node.iterators):
                inner = self.fresh("b")
                self.emit(f"{inner} = True")
                self.loop(node, index + 1, body, inner)
            else:
                body()
        self.emit(f"if {source} is None: {whole} = False")
        self.emit("else:")
        with self.inside():
            self.emit(f"for x in {source}: {name}(x)")

    def source(self, node: ast.Iteration) -> str:
        """What an iteration goes through."""
        if node.end is not None:
            return f"span(ev, {node.position}, {self.value(node.source)}, {self.value(node.end)})"
        return f"iterated(ev, {node.position}, {self.value(node.source)})"

    def quantified(self, node: ast.Quantified) -> str:
        return self.quantify(node, 0, "any_of" if node.quantifier == "some" else "all_of")

    def quantify(self, node: ast.Quantified, index: int, helper: str) -> str:
        if index == len(node.iterators):
            return self.value(node.condition)
        iteration = node.iterators[index]
        source = self.let(self.source(iteration))
        name, slot = self.fresh("f"), self.fresh("s")
        self.emit(f"def {name}({slot}):")
        with self.inside(), self.scope({iteration.name: slot}):
            self.emit(f"return {self.quantify(node, index + 1, helper)}")
        return self.let(f"None if {source} is None else {helper}({name}(x) for x in {source})")

    # functions

    def invocation(self, node: ast.Invocation) -> str:
        function = self.callee(node.function)
        arguments = [self.atom(one) for one in node.arguments]
        return self.call("invoke", node, function, f"({''.join(f'{one}, ' for one in arguments)})")

    def named_invocation(self, node: ast.NamedInvocation) -> str:
        function = self.callee(node.function)
        arguments = [(name, self.atom(one)) for name, one in node.arguments]
        given = ", ".join(f"{name!r}: {one}" for name, one in arguments)
        return self.call("invoke_named", node, function, f"{{{given}}}")

    def callee(self, node: ast.Node) -> str:
        """The function that is called: a built-in unless the source or the context has a function of that name."""
        if not isinstance(node, ast.Name):
            return self.atom(node)
        bound = any(not isinstance(scope, _Items) and node.name in scope for scope in self.scopes)
        if bound or node.name not in FUNCTIONS:
            return self.atom(node)
        return self.let(f"own(ctx, {node.name!r}, {self.constant(FUNCTIONS[node.name])})")

    def definition(self, node: ast.FunctionDefinition) -> str:
        name = self.fresh("f")
        slots = [self.fresh("s") for _ in node.parameters]
        self.emit(f"def {name}({', '.join(['ev', *slots])}):")
        with self.inside(), self.scope({one.name: slot for one, slot in zip(node.parameters, slots, strict=True)}):
            self.emit(f"return {'None' if node.external else self.value(node.body)}")
        names = self.constant(tuple(one.name for one in node.parameters))
        declared = self.constant(tuple(self.type(one.type) if one.type else None for one in node.parameters))
        result = self.constant(result_type(node, {}, self.lookup).of)
        return self.let(f"user_function({name}, {names}, {declared}, {result}, SOURCE, {node.external})")


NO_LITERAL = object()


def _literal_end(node: ast.Node | None) -> Any:
    match node:
        case None:
            return None
        case ast.Number(value=value) | ast.String(value=value):
            return value
        case ast.Negation(operand=ast.Number(value=value)):
            return -value
    return NO_LITERAL


def _is_index(node: ast.Node) -> bool:
    return isinstance(node, ast.Number) or (isinstance(node, ast.Negation) and isinstance(node.operand, ast.Number))


def _is_int(text: str) -> bool:
    return text.lstrip("-").isdecimal()


def _is_text(text: str) -> bool:
    return text[:1] in ("'", '"')


def _is_literal(text: str) -> bool:
    return text in ("None", "True", "False") or _is_int(text) or _is_text(text)


def _type_name(node: ast.Node) -> str:
    return node.name if isinstance(node, ast.NamedType) else type(node).__name__


WRITERS: dict[type, Callable[[Generator, Any], str]] = {
    ast.Null: Generator.literal,
    ast.Boolean: Generator.literal,
    ast.Number: Generator.literal,
    ast.String: Generator.literal,
    ast.AtLiteral: Generator.at_literal,
    ast.Name: Generator.name,
    ast.Negation: Generator.negation,
    ast.Arithmetic: Generator.arithmetic,
    ast.Comparison: Generator.comparison,
    ast.Between: Generator.between,
    ast.UnaryTest: Generator.unary_test,
    ast.In: Generator.in_,
    ast.Conjunction: Generator.conjunction,
    ast.Disjunction: Generator.disjunction,
    ast.InstanceOf: Generator.instance_of,
    ast.Path: Generator.path,
    ast.Filter: Generator.filter,
    ast.Invocation: Generator.invocation,
    ast.NamedInvocation: Generator.named_invocation,
    ast.If: Generator.if_,
    ast.For: Generator.for_,
    ast.Quantified: Generator.quantified,
    ast.FunctionDefinition: Generator.definition,
    ast.ListLiteral: Generator.list,
    ast.ContextLiteral: Generator.context,
    ast.RangeLiteral: Generator.range,
}

__all__ = ["Generator"]
