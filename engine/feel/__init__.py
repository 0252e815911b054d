"""FEEL, the expression language of DMN 1.5 (chapter 10): compiled to closures, without side effects, always ending."""

from engine.feel.compiler import (
    Budget,
    Expression,
    Runtime,
    compile_expression,
    compile_unary_tests,
    evaluate,
)
from engine.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
from engine.feel.values import Function, Range, YearsMonthsDuration, from_json, to_json

__all__ = [
    "Budget",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "Function",
    "Range",
    "Runtime",
    "YearsMonthsDuration",
    "compile_expression",
    "compile_unary_tests",
    "evaluate",
    "from_json",
    "to_json",
]
