"""The studio in a browser: what its tests do again and again."""

import time

from playwright.sync_api import Page, expect

from tests.browser.people import Person

RENAME = """of('modeling').updateProperties(
    of('elementRegistry').find((one) => one.type === 'bpmn:UserTask'), {{ name: '{}' }})"""


def draft_of(admin: Person, kind: str, key: str) -> str:
    """Begin a draft from the library; returns its address."""
    admin.open(f"/studio/library/{kind}/{key}")
    admin.page.get_by_role("button", name="修改", exact=True).click()
    admin.page.wait_for_url("**/studio/drafts/**")
    admin.look()
    return admin.page.url.partition("?")[0]


def edit(admin: Person, draft: str, file: str) -> Page:
    """Open a file of a draft in its editor, and wait until it can be worked in."""
    admin.page.goto(f"{draft}/edit/{file}")
    expect(admin.page.locator("[data-editor][data-ready]")).to_be_visible()
    return admin.page


def saved(page: Page) -> None:
    """Wait until everything is saved."""
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "saved")


def do(page: Page, script: str) -> object:
    """Do something with the editor that is open."""
    return page.evaluate(f"(() => {{ const of = (name) => modeler.get(name); return {script}; }})()")


def until(page: Page, script: str) -> None:
    """Wait until something is true of the editor that is open."""
    end = time.monotonic() + 15
    while not do(page, script):
        assert time.monotonic() < end, script
        page.wait_for_timeout(50)


def bring_in(admin: Person, name: str, content: str) -> str:
    """Bring a file in; returns the address of its draft."""
    admin.open("/studio/drafts")
    encoding = "gb18030" if 'encoding="GBK"' in content else "utf-8"
    file = {"name": name, "mimeType": "application/xml", "buffer": content.encode(encoding)}
    admin.page.locator("#file").set_input_files(file)
    with admin.page.expect_navigation():
        admin.page.get_by_role("button", name="导入", exact=True).click()
    return admin.page.url.partition("?")[0]


def content_of(draft: str, name: str) -> str:
    """The address of a draft's file over REST."""
    return f"{draft.replace('/studio/', '/api/v1/studio/')}/files/{name}"
