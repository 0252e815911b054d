"""Codes and their names in both languages (dictionary.toml)."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def dictionary() -> dict[str, dict[str, list[str]]]:
    """All codes by kind: [Chinese, English]."""
    return tomllib.loads(Path(__file__).with_name("dictionary.toml").read_text(encoding="utf-8"))


def label(kind: str, code: str | None, locale: str) -> str:
    """The name of a code; the code itself where it has none, nothing where there is none."""
    if not code:
        return ""
    names = dictionary().get(kind, {}).get(code)
    return names[1 if locale == "en" else 0] if names else code


@cache
def words(locale: str) -> dict[str, dict[str, str]]:
    """The names of all codes in one language, by kind."""
    return {kind: {code: label(kind, code, locale) for code in codes} for kind, codes in dictionary().items()}


def options(kind: str) -> list[dict[str, str]]:
    """The codes of a kind as options of a form."""
    return [{"value": code, "label": zh, "label.en": en} for code, (zh, en) in dictionary().get(kind, {}).items()]
