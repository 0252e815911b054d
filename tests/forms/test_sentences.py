"""The sentences of the package: complete in both languages, used, and unambiguous."""

import re
from pathlib import Path
from string import Formatter

import pytest

import forms
from forms.messages import ERRORS, RULES, WORDS
from forms.texts import Label

PACKAGE = Path(forms.__file__).parent
CODE = "".join(path.read_text(encoding="utf-8") for path in [*PACKAGE.glob("*.py"), *PACKAGE.glob("templates/*.html")])
RULE_TEXTS = {f"{name}.{part}": getattr(rule, part) for name, rule in RULES.items() for part in ("message", "hint")}


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("name", "label"), [*ERRORS.items(), *WORDS.items(), *RULE_TEXTS.items()])
def test_a_sentence_stands_in_both_languages_with_the_same_facts(name: str, label: Label) -> None:
    assert label.zh
    assert label.en
    assert fields(label.zh) == fields(label.en)
    assert not re.search(r"[\u4e00-\u9fff]", label.en.replace("2026年11月23日", ""))


@pytest.mark.parametrize("name", [*ERRORS, *WORDS, *RULES])
def test_no_sentence_is_without_use(name: str) -> None:
    assert re.search(rf"""["']{name}["']""", CODE)


def test_every_code_that_is_raised_has_a_sentence() -> None:
    assert set(re.findall(r'(?:Wrong|Problem)\(\s*"([\w-]+)"', CODE)) <= set(ERRORS)
    assert set(re.findall(r'(?:find|Finding)\(\s*"([\w-]+)"', CODE)) <= set(RULES)
    assert set(re.findall(r"""(?:word|say)\(\s*["']([\w-]+)["']""", CODE)) <= set(WORDS)


def test_english_templates_are_keys_of_translation() -> None:
    assert len({label.en for label in ERRORS.values()}) == len(set(ERRORS.values()))
    facts = {"label": Label("姓名", "Name")}
    assert forms.translate("Fill in “{label}”.", "zh", facts) == "请填写“姓名”。"
    assert forms.translate("Something of others: {label}", "zh", facts) == "Something of others: 姓名"
