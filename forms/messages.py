"""The sentences of this package in both languages, read from sentences.toml.

Not gettext files: here both languages stand side by side, nothing has to be compiled, and a test finds a missing one.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from forms.texts import Label, Locale


class Rule(NamedTuple):
    """One rule for form files; an error refuses the form, a warning does not."""

    severity: Literal["error", "warning"]
    message: Label
    hint: Label


_SENTENCES: Mapping[str, Any] = tomllib.loads(files("forms").joinpath("sentences.toml").read_text(encoding="utf-8"))
ERRORS: Mapping[str, Label] = {code: Label(**texts) for code, texts in _SENTENCES["errors"].items()}
WORDS: Mapping[str, Label] = {name: Label(**texts) for name, texts in _SENTENCES["words"].items()}
RULES: Mapping[str, Rule] = {
    name: Rule(rule["severity"], Label(**rule["message"]), Label(**rule["hint"]))
    for name, rule in _SENTENCES["findings"].items()
}
_BY_ENGLISH = {label.en: label for label in ERRORS.values()}


def translate(message: str, locale: Locale, params: Mapping[str, object]) -> str:
    """The sentence for a `FieldError.message` (its English template) with its params, for a reader.

    A template that is not of this package is filled in as it is.
    """
    return _BY_ENGLISH.get(message, Label(en=message)).filled(locale, params)


def word(name: str, locale: Locale, **params: object) -> str:
    """One of the fixed words and labels around the questions."""
    return WORDS[name].filled(locale, params)
