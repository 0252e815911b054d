"""A case from signing in to its closing with nothing but the keyboard; wherever the focus is, it is seen."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from engine import demo
from tests.browser.conftest import Product
from tests.browser.people import Person
from tests.browser.test_stories import DECIDE, LAND, TRIAGE, a_week_later
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]

MOST = 200
"""Stops of the Tab key after which something is out of reach."""

# What is wrong with where the focus is seen; "there" on what is wanted, else empty. The frame may be that of a box's
# label, or of a whole card.
UNSEEN = """wanted => {
    const here = document.activeElement;
    if (here === document.body) return "";
    if (!here.matches(":focus")) return ""; // the calendar's button inside a field for days: it has a frame of its own
    const card = here.matches("h2 a, h3 a") && here.closest(".item");
    const around = [here, ...(here.labels ?? []), here.closest("label"), card];
    const framed = around.filter(Boolean).some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = here.getBoundingClientRect();
    const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    if (framed && inSight) return wanted && here.matches(wanted) ? "there" : "";
    return `framed ${framed}, in sight ${inSight}: ${here.outerHTML.slice(0, 300)}`;
}"""

# Whether what is answered here changes the questions; what the form says when they have come is cleared.
CHANGES = """() => {
    const changes = document.activeElement.matches("[data-controls]");
    if (changes) document.activeElement.form.querySelector("[data-form-status]").textContent = "";
    return changes;
}"""

CHOSEN = "wanted => { const at = document.activeElement; return at.value === wanted && at.checked !== false }"


MEDIATION: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    ("duty", TRIAGE, "f-triage", {}),
    ("duty", DECIDE, "f-route", {}),
    ("mediator", "征询双方意愿", "f-consent", {}),
    ("mediator", "受理登记", "f4-acceptance", {}),
    ("mediator", "选定或者指定调解员", "f-mediator", {"mediator": None}),
    ("mediator", "告知权利义务", "f5-rights", {}),
    ("mediator", "调解", "f10-session", {}),
    ("mediator", "签调解协议书", "f11-agreement", {}),
    ("mediator", "督促和登记履行", "f13-performance", {}),
)
"""Who takes which step of a civil dispute, with which form; None is the first choice of a list."""


class Keys:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once

    def press(self, key: str) -> None:
        """Press a key; the focus must be seen afterwards. Questions that an answer brings are waited for."""
        changes = key != "Tab" and self.page.evaluate(CHANGES)
        self.page.keyboard.press(key)
        if changes:
            expect(self.page.locator("[data-form-status]")).not_to_be_empty()
        unseen = self.page.evaluate(UNSEEN)
        assert not unseen, f"{key} on {self.page.url}: {unseen}"

    def reach(self, wanted: str) -> None:
        """Go on with Tab until the focus is on what a selector names."""
        for _ in range(MOST):
            unseen = self.page.evaluate(UNSEEN, wanted)
            if unseen == "there":
                return
            assert not unseen, f"on the way to {wanted} on {self.page.url}: {unseen}"
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never comes to {wanted} on {self.page.url}")

    def go(self, wanted: str, key: str = "Enter") -> None:
        """Reach something that leads to another page, and follow it."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def choose(self, name: str, value: str | None) -> None:
        """Answer a question of one choice: radio buttons or a list, with the arrows; None is a list's first choice."""
        self.reach(f"[name='{name}']")
        if value is None:
            return self.press("ArrowDown")
        for _ in range(40):
            if self.page.evaluate(CHOSEN, value):
                return
            self.press("ArrowUp" if self.page.evaluate("document.activeElement.type === 'radio'") else "ArrowDown")
        raise AssertionError(f"the arrows never come to {value} of {name}")

    def tick(self, name: str, value: str) -> None:
        """Tick a box."""
        self.reach(f"[name='{name}'][value='{value}']")
        if not self.page.evaluate("document.activeElement.checked"):
            self.press("Space")
        expect(self.page.locator(f"[name='{name}'][value='{value}']")).to_be_checked()

    def write(self, selector: str, words: str) -> None:
        """Write into a field."""
        self.reach(selector)
        self.page.keyboard.type(words)

    def moment(self, name: str) -> None:
        """Fill in a day and a time: each part with the arrow that gives it its first value."""
        self.reach(f"[name='{name}']")
        for _ in range(6):
            self.page.keyboard.press("ArrowUp")
            self.page.keyboard.press("Tab")
        assert self.page.locator(f"[name='{name}']").input_value()

    def fill(self, answers: Mapping[str, Any], prefix: str = "") -> None:
        """Fill in a form, question by question; items of lists are added by their button."""
        for key, value in answers.items():
            name = f"{prefix}{key}"
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                for index, item in enumerate(value):
                    if self.page.locator(f"[name^='{name}[{index}].']").count() == 0:
                        self.reach(f"button[value='add:{name}']")
                        self.page.keyboard.press("Enter")
                        self.page.locator(f"[name^='{name}[{index}].']").first.wait_for()
                    self.fill(item, f"{name}[{index}].")
            else:
                self.answer(name, value)

    def answer(self, name: str, value: Any) -> None:
        """Answer one question, of whatever kind."""
        asked = self.page.locator(f"[name='{name}']:not([type=hidden])")
        asked.first.wait_for(state="attached")
        kind = asked.first.evaluate("control => control.type")
        if kind == "checkbox":
            for one in ["true"] if value is True else value:
                self.tick(name, one)
        elif kind in ("radio", "select-one"):
            self.choose(name, value)
        elif kind in ("date", "datetime-local"):
            self.day(name, value)
        else:
            self.reach(f"[name='{name}']")
            self.page.keyboard.press("Control+a")
            self.page.keyboard.type(str(value))

    def day(self, name: str, value: str) -> None:
        """Write a day, and its hour where one is asked, as this browser orders their parts."""
        self.reach(f"[name='{name}']")
        asked = self.page.locator(f"[name='{name}']")
        year, month, day = value[:10].split("-")
        self.page.keyboard.type(f"{month}{day}{year}")
        if asked.get_attribute("type") == "datetime-local":
            self.page.keyboard.press("ArrowRight")
            self.page.keyboard.type("0915A")
        assert asked.input_value().startswith(value[:10])

    def find(self, number: str) -> None:
        """Go to a case by its number."""
        self.press("/")
        self.page.keyboard.type(number)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.go(".items h2 a")

    def step(self, number: str, name: str, answers: Mapping[str, Any]) -> None:
        """Take a step of a case as soon as it is there, fill in its form, and say that it is done."""
        heading = self.page.locator("h1")
        for _ in range(40):
            if heading.inner_text() == name:
                break
            self.find(number)
            if self.page.locator("#now .item a", has_text=name).count():
                self.go("#now .item a")
        expect(heading).to_have_text(name)
        self.fill(answers)
        self.done()

    def done(self) -> None:
        """Say that the step is done."""
        self.go("form .send button:not([name])")


