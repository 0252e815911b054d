"""FEEL, the expression language of DMN 1.5 (chapter 10), compiled to Python: without side effects, always ending."""

from engine.feel.compiler import (
    Expression,
    Types,
    compile_expression,
    compile_unary_tests,
    evaluate,
    special_names,
)
from engine.feel.conversion import from_json, json_text, text_of, to_json
from engine.feel.errors import FeelBudgetExceeded, FeelError, FeelSyntaxError
from engine.feel.runtime import Budget, FeelWarning, Runtime, WorkingDays
from engine.feel.temporal import YearsMonthsDuration, add_months
from engine.feel.texts import read as read_temporal
from engine.feel.types import Type, coerced, is_instance
from engine.feel.values import Function, Range, equal, is_number, kind

__all__ = [
    "Budget",
    "Expression",
    "FeelBudgetExceeded",
    "FeelError",
    "FeelSyntaxError",
    "FeelWarning",
    "Function",
    "Range",
    "Runtime",
    "Type",
    "Types",
    "WorkingDays",
    "YearsMonthsDuration",
    "add_months",
    "coerced",
    "compile_expression",
    "compile_unary_tests",
    "equal",
    "evaluate",
    "from_json",
    "is_instance",
    "is_number",
    "json_text",
    "kind",
    "read_temporal",
    "special_names",
    "text_of",
    "to_json",
]
