"""A case from signing in to its closing with nothing but the keyboard; wherever the focus is, it is seen."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine import demo
from tests.browser.people import Person
from tests.browser.test_stories import TRIAGE

pytestmark = pytest.mark.browser
People = Callable[..., Person]

MOST = 200
"""Stops of the Tab key after which something is out of reach."""

# Where the focus is. The frame may be that of a box's label, or of a whole card; empty where it is well seen.
UNSEEN = """() => {
    const here = document.activeElement;
    if (here === document.body) return "";
    const card = here.matches("h2 a, h3 a") && here.closest(".item");
    const around = [here, ...(here.labels ?? []), here.closest("label"), card];
    const framed = around.filter(Boolean).some((one) => {
        const style = getComputedStyle(one);
        return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    });
    const box = here.getBoundingClientRect();
    const inSight = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return framed && inSight ? "" : `framed ${framed}, in sight ${inSight}: ${here.outerHTML.slice(0, 300)}`;
}"""

CHOSEN = "wanted => { const at = document.activeElement; return at.value === wanted && at.checked !== false }"


class Keys:
    """Somebody who has a keyboard and no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once

    def press(self, key: str) -> None:
        """Press a key; the focus must be seen afterwards."""
        self.page.keyboard.press(key)
        unseen = self.page.evaluate(UNSEEN)
        assert not unseen, f"{key} on {self.page.url}: {unseen}"

    def reach(self, wanted: str) -> None:
        """Go on with Tab until the focus is on what a selector names."""
        for _ in range(MOST):
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
            self.press("Tab")
        raise AssertionError(f"Tab never comes to {wanted} on {self.page.url}")

    def go(self, wanted: str, key: str = "Enter") -> None:
        """Reach something that leads to another page, and follow it."""
        self.reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def choose(self, name: str, value: str) -> None:
        """Answer a question of one choice: radio buttons or a list, with the arrows."""
        self.reach(f"[name='{name}']")
        for _ in range(40):
            chosen = (
                "wanted => { const at = document.activeElement; return at.value === wanted && at.checked !== false }"
            )
            if self.page.evaluate(chosen, value):
                return
            self.press("Space" if self.page.evaluate("document.activeElement.checked === false") else "ArrowDown")
        raise AssertionError(f"the arrows never come to {value} of {name}")

    def tick(self, name: str, value: str) -> None:
        """Tick a box."""
        self.reach(f"[name='{name}'][value='{value}']")
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
