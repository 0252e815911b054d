"""Loops, and functions: called and defined."""

from collections.abc import Callable

from engine.feel import ast
from engine.feel.analysis import result_type
from engine.feel.codegen.writer import Items, Writer
from engine.feel.functions import FUNCTIONS


def for_(writer: Writer, node: ast.For) -> str:
    made = writer.fresh("p")
    writer.emit(f"{made} = []")

    def body() -> None:
        with writer.scope({"partial": f"copied(ev, {made})", " partial": made}):
            writer.emit(f"{made}.append({writer.value(node.body)})")

    whole = writer.fresh("b")
    writer.emit(f"{whole} = True")
    loop(writer, node, 0, body, whole)
    return writer.let(f"finished(ev, {made}) if {whole} else None")


def loop(writer: Writer, node: ast.For, index: int, body: Callable[[], None], whole: str) -> None:
    """One iteration and those within it; a body is a function, so that functions made in it keep their values."""
    iteration = node.iterators[index]
    source = writer.let(gone_through(writer, iteration))
    name, slot = writer.fresh("f"), writer.fresh("s")
    writer.emit(f"def {name}({slot}):")
    with writer.inside(), writer.scope({iteration.name: slot}):
        if index + 1 < len(node.iterators):
            inner = writer.fresh("b")
            writer.emit(f"{inner} = True")
            loop(writer, node, index + 1, body, inner)
        else:
            body()
    writer.emit(f"if {source} is None: {whole} = False")
    writer.emit("else:")
    with writer.inside():
        writer.emit(f"for x in {source}: {name}(x)")


def gone_through(writer: Writer, node: ast.Iteration) -> str:
    """What an iteration goes through."""
    if node.end is not None:
        return f"span(ev, {node.position}, {writer.value(node.source)}, {writer.value(node.end)})"
    return f"iterated(ev, {node.position}, {writer.value(node.source)})"


def quantified(writer: Writer, node: ast.Quantified) -> str:
    return quantify(writer, node, 0, "any_of" if node.quantifier == "some" else "all_of")


def quantify(writer: Writer, node: ast.Quantified, index: int, helper: str) -> str:
    if index == len(node.iterators):
        return writer.value(node.condition)
    iteration = node.iterators[index]
    source = writer.let(gone_through(writer, iteration))
    name, slot = writer.fresh("f"), writer.fresh("s")
    writer.emit(f"def {name}({slot}):")
    with writer.inside(), writer.scope({iteration.name: slot}):
        writer.emit(f"return {quantify(writer, node, index + 1, helper)}")
    return writer.let(f"None if {source} is None else {helper}({name}(x) for x in {source})")


def invocation(writer: Writer, node: ast.Invocation) -> str:
    if _is_not(node) and not _bound(writer, "not"):
        return _not(writer, node)
    function = callee(writer, node.function)
    arguments = [writer.atom(one) for one in node.arguments]
    return writer.call("invoke", node, function, f"({''.join(f'{one}, ' for one in arguments)})")


def named_invocation(writer: Writer, node: ast.NamedInvocation) -> str:
    function = callee(writer, node.function)
    arguments = [(name, writer.atom(one)) for name, one in node.arguments]
    given = ", ".join(f"{name!r}: {one}" for name, one in arguments)
    return writer.call("invoke_named", node, function, f"{{{given}}}")


def callee(writer: Writer, node: ast.Node) -> str:
    """The function that is called: a built-in unless the source or the context has a function of that name."""
    if not isinstance(node, ast.Name):
        return writer.atom(node)
    if _bound(writer, node.name) or node.name not in FUNCTIONS:
        return writer.atom(node)
    built_in = writer.constant(FUNCTIONS[node.name])
    return writer.let(f"own(ctx, {node.name!r}, {built_in}) if {node.name!r} in ctx else {built_in}")


def _bound(writer: Writer, name: str) -> bool:
    """Whether the source itself gives a name its meaning."""
    return any(not isinstance(scope, Items) and name in scope for scope in writer.scopes)


def _is_not(node: ast.Invocation) -> bool:
    return isinstance(node.function, ast.Name) and node.function.name == "not" and len(node.arguments) == 1


def _not(writer: Writer, node: ast.Invocation) -> str:
    """`not(…)`, in line where it is given a boolean."""
    value = writer.slot(node.arguments[0])
    slow = f"invoke(ev, {node.position}, {callee(writer, node.function)}, ({value},))"
    return writer.let(f"not {value} if {value}.__class__ is bool and 'not' not in ctx else {slow}")


def definition(writer: Writer, node: ast.FunctionDefinition) -> str:
    name = writer.fresh("f")
    slots = [writer.fresh("s") for _ in node.parameters]
    writer.emit(f"def {name}({', '.join(['ev', *slots])}):")
    with writer.inside(), writer.scope({one.name: slot for one, slot in zip(node.parameters, slots, strict=True)}):
        writer.emit(f"return {'None' if node.external else writer.value(node.body)}")
    names = writer.constant(tuple(one.name for one in node.parameters))
    declared = writer.constant(tuple(writer.type_of(one.type) if one.type else None for one in node.parameters))
    result = writer.constant(result_type(node, {}, writer.lookup).of)
    return writer.let(f"user_function({name}, {names}, {declared}, {result}, SOURCE, {node.external})")
