"""How long the studio's editor takes to open the largest process, in a real browser, until it can be drawn in."""

import shutil

from playwright.sync_api import Page, sync_playwright

from bench import database
from bench.measure import Figure, figure, seconds
from bench.rest import HEJIE, served
from engine import casework, db, demo
from engine.casework import house
from engine.workflow import bpmn

ROUNDS = 7


def run() -> list[Figure]:
    """The first look with nothing in the browser's cache, and the following ones."""
    with database.fresh() as url:
        with db.transaction() as session:
            casework.load_demo(session)
        name, elements = largest()
        with served(url, [*HEJIE, "serve", "--processes", "1", "--port"]) as port, sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_context(base_url=f"http://127.0.0.1:{port}", locale="zh-CN").new_page()
            address = _draft(page, name)
            first, *others = [1000 * seconds(lambda: _open(page, address)) for _ in range(ROUNDS)]
            browser.close()
    what = f"{name.rpartition('/')[2]}, {elements} elements"
    return [
        figure(f"the editor opens for the first time ({what})", [first], "ms", must=3000, at_most=True),
        figure("the editor opens again", others, "ms", must=3000, at_most=True),
    ]


def largest() -> tuple[str, int]:
    """The diagram of the library with the most elements and flows, by its file's name."""
    diagrams = [one for one in house.library() if one.name.endswith(".bpmn")]
    sizes = {
        one.name: sum(
            len(process.elements) + len(process.flows) for process in bpmn.compile_model(one.content).processes.values()
        )
        for one in diagrams
    }
    return max(sizes.items(), key=lambda one: one[1])


def _draft(page: Page, name: str) -> str:
    """Sign an administrator in and begin a draft; returns the address of the file's editor."""
    page.goto("/sign-in")
    page.locator("#login").fill("admin")
    page.locator("#password").fill(demo.PASSWORD)
    page.locator("main").get_by_role("button").first.click()
    page.wait_for_url("**/work")
    page.goto(f"/studio/library/process/{name.rpartition('/')[2].removesuffix('.bpmn')}")
    page.get_by_role("button", name="修改", exact=True).click()
    page.wait_for_url("**/studio/drafts/**")
    return f"{page.url.partition('?')[0]}/edit/{name}"


def _open(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("[data-editor][data-ready]")
