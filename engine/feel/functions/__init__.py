"""The built-in functions of DMN 1.5 §10.3.4, a module for each family, and our own in extensions.py."""

from engine.feel.functions import booleans, contexts, conversions, dates, lists, numeric, ranges, strings
from engine.feel.functions.registry import BuiltIn

FAMILIES = {
    "conversion": conversions.FUNCTIONS,
    "boolean": booleans.FUNCTIONS,
    "string": strings.FUNCTIONS,
    "list": lists.FUNCTIONS,
    "numeric": numeric.FUNCTIONS,
    "date and time": dates.FUNCTIONS,
    "range": ranges.FUNCTIONS,
    "context": contexts.FUNCTIONS,
}


def _all() -> dict[str, BuiltIn]:
    from engine.feel import extensions

    found = {name: one for family in FAMILIES.values() for name, one in family.items()}
    return {**found, **extensions.FUNCTIONS}


FUNCTIONS = _all()
"""Every function that an expression may call without defining it, by name."""
NAMES = frozenset(FUNCTIONS)

__all__ = ["FAMILIES", "FUNCTIONS", "NAMES", "BuiltIn"]
