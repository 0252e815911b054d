"""Organisations and places entered by an administrator: what is wrong is said, what was typed stays, axe is content."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]


@pytest.mark.parametrize(
    ("size", "script", "locale", "dark", "short"),
    [
        ("phone", True, "zh-CN", True, "试一调"),
        ("desktop", False, "zh-CN", False, "试二调"),
        ("desktop", True, "en-GB", False, "试三调"),
    ],
    indirect=["size"],
)
def test_an_organisation_is_entered_after_a_refusal(
    person: People, script: bool, locale: str, dark: bool, short: str
) -> None:
    admin = person("admin", script=script, locale=locale, dark=dark)
    page = admin.page
    admin.open("/units")
    page.locator("#entry summary").click()
    admin.look()
    page.locator("#kind").select_option("industry_committee")
    page.locator("#name").fill(f"{short}委员会（示例）")
    page.locator("#abbreviation").fill("no")
    page.locator("[name=do][value=unit]").click()
    expect(page.locator(".summary")).to_contain_text("民主人调")
    admin.look()
    expect(page.locator("[aria-invalid=true]")).to_have_value("no")
    page.locator("[aria-invalid=true]").fill(short)
    page.locator("[name=do][value=unit]").click()
    expect(page.locator(".notice.good")).to_be_visible()
    expect(page.locator("tbody").first).to_contain_text(short)
    page.locator("[href*='mediator=']").first.click()
    expect(page.locator("#listing [name=languages]:checked").first).to_be_visible()  # nothing is typed again
    admin.look()

    admin.open("/places")
    page.locator("summary").nth(-2).click()
    page.locator("#divisions").fill("code,name,name_en,kind,parent\n61,x,,town,610927")
    page.locator("#divisions").locator("xpath=ancestor::form").locator("button").click()
    expect(page.locator(".summary")).to_contain_text("61")
    expect(page.locator("#divisions")).to_have_value("code,name,name_en,kind,parent\n61,x,,town,610927")
    admin.look()
