"""Procedures started from their list by the people who start them, with axe looking over every page on the way."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]


def begin(person: Person, title: str, words: str, urgency: str = "ordinary") -> None:
    """Start a procedure from the list with a new case."""
    person.open("/start")
    person.page.get_by_role("link", name=title).click()
    person.look()
    person.fill({"what": words, "where": "钟宝镇民主村", "urgency": urgency})
    person.send()


def test_a_petition_is_registered_passed_on_and_answered(person: People) -> None:
    """信访工作条例 §§21–23, 32."""
    office, organ = person("petition"), person("organ")
    begin(office, "信访登记与甄别", "自来水停了半个月")
    expect(office.page.get_by_role("heading", level=1)).to_have_text("登记")
    found = re.search(r"ZP-\d{4}-\d{6}", office.page.locator("main").inner_text())
    assert found
    office.do(found[0], "登记", answers("f-pet"))
    office.do(found[0], "人来甄别", answers("f-pet-route"))
    office.do(found[0], "转送、交办", answers("f-pet-send"))
    organ.do(found[0], "接收或者提异议", answers("f-pet-receive"))
    organ.do(found[0], "告知受理", answers("f-pet-notice"))
    organ.do(found[0], "调查核实", answers("f-pet-investigate"))
    organ.do(found[0], "出处理意见书", answers("f-opinion"))
    organ.do(found[0], "送达", answers("f-serve"))
    office.do(found[0], "登记复查申请", {"asked": "no"})


def test_a_fraud_is_called_about_first_and_needs_no_account(person: People) -> None:
    """反电信网络诈骗法 §20."""
    villager = person()
    villager.open("/start/fraud")
    phone = villager.page.locator(".urgent a[href='tel:96110']")
    expect(phone).to_be_visible()
    assert phone.evaluate("(a, b) => a.compareDocumentPosition(document.querySelector(b)) & 4", "[name=what]")
    villager.fill({"what": "转过去三万二", "where": "民主村", "urgency": "danger_people"})
    villager.send()
    villager.look()
    expect(villager.page.locator(".receipt")).to_contain_text("ZP-")


def test_nobody_starts_what_is_not_theirs(person: People) -> None:
    grid = person("grid")
    grid.open("/start")
    expect(grid.page.locator("main")).not_to_contain_text("信访登记与甄别")
    answer = grid.page.goto("/start/petition-intake")
    assert answer is not None and answer.status == 404
