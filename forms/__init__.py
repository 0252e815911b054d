"""Forms: one form-js JSON file renders as accessible HTML, checks answers, and describes itself (docs/forms.md).

A leaf: imports nothing else of Hejie. Expressions are evaluated by a function that the caller gives.
"""

from forms.answers import apply_action, attach, parse
from forms.completed import Row, answer_rows, answer_words
from forms.conditions import Evaluate
from forms.dated import before_law, days
from forms.definition import Form
from forms.findings import Finding, FormInvalid
from forms.guarded import Written, replace_identities, replace_written, written
from forms.identity import masked, paper_number
from forms.jsonschema import json_schema
from forms.messages import translate
from forms.reading import check, load
from forms.rendering import render, render_answers, render_error_summary
from forms.schema import schema
from forms.texts import Label, Locale
from forms.uploads import Upload
from forms.validation import FieldError, Result, validate
from forms.values import is_no_answer
from forms.wrong import Wrong

__all__ = [
    "Evaluate",
    "FieldError",
    "Finding",
    "Form",
    "FormInvalid",
    "Label",
    "Locale",
    "Result",
    "Row",
    "Upload",
    "Written",
    "Wrong",
    "answer_rows",
    "answer_words",
    "apply_action",
    "attach",
    "before_law",
    "check",
    "days",
    "is_no_answer",
    "json_schema",
    "load",
    "masked",
    "paper_number",
    "parse",
    "render",
    "render_answers",
    "render_error_summary",
    "replace_identities",
    "replace_written",
    "schema",
    "translate",
    "validate",
    "written",
]
