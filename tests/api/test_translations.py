"""Every sentence that the product can say has its Chinese."""

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po
from flask import Flask

from api import i18n
from engine import clock
from engine.deadlines.counting import end_of
from engine.deadlines.models import Deadline

ROOT = Path(__file__).parents[2]
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None, "S_": None}


def said() -> dict[str, str]:
    """Every sentence in the code and the templates, with where it stands."""
    with (ROOT / "api/translations/babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = {}
    for folder in ("api", "engine"):
        for place in extract_from_dir(ROOT / folder, methods, options, keywords=KEYWORDS):
            message = place[2]
            found[message[0] if isinstance(message, tuple) else message] = f"{folder}/{place[0]}:{place[1]}"
    return found


CATALOGUE = ROOT / "api/translations/zh/LC_MESSAGES/messages.po"


def chinese() -> Catalog:
    """The Chinese catalogue."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="zh")


def texts(message: Message) -> list[str]:
    """What a message says, in each plural form."""
    return list(message.string) if isinstance(message.string, list | tuple) else [str(message.string)]


def names(text: str) -> set[str]:
    """The places in a sentence that facts are filled into."""
    return set(re.findall(r"%\((\w+)\)[sd]", text))


def test_every_sentence_has_its_chinese() -> None:
    known = {message.id[0] if isinstance(message.id, tuple) else message.id: message for message in chinese()}
    missing = {
        sentence: place
        for sentence, place in said().items()
        if sentence not in known or known[sentence].fuzzy or not all(texts(known[sentence]))
    }
    assert missing == {}


def test_no_sentence_is_translated_twice() -> None:
    """Two lines of one entry, as careless merging leaves them: the reader of catalogues takes the first in silence."""
    entries = CATALOGUE.read_text(encoding="utf-8").split("\n\n")
    assert [one for one in entries if len(re.findall(r'^msgstr(?:\[0\])? "', one, re.MULTILINE)) > 1] == []


def test_facts_stand_in_both_languages() -> None:
    for message in chinese():
        if message.id:
            sentence = message.id[1] if isinstance(message.id, tuple) else message.id
            assert [names(text) for text in texts(message)] == [names(sentence)], sentence


def test_nothing_is_translated_that_nobody_says() -> None:
    spoken = said()
    kept = [message.id[0] if isinstance(message.id, tuple) else message.id for message in chinese() if message.id]
    assert [sentence for sentence in kept if sentence not in spoken] == []


@pytest.mark.parametrize(
    ("language", "title"), [("zh-CN", "登录"), ("zh-TW", "登录"), ("en-GB", "Sign in"), ("fr", "登录")]
)
def test_pages_follow_the_browser(app: Flask, language: str, title: str) -> None:
    page = app.test_client().get("/sign-in", headers={"Accept-Language": language}).text
    assert f"<h1>{title}</h1>" in page


def test_a_click_on_the_language_is_remembered(app: Flask) -> None:
    from tests.api.conftest import token_in

    client = app.test_client()
    data = {"csrf_token": token_in(client.get("/sign-in")), "locale": "en", "next": "/sign-in"}
    assert client.post("/language", data=data).headers["Location"] == "/sign-in"
    page = client.get("/sign-in", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="en">' in page.text
    assert page.headers["Content-Language"] == "en"


@pytest.mark.parametrize(
    ("language", "until", "left"),
    [
        ("zh", "最后一天 2026年10月1日 是休息日，顺延到 2026年10月8日", "还剩 7 天（算到 2026年10月1日）"),
        (
            "en",
            "the last day, 1 Oct 2026, is a day off: until 8 Oct 2026",
            "7 days left (counted to 1 Oct 2026)",
        ),
    ],
)
def test_a_last_day_that_is_a_day_off_is_told_with_the_day_it_moves_to(
    app: Flask, language: str, until: str, left: str
) -> None:
    last = date(2026, 10, 1)
    window = Deadline(due_on=last, displayed_on=date(2026, 10, 8), due_at=end_of(last))
    now = datetime(2026, 9, 24, 10, tzinfo=clock.ZONE)
    with app.test_request_context(headers={"Accept-Language": language}), clock.virtual(now):
        assert i18n.until(window) == until
        assert i18n.left_to_last_day(window) == left
        window.displayed_on = last
        assert i18n.until(window) == {"zh": "到 2026年10月1日", "en": "until 1 Oct 2026"}[language]
        assert i18n.left_to_last_day(window) == i18n.left(window.due_at)
