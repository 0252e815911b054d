"""What the engine says to people: English made of a template and facts, so that it can be said in another language.

Whoever shows a sentence says it in the reader's language (`told`); until then it is English text like any other.
"""

import json
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
    """A sentence that brings its Chinese along, from where gettext is not used."""

    chinese: str

    def __new__(cls, english: str, chinese: str) -> Self:
        """The sentence in both languages."""
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made

    def told(self, locale: str, translate: Translate) -> str:
        """The sentence in a language."""
        return self.chinese if locale == "zh" else str(self)


def stored(text: str) -> str:
    """A sentence as text from which `read` makes it again; text without facts is stored as it is."""
    return json.dumps(_plain(text), ensure_ascii=False, default=str) if isinstance(_plain(text), dict) else str(text)


def read(text: str) -> Sentence:
    """The sentence that was stored."""
    made = _made(json.loads(text)) if text.startswith(STORED) else S_(text)
    assert isinstance(made, Sentence)
    return made


STORED = '{"said":'


def _plain(value: Any) -> Any:
    if isinstance(value, Series):
        return {"said": [_plain(one) for one in value.parts], "between": value.between.template}
    if isinstance(value, Exception) and value.args:
        return _plain(value.args[0])
    if isinstance(value, Sentence) and value.facts:
        return {"said": value.template, "facts": {name: _plain(fact) for name, fact in value.facts.items()}}
    return value


def _made(value: Any) -> Any:
    if not isinstance(value, dict):
        return value if isinstance(value, int | float) else S_(str(value))
    if isinstance(value["said"], list):
        return Series([_made(one) for one in value["said"]], Sentence(value["between"]))
    return Sentence(value["said"], **{name: _made(fact) for name, fact in value["facts"].items()})


def told(value: Any, locale: str, translate: Translate) -> Any:
    """A sentence, or an error that says one, in a language; what is none, as it is."""
    if isinstance(value, Exception) and value.args:
        value = value.args[0]
    return value.told(locale, translate) if isinstance(value, Sentence) else value
