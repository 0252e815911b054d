"""Forms: one form-js JSON file renders as accessible HTML, checks answers, and describes itself (docs/forms.md).

A leaf: imports nothing else of Hejie. Expressions are evaluated by a function that the caller gives.
"""

from forms.definition import Form
from forms.findings import Finding, FormInvalid
from forms.reading import check, load
from forms.texts import Label, Locale

__all__ = ["Finding", "Form", "FormInvalid", "Label", "Locale", "check", "load"]
