"""Pages by themselves: in dark colours, on a narrow screen, and what a report costs whoever enters it."""

from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person
from tests.browser.test_stories import DECIDE, TRIAGE
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]

PUBLIC = ("/", "/report", "/services", "/follow", "/sign-in", "/mediators", "/mediators/declared", "/api/docs")
OF_OFFICERS = (
    "/notifications", "/notifications/preferences",
    "/work", "/ledger", "/start", "/account", "/decisions", "/decisions/triage", "/figures", "/coverage", "/callbacks",
    "/queue", "/people/find", "/staff", "/sealed", "/emergency", "/retention", "/papers", "/numbers", "/board",
    "/board/processes", "/help",
    "/households", "/partners", "/cameras", "/report/several", "/joint-meeting",
)  # fmt: skip

TAP, THINK, KEY = 1.2, 1.35, 0.33
"""Seconds of the keystroke-level model (Card, Moran and Newell 1980): point and press (P 1.1 and B 0.1), and the mental
preparation M before each; a key on a phone takes longer than K, 0.33 at the 36 words a minute that Palin and others
(2019) measured with 37 000 people."""
KEYS_FOR_A_CHARACTER = 4
"""Pinyin has three letters a syllable on average; the choice of the character is the fourth."""
COUNT = """for (const kind of ["pointerdown", "input"]) {
    addEventListener(kind, (event) => event.isTrusted && acted(kind), true);
}"""


def decided(duty: Person, words: str) -> str:
    """The number of a dispute that somebody has decided on: no procedure starts beside triage."""
    number, _ = duty.report(words, "钟宝镇民主村", "ordinary", kind="dispute")
    duty.do(number, TRIAGE, answers("f-triage"))
    duty.do(number, DECIDE, answers("f-route"))
    return number


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_every_page_can_be_read_in_the_dark(person: People) -> None:
    villager, officer, admin = person(dark=True), person("county", dark=True), person("admin", dark=True)
    for address in PUBLIC:
        villager.open(address)
    for address in OF_OFFICERS:
        (admin if address.startswith(("/decisions", "/papers", "/numbers", "/staff")) else officer).open(address)
    background = "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number)"
    assert max(officer.page.evaluate(background)) < 64, "it is dark"
    number = decided(person("duty", dark=True), "屋后掉下一块大石头")
    officer.page.goto("/ledger")
    officer.page.locator("tbody a", has_text=number).first.click()
    officer.look()
    officer.page.locator("summary", has_text="还可以办").click()
    officer.look()
    officer.page.locator("#now .item a").first.click()
    officer.look()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_what_can_be_done_on_a_case_stays_on_its_page(person: People, locale: str) -> None:
    duty = person("duty", locale=locale)
    number = decided(person("duty"), "两家为一堵墙吵了半年")
    duty.page.goto(f"/ledger?words={number}")
    duty.page.get_by_role("link", name=number).click()
    more = duty.page.locator("details.more")
    assert more.get_by_role("link").count() == 0, "folded"
    more.locator("summary").click()
    expect(more.get_by_role("link").first).to_be_visible()
    assert more.get_by_role("link").count() >= 1, "labour, land and consumer matters begin through triage alone"
    duty.look()


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_grid_worker_enters_a_report_in_under_a_minute(person: People) -> None:
    """By what has to be done, not by a watch: three answers and nothing else make a case."""
    grid = person("grid")
    page, done = grid.page, Counter[str]()
    page.expose_function("acted", lambda kind: done.update([kind]))
    page.add_init_script(COUNT)
    page.goto("/work")
    page.locator("a[href='/report']:visible").first.click()
    for field, words in (("what", "李家建房子把我家的地占了"), ("where", "钟宝镇民主村")):
        page.locator(f"[name={field}]").click()
        page.keyboard.type(words)
    page.locator("label", has=page.locator("[name=urgency][value=ordinary]")).click()
    page.locator("form .send button:not([name])").click()
    expect(page.locator(".receipt")).to_contain_text("ZP-")
    taps, characters = done["pointerdown"], done["input"] - 1  # choosing the urgency is an input as well
    assert (taps, characters) == (5, 18)
    assert taps * (THINK + TAP) + characters * KEYS_FOR_A_CHARACTER * KEY < 60


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_the_english_header_is_one_row_and_two_on_a_phone(person: People) -> None:
    for who, address in (("county", "/start"), (None, "/")):
        page = person(who, locale="en-GB").page
        page.goto(address)
        for width, rows in ((390, 2), (768, 1), (900, 1), (1100, 1), (1300, 1)):
            page.set_viewport_size({"width": width, "height": 844})
            height = page.locator(".top").evaluate("header => header.offsetHeight")
            assert height < 64 * rows, f"{who} at {width}: {height} px"
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.locator(".strip").evaluate("strip => strip.offsetHeight") < 60
