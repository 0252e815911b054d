"""The language of the command line: that of the terminal's locale, Chinese or English."""

import os
from functools import cache

from babel.support import NullTranslations, Translations

from engine.config import ROOT
from engine.sentences import told

TRANSLATIONS = ROOT / "api" / "translations"


def say(text: str) -> str:
    """What the engine says, in the language of the terminal."""
    return str(told(text, locale(), _catalogue(locale()).gettext))


def locale() -> str:
    """zh where the terminal's locale (LC_ALL, LC_MESSAGES, LANG) is a Chinese one, else en."""
    chosen = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := os.environ.get(name))), "")
    return "zh" if chosen.startswith("zh") else "en"


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(TRANSLATIONS, [language])
