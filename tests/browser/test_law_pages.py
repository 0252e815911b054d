"""The pages of the law, of rosters, rewards and figures: read at both sizes, and nothing typed is lost when refused."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]

PAGES = {
    "/rosters": "值守", "/volunteers": "示例", "/rewards": "", "/calendar": "2026", "/deadlines": "信访",
    "/receptions": "",
    "/figures": "分母", "/coverage": "无死角", "/ledger": "ZP-",
}  # fmt: skip
"""Each page, and a word that says that it holds what it is for."""

REFUSED: Mapping[str, tuple[str, str, Mapping[str, str]]] = {
    "a calendar whose days run backwards": (
        "admin", "/calendar", {"first": "2027-10-07", "last": "2027-10-01", "why": "国办发明电〔2026〕9号（示例）"},
    ),
    "a duration that is none": (
        "admin", "/deadlines/pet.handle",
        {"duration": "sixty days", "law": "信访工作条例 §34", "in_force_from": "2027-06-01", "why": "示例修订"},
    ),
    "a volunteer without a name": ("duty", "/volunteers", {"phone": "0915-3300031", "certificate": "示例1号"}),
    "a reception in the past": ("petition", "/receptions", {"starts_at": "2020-01-01T09:00", "place": "示例接访室"}),
}  # fmt: skip


def test_the_pages_of_the_law_are_read(person: People) -> None:
    county = person("county")
    for address, word in PAGES.items():
        county.open(address)
        expect(county.page.locator("main")).to_contain_text(word)


def test_a_leader_reads_why_they_get_whole_quarters(person: People) -> None:
    leader = person("leader")
    leader.open("/figures?since=2026-11-01&until=2026-11-20")
    expect(leader.page.locator(".notice")).to_contain_text("整季度")
    since = leader.page.locator("#since").input_value()
    assert since[5:] in ("01-01", "04-01", "07-01", "10-01"), "the page names the window that it really shows"


@pytest.mark.parametrize("size", ["phone"], indirect=True)
@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_loses_nothing_typed(person: People, case: str) -> None:
    login, address, typed = REFUSED[case]
    somebody = person(login)
    somebody.open(address)
    page = somebody.page
    field = next(iter(typed))
    form = page.locator("form", has=page.locator(f"[name={field}]")).last
    form.evaluate("form => { form.noValidate = true; }")
    for name, value in typed.items():
        form.locator(f"[name={name}]").fill(value)
    if case.startswith("a calendar"):
        form.locator("[name=kind][value=work]").check()
    form.locator("button:not([type=button])").last.click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    for name, value in typed.items():
        expect(page.locator(f"form [name={name}]").last).to_have_value(value)
    if case.startswith("a calendar"):
        expect(page.locator("[name=kind][value=work]")).to_be_checked()
    somebody.look()
