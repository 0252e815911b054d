"""Functions in a model (DMN 1.5 §10.2.1.3, §10.2.1.7): their definitions, and boxed invocations."""

from collections.abc import Mapping, Sequence
from typing import Any

from engine.dmn.boxed import Book, Boxed, boxed_in, inside, logic
from engine.dmn.elements import Element, child, children, name, place
from engine.dmn.expressions import Names
from engine.dmn.run import Logic, Run, Scope, nothing
from engine.dmn.types import ANY, Type, as_function
from engine.feel import Function
from engine.feel.flow import invoke_named
from engine.feel.functions.registry import BuiltIn
from engine.sentences import S_


def function(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A function definition in FEEL (§10.2.1.7)."""
    parameters, types, body = function_parts(element, names, book, expected)
    at = place(element)
    return lambda scope, run: closure(parameters, types, body, scope, run, at)


def function_parts(
    element: Element, names: Names, book: Book, expected: Type
) -> tuple[tuple[str, ...], tuple[Type, ...], Logic]:
    """The parameters' names and types, and the body of a function definition."""
    formal = list(children(element, "formalParameter"))
    parameters = tuple(name(one) for one in formal)
    target = as_function(expected)
    declared = target.parameters
    types = tuple(book.types.of(one) if one.get("typeRef") else declared.get(name(one), ANY) for one in formal)
    if element.get("kind", "FEEL") != "FEEL":
        message = S_("The function is written in %(kind)s, which is not carried out.", kind=element.get("kind"))
        book.find(element, "external-function", message, S_("Write it in FEEL."))
        return parameters, types, nothing
    return parameters, types, inside(element, None, names | set(parameters), book, target.result)


def closure(
    parameters: tuple[str, ...], types: tuple[Type, ...], body: Logic, scope: Scope, run: Run, at: str | None
) -> Function:
    """A function value over the names in sight."""

    def called(*given: Any) -> Any:
        if len(given) != len(parameters):
            run.warn(
                "wrong-arguments",
                at,
                S_(
                    "%(given)s arguments were given for %(parameters)s parameters.",
                    given=len(given),
                    parameters=len(parameters),
                ),
            )
            return None
        bound = [run.bound(value, type_, at) for value, type_ in zip(given, types, strict=True)]
        if misfit(given, bound):
            return None
        inner = {**scope, **dict(zip(parameters, bound, strict=True))}
        run.budget.enter()
        try:
            return body(inner, run)
        finally:
            run.budget.depth -= 1

    return Function(called, parameters)


def misfit(given: Sequence[Any], bound: Sequence[Any]) -> bool:
    """Whether an argument is not of its parameter's type: the function is not even called (§10.3.2.13.1)."""
    return any(made is None and value is not None for value, made in zip(given, bound, strict=True))


def invocation(element: Element, names: Names, book: Book, expected: Type) -> Logic:
    """A boxed invocation: a function and bindings of its parameters by name (§10.2.1.3)."""
    called = inside(element, None, names, book)
    bindings: dict[str, tuple[Logic, Type]] = {}
    for binding in children(element, "binding"):
        parameter = child(binding, "parameter")
        key = name(parameter) if parameter is not None else ""
        bound = logic(found, names, book) if (found := boxed_in(binding)) is not None else nothing
        bindings[key] = (bound, book.types.of(parameter))
    at = place(element)

    def invoke(scope: Scope, run: Run) -> Any:
        found = called(scope, run)
        if not isinstance(found, Function):
            run.warn("not-a-function", at, S_("What is invoked here is no function."))
            return None
        given = {key: run.bound(code(scope, run), type_, at) for key, (code, type_) in bindings.items()}
        if not isinstance(found, BuiltIn) and set(given) != set(found.parameters):
            message = S_(
                "The parameters are %(parameters)s, not %(given)s.",
                parameters=", ".join(found.parameters),
                given=", ".join(given),
            )
            run.warn("wrong-arguments", at, message)
            return None
        return invoke_named(run.budget, -1, found, given)

    return invoke


FUNCTIONS: Mapping[str, Boxed] = {"functionDefinition": function, "invocation": invocation}
