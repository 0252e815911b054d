"""Texts in the two languages of the product, side by side so that neither can be forgotten."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Locale = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Label:
    """One text: Chinese, the default, and English beside it (empty where a form's author has not given it)."""

    zh: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def text(self, locale: Locale) -> str:
        """The text for a reader; the other language where this one is missing, since no text would be worse."""
        return (self.en or self.zh) if locale == "en" else (self.zh or self.en)

    def filled(self, locale: Locale, params: Mapping[str, object]) -> str:
        """The text with its ``{named}`` places filled; a parameter may be a `Label` itself."""
        words = {name: value.text(locale) if isinstance(value, Label) else value for name, value in params.items()}
        return self.text(locale).format_map(words)


UNSAID = Label()
