"""What the engine says to people: English made of a template and facts, so that it can be said in another language.

Whoever shows a sentence says it in the reader's language (`told`); until then it is English text like any other.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self

Translate = Callable[[str], str]
"""Says a template in the reader's language, as gettext does."""


class Sentence(str):
    """A sentence, a part of one, or a word: the English text, which remembers what it was made of.

    The template is a text for gettext, with `%(name)s` for each fact; facts may be sentences themselves.
    """

    template: str
    facts: dict[str, Any]

    def __new__(cls, template: str, **facts: Any) -> Self:
        """The sentence of a template and its facts."""
        made = super().__new__(cls, template % facts if facts else template)
        made.template, made.facts = template, facts
        return made

    def filled(self, facts: Mapping[str, Any]) -> "Sentence":
        """This template with other facts."""
        return Sentence(self.template, **facts)

    def told(self, locale: str, translate: Translate) -> str:
        """The sentence in a language, zh or en."""
        text = translate(self.template) if self.template else ""
        return (
            text % {name: told(value, locale, translate) for name, value in self.facts.items()} if self.facts else text
        )


S_ = Sentence
"""As it is written where something is said, like gettext's N_: ``S_("There is no form %(form)s.", form=key)``."""

COMMA = S_(", ")


class Series(Sentence):
    """Several words or sentences with a comma, or what else, between."""

    parts: tuple[str, ...]
    between: Sentence

    def __new__(cls, parts: Iterable[str], between: Sentence = COMMA) -> Self:
        """The series of some parts."""
        listed = tuple(parts)
        made = super().__new__(cls, between.join(listed))
        made.parts, made.between = listed, between
        return made

    def told(self, locale: str, translate: Translate) -> str:
        """The series in a language."""
        return self.between.told(locale, translate).join(told(one, locale, translate) for one in self.parts)


class Bilingual(Sentence):
    """A sentence that brings its Chinese along, from where gettext is not used.

    `parts` are sentences that stand in both in English, such as what a compiler said.
    """

    chinese: str
    parts: tuple[str, ...]

    def __new__(cls, english: str, chinese: str, parts: Iterable[str] = ()) -> Self:
        """The sentence in both languages."""
        made = super().__new__(cls, english)
        made.chinese, made.parts = chinese, tuple(parts)
        return made

    def told(self, locale: str, translate: Translate) -> str:
        """The sentence in a language."""
        if locale != "zh":
            return str(self)
        text = self.chinese
        for part in self.parts:
            text = text.replace(str(part), told(part, locale, translate))
        return text


def stored(text: str) -> str:
    """A sentence as text from which `read` makes it again; text without facts is stored as it is."""
    return json.dumps(_plain(text), ensure_ascii=False, default=str) if isinstance(_plain(text), dict) else str(text)


def read(text: str) -> Sentence:
    """The sentence that was stored."""
    made = _made(json.loads(text)) if text.startswith(STORED) else S_(text)
    assert isinstance(made, Sentence)
    return made


def where(error: Exception) -> Sentence:
    """Where in a text a parser of XML, JSON, YAML or TOML stopped. Its own words know no translation."""
    mark = getattr(error, "problem_mark", None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (getattr(error, "lineno", None), None)
    column = column or getattr(error, "colno", None) or getattr(error, "offset", None)
    if line is None and (told := re.search(r"\(at line (\d+), column (\d+)\)", str(error))):
        line, column = int(told[1]), int(told[2])
    if line is None:
        return S_("it cannot be read")
    return S_("it cannot be read from line %(line)s, column %(column)s on", line=line, column=column or 1)


STORED = '{"said":'


def _plain(value: Any) -> Any:
    if isinstance(value, Series):
        return {"said": [_plain(one) for one in value.parts], "between": value.between.template}
    if isinstance(value, Bilingual):
        return {"said": str(value), "chinese": value.chinese, "parts": [_plain(one) for one in value.parts]}
    if isinstance(value, Exception) and value.args:
        return _plain(value.args[0])
    if isinstance(value, Sentence) and value.facts:
        return {"said": value.template, "facts": {name: _plain(fact) for name, fact in value.facts.items()}}
    return value


def _made(value: Any) -> Any:
    if not isinstance(value, dict):
        return value if isinstance(value, int | float) else S_(str(value))
    if "chinese" in value:
        return Bilingual(value["said"], value["chinese"], [_made(one) for one in value["parts"]])
    if isinstance(value["said"], list):
        return Series([_made(one) for one in value["said"]], Sentence(value["between"]))
    return Sentence(value["said"], **{name: _made(fact) for name, fact in value["facts"].items()})


def told(value: Any, locale: str, translate: Translate) -> Any:
    """A sentence, or an error that says one, in a language; what is none, as it is."""
    if isinstance(value, Exception) and value.args:
        value = value.args[0]
    return value.told(locale, translate) if isinstance(value, Sentence) else value
