"""Nothing typed is lost when a session ends in the middle of a form: it comes back once the person has signed in."""

import re
from collections.abc import Callable
from html import unescape

import pytest

from engine import demo
from tests.api.conftest import Browser, token_in

WORDS = '墙滴水"两回"\n<没有>结果😀'
WHO = "petition"
FIELDS = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def again(browser: Browser, page: str, **more: str) -> dict[str, str]:
    """Sign in with the hidden fields of the page that asks for it; what the next page carries."""
    data = {name: unescape(value) for name, value in FIELDS.findall(page[page.index("<main") :])}
    answer = browser.post("/sign-in", data={**data, "login": WHO, "password": demo.PASSWORD, **more})
    return {name: unescape(value) for name, value in FIELDS.findall(answer.text[answer.text.index("<main") :])}


def test_what_was_typed_comes_back_after_signing_in(signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in(WHO)
    typed = {"leader": "", "place": WORDS, "starts_at": "x", "capacity": "3", "do": "open"}
    token = token_in(browser.get("/receptions"))
    browser.client.delete_cookie("hejie_session")
    asked = browser.post("/receptions", data={**typed, "csrf_token": token})
    assert asked.status_code == 401
    assert unescape(asked.text).count(WORDS.split("\n")[0].replace('"', '\\"')) == 1

    wrong = again(browser, asked.text, password="wrong")  # a slip in the password does not lose it either
    assert "kept" in wrong
    sent = again(browser, asked.text)
    assert {name: sent[name] for name in typed} == typed and sent["csrf_token"] != token
    answer = browser.post("/receptions", data=sent)
    assert answer.status_code == 422 and WORDS.split("\n")[1] in unescape(answer.text)


@pytest.mark.parametrize("first", [True, False])
def test_another_site_cannot_have_its_words_carried(signed_in: Callable[[str], Browser], first: bool) -> None:
    browser = signed_in(WHO)
    browser.client.delete_cookie("hejie_session")
    foreign = {"Origin": "https://evil.example"}
    if first:
        assert browser.post("/receptions", data={"leader": WORDS}, headers=foreign).status_code == 303
    else:
        page = browser.post("/sign-in", data={"kept": '[[["leader", "evil"]], false]'}, headers=foreign)
        assert page.status_code == 403 and "evil" not in page.text


def test_a_password_is_never_carried(signed_in: Callable[[str], Browser]) -> None:
    browser = signed_in(WHO)
    token = token_in(browser.get("/account"))
    browser.client.delete_cookie("hejie_session")
    asked = browser.post("/account", data={"old": demo.PASSWORD, "new": "one nobody guesses", "csrf_token": token})
    assert "nobody guesses" not in asked.text and demo.PASSWORD not in asked.text
