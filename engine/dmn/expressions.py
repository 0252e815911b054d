"""FEEL in a decision model: compiled with the names in sight; what is wrong becomes a finding."""

from collections.abc import Callable

from engine import feel
from engine.dmn.elements import Element, line, place
from engine.dmn.findings import Finding
from engine.feel import Expression
from engine.sentences import S_

Names = frozenset[str]


def expression(
    element: Element, source: str, names: Names, types: feel.Types | None, findings: list[Finding]
) -> Expression | None:
    """A FEEL expression; None, and a finding, where it is none."""
    return _compiled(feel.compile_expression, element, source, names, types, findings)


def unary_tests(
    element: Element, source: str, names: Names, types: feel.Types | None, findings: list[Finding]
) -> Expression | None:
    """Unary tests on `?` (DMN 1.5 §7.3.11); None, and a finding, where they are none."""
    return _compiled(feel.compile_unary_tests, element, source, names, types, findings)


def _compiled(
    compiler: Callable[..., Expression],
    element: Element,
    source: str,
    names: Names,
    types: feel.Types | None,
    findings: list[Finding],
) -> Expression | None:
    special = frozenset(one for one in names if not one.isidentifier())  # plain words need not be known
    try:
        return compiler(source, special, types)
    except feel.FeelSyntaxError as error:
        shown = source if len(source) <= 80 else f"{source[:79]}…"
        message = S_("“%(shown)s” is not FEEL: %(error)s", shown=shown, error=error)
        hint = S_("Texts stand in quotation marks; names are written as the model writes them.")
        findings.append(Finding("error", "feel-syntax", message, place(element), line(element), hint))
        return None