def signed_in(page: Page, login: str) -> Keys:
    """Somebody who has signed in without touching a mouse."""
    keys = Keys(page)
    page.goto("/sign-in")
    keys.write("#login", login)
    keys.write("#password", demo.PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return keys


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_case_is_closed_with_the_keyboard_alone(person: People) -> None:
    number, _ = person().report("村口的路灯坏了，前天报过一次", "钟宝镇民主村", "ordinary")
    person("duty2").take(number, TRIAGE)  # it has arrived
    officer = person()
    page = officer.page
    keys = signed_in(page, "duty")

    keys.press("Tab")
    expect(page.locator(":focus")).to_have_attribute("href", "#main")
    keys.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    keys.reach(".menu summary")  # over the edge of the page, to its beginning
    keys.press("Enter")
    keys.press("Tab")
    expect(page.locator(".menu li a").first).to_be_focused()
    officer.look(".menu")
    keys.press("Escape")
    expect(page.locator(".menu summary")).to_be_focused()
    expect(page.locator(".menu")).not_to_have_attribute("open", "")

    keys.press("j")
    expect(page.locator(":focus")).to_have_attribute("href", re.compile("/tasks/"))
    keys.reach("[data-keys-switch]")
    keys.press("Enter")
    keys.press("j")
    keys.press("/")
    expect(page.locator("[data-keys-switch]")).to_be_focused()
    keys.press("Enter")
    keys.press("/")
    page.keyboard.type(number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    keys.go(".items h2 a")
    expect(page.locator("h1")).to_have_text(number)
    keys.go("#now .item a")

    expect(page.locator("h1")).to_have_text(TRIAGE)
    keys.tick("route_facts", "same_matter")
    keys.choose("subject", "other")
    keys.choose("people_count", "few")
    keys.done()
    keys.choose("route", "guidance")
    keys.choose("risk", "GREEN")
    keys.choose("level", "town")
    keys.done()
    keys.tick("routes_told", "department")
    keys.choose("told_how", "phone")
    keys.moment("told_at")
    keys.done()
    officer.look()
    expect(page.locator("#now")).to_contain_text("已销账")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_mediation_from_the_report_to_the_archive_with_the_keyboard_alone(person: People, product: Product) -> None:
    reporter = signed_in(person().page, "grid")
    reporter.page.goto("/report")
    reporter.fill({"what": LAND, "where": "钟宝镇民主村", "urgency": "ordinary", "kind": "dispute"})
    reporter.done()
    number = re.search(r"ZP-\d{4}-\d{6}", reporter.page.locator(".receipt").inner_text())
    assert number
    desks = {login: signed_in(person().page, login) for login in ("duty", "mediator")}
    for login, step, form, more in MEDIATION:
        desks[login].step(number[0], step, {**more, **answers(form)})
    a_week_later(product)
    desks["duty"].step(number[0], "回访", answers("f14-callback"))
    keeper = desks["mediator"]
    keeper.find(number[0])
    expect(keeper.page.locator(".case-head")).to_contain_text("达成并履行")
    keeper.go("a[href$='/file']")
    keeper.go("button[value='finish']")
    expect(keeper.page.locator(".notice.good")).to_be_visible()
