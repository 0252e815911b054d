"""A leader's and a duty officer's day with the board and the help, in both languages, light and dark, with axe."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]
READERS = [("zh-CN", False), ("en-GB", True)]


@pytest.mark.parametrize(("locale", "dark"), READERS)
def test_a_leader_sees_how_the_county_stands_and_no_case(person: People, locale: str, dark: bool) -> None:
    leader = person("leader", locale=locale, dark=dark)
    page = leader.page
    page.get_by_role("navigation").get_by_role("link", name=re.compile("^(看板|Board)$")).click()
    leader.look()
    assert page.locator(".glance .figure").count() == 4
    page.locator(".glance .how summary").first.press("Enter")
    expect(page.locator(".glance .how dd").first).to_be_visible()
    leader.look()
    assert page.locator("main a[href*='/ledger?'], main a[href*='/cases/']").count() == 0
    page.locator(".county-map a", has_text=re.compile("牛头店|Niutoudian")).locator("circle").click()
    expect(page.locator("h1")).to_contain_text(re.compile("牛头店|Niutoudian"))
    leader.look()
    page.locator("a[href*='period=month']").click()
    leader.look()
    page.locator("a[href^='/board/processes']").click()
    leader.look()
    page.locator("a[href^='/board/processes/intake']").click()
    expect(page.locator("[data-diagram] .diagram-badge").first).to_be_visible()
    leader.look()
    leader.open("/board/wall")
    with page.expect_download() as pdf:
        page.evaluate("location.href = '/board.pdf'")
    assert pdf.value.suggested_filename.endswith(".pdf")


@pytest.mark.parametrize(("locale", "dark"), READERS)
def test_a_duty_officer_goes_from_the_board_to_the_case_and_through_the_first_day(
    person: People, locale: str, dark: bool
) -> None:
    duty = person("duty", locale=locale, dark=dark)
    page = duty.page
    duty.open("/board")
    page.locator(".glance .figure a").first.click()
    duty.look()
    expect(page.locator("tbody a.number").first).to_be_visible()
    page.locator("tbody a.number").first.click()
    expect(page.locator("h1")).to_contain_text("ZP-")
    page.locator("header").get_by_role("link", name=re.compile("^(帮助|Help)$")).click()
    expect(page).to_have_url(re.compile("/help/case$"))
    duty.look()
    duty.open("/help")
    before = page.locator(".first-day .tag.done").count()
    page.locator(".first-day button[value='1']").first.click()
    expect(page.locator(".first-day .tag.done")).to_have_count(before + 1)
    duty.look()
    page.locator(".first-day a").nth(1).click()
    expect(page).to_have_url(re.compile("/board"))


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_the_board_says_everything_without_script(person: People) -> None:
    leader = person("leader", script=False)
    page = leader.page
    page.goto("/board")
    assert page.locator(".glance .figure").count() == 4
    assert page.locator(".county-map circle").count() == 7
    page.locator("table a", has_text="牛头店镇").click()
    expect(page.locator("h1")).to_contain_text("牛头店镇")
    page.goto("/board/processes/intake")
    expect(page.locator("#steps tbody tr").first).to_be_visible()


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_wall_renews_itself_and_says_when_it_cannot(person: People) -> None:
    leader = person("leader")
    page = leader.page
    page.clock.install()
    page.goto("/board/wall")
    with page.expect_response(lambda answer: "/board/wall" in answer.url):
        page.clock.fast_forward(61_000)
    expect(page.locator("[data-stale]")).to_be_hidden()
    page.context.set_offline(True)
    page.clock.fast_forward(61_000)
    expect(page.locator("[data-stale]")).to_be_visible()
