"""A person at a browser: reads pages, fills in forms as they are shown, and has axe look over every page on the way."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from engine import demo

AXE = Path(__file__).parents[2] / "api/frontend/node_modules/axe-core/axe.min.js"
# Drawings (diagrams, a board's map and columns) are left out: they are pictures, and the table beside each says the
# same. They are hidden meanwhile: axe takes the part of a picture that its frame cuts off for something that lies on
# the text below, and cannot tell on what a word in a picture stands.
AUDIT = """async (part) => {
    const drawings = document.querySelectorAll("[data-diagram-canvas], [data-drawing]");
    for (const one of drawings) one.style.visibility = "hidden";
    const found = await axe.run(part || document, { resultTypes: ["violations", "incomplete"] });
    for (const one of drawings) one.style.visibility = "";
    const where = (node) => `${node.target.join(" ")} (${node.any.map((check) => check.message).join("; ")})`;
    return [...found.violations, ...found.incomplete].map((one) => `${one.id}: ${one.nodes.map(where).join(", ")}`);
}"""


class Person:
    """One person with one page. `troubles` collects what went wrong beside the story."""

    def __init__(self, page: Page, *, script: bool) -> None:
        self.page = page
        self.script = script
        self.troubles: list[str] = []
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: self.troubles.append(f"{page.url}: {error}"))
        page.on(
            "response", lambda answer: answer.status >= 500 and self.troubles.append(f"{answer.url}: {answer.status}")
        )

    def sign_in(self, login: str) -> None:
        """Sign a demo account in."""
        self.open("/sign-in")
        self.page.locator("#login").fill(login)
        self.page.locator("#password").fill(demo.PASSWORD)
        self.page.locator("main").get_by_role("button").first.click()
        self.page.wait_for_url("**/work")
        self.look()

    def open(self, address: str) -> None:
        """Go to an address, and look the page over."""
        self.page.goto(address)
        self.look()

    def look(self, part: str | None = None) -> None:
        """Have axe find what people with a disability would trip over; nothing may stand wider than the screen.

        `part`: look at this part alone, where something lies open above the rest of the page.
        """
        if not self.script:
            return
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(AUDIT, part)
        assert found == [], f"{self.page.url}: {found}"
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(overflow) <= 0, f"{self.page.url} is wider than the screen"

    def report(self, words: str, place: str, urgency: str, **more: Any) -> tuple[str, str]:
        """Report something; returns the number on the ledger and the tracking code."""
        self.open("/report")
        self.fill({"what": words, "where": place, "urgency": urgency, **more})
        self.send()
        self.look()
        number = re.search(r"ZP-\d{4}-\d{6}", self.page.locator(".receipt").inner_text())
        assert number, self.page.locator("main").inner_text()
        return number[0], self.page.locator(".receipt .code").inner_text().strip()

    def take(self, number: str, step: str) -> None:
        """Open a step of a case from my work, once it is there."""
        for _ in range(40):
            self.page.goto(f"/work?words={number}")  # others have reported meanwhile: it may stand on a later page
            name = self.page.get_by_role("link", name=step, exact=True)
            found = self.page.locator(".item", has_text=number).filter(has=name)
            if found.count():
                found.get_by_role("link").click()
                expect(self.page.get_by_role("heading", level=1)).to_have_text(step)
                return self.look()
            self.page.wait_for_timeout(250)
        raise AssertionError(f"{step} of {number} never came; there is: {self.page.locator('main').inner_text()}")

    def do(self, number: str, step: str, answers: Mapping[str, Any]) -> None:
        """Take a step, fill in its form, and say that it is done."""
        self.take(number, step)
        self.fill(answers)
        self.send()
        expect(self.page.locator(".notice.good")).to_be_visible()
        self.look()

    def fill(self, answers: Mapping[str, Any], prefix: str = "") -> None:
        """Fill in the fields of these names, in this order; those that appear after an answer are waited for."""
        for key, value in answers.items():
            name = f"{prefix}{key}"
            if isinstance(value, list) and value and isinstance(value[0], Mapping):
                self._items(name, value)
            else:
                self._field(name, value)

    def _items(self, name: str, values: list[Mapping[str, Any]]) -> None:
        for index, item in enumerate(values):
            first = f"[name='{name}[{index}].{next(iter(item))}']"
            if self.page.locator(first).count() == 0:
                self.page.locator(f"button[value='add:{name}']").click()
                self.page.locator(first).first.wait_for()
            self.fill(item, f"{name}[{index}].")

    def _field(self, name: str, value: Any) -> None:
        control = self.page.locator(f"[name='{name}']:not([type=hidden]):not(aside *)")
        if not self.script and control.count() == 0:
            self.page.locator("button[value=refresh]").click()
        control.first.wait_for(state="attached")
        kind = control.first.evaluate_handle("control => control.type").json_value() if self.script else _kind(control)
        if kind in ("radio", "checkbox"):
            for one in ["true"] if value is True else value if isinstance(value, list) else [value]:
                choice = self.page.locator(f"[name='{name}'][value='{one}']")
                if not choice.is_checked():  # the rules may have proposed it already
                    self._settled(choice.check, control)
        elif kind == "select-one":
            self._settled(lambda: control.select_option(value), control)
        elif kind == "file":
            control.set_input_files(value)
        else:
            control.fill(value[:16] if kind == "datetime-local" else str(value))

    def _settled(self, act: Any, control: Locator) -> None:
        """Do it; where the answer controls other questions, wait until they have come."""
        if self.script and control.first.get_attribute("data-controls") is not None:
            with self.page.expect_response(lambda answer: answer.request.method == "POST"):
                act()
            self.page.wait_for_timeout(100)
        else:
            act()

    def send(self) -> None:
        """Press the form's own button and wait for what comes."""
        with self.page.expect_navigation():
            self.page.locator("form .send button:not([name])").click()


def _kind(control: Locator) -> str:
    tag = control.first.get_attribute("type")
    if tag is None:
        return "select-one" if control.first.locator("option").count() else "textarea"
    return tag
