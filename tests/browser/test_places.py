"""Where places lie: typed with the keyboard alone, refused with what was typed, drawn as a map; also without script."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Product
from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]
TOWNS = 7
SOURCE = "made up for a test"


@pytest.fixture
def nowhere(product: Product) -> Iterator[None]:
    """Where the towns lie is forgotten after the test: the board of other tests is a plan."""
    yield
    engine = create_engine(product.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE division SET latitude = NULL, longitude = NULL WHERE kind = 'town'"))
    engine.dispose()


@pytest.mark.parametrize(
    ("size", "script", "locale", "dark"),
    [("phone", True, "zh-CN", True), ("desktop", True, "en-GB", False), ("phone", False, "zh-CN", False)],
    indirect=["size"],
)
def test_positions_typed_with_the_keyboard_make_the_board_a_map(
    person: People, nowhere: None, script: bool, locale: str, dark: bool
) -> None:
    admin = person("admin", script=script, locale=locale, dark=dark)
    page = admin.page
    admin.open("/places")
    page.locator("[name=latitude]").nth(1).focus()  # the first is the county's own
    for town in range(TOWNS):
        for typed in (f"{31.7 + town / 20:.2f}", f"{109.3 + town / 30:.2f}" if town else "1095", SOURCE):
            page.keyboard.type(typed)
            page.keyboard.press("Tab")
        if town < TOWNS - 1:
            page.keyboard.press("Tab")  # past the link of the next town
    expect(page.locator("main form button").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".summary")).to_contain_text("1095")
    admin.look()
    wrong = page.locator("[aria-invalid=true]")
    expect(wrong).to_have_value("1095")
    wrong.fill("109.25")
    page.keyboard.press("Enter")
    expect(page.locator(".notice.good")).to_be_visible()
    admin.look()

    leader = person("leader", script=script, locale=locale, dark=dark)
    leader.open("/board")
    expect(leader.page.locator(".county-map .bar")).to_have_count(1)
    expect(leader.page.locator(".county-map circle")).to_have_count(TOWNS)
    drawn = leader.page.locator(".county-map a").all()
    south_to_north = sorted(drawn, key=lambda link: link.get_attribute("href") or "")  # as they were typed
    down = [float(link.locator("circle").get_attribute("cy") or 0) for link in south_to_north]
    assert down == sorted(down, reverse=True) and len(set(down)) == TOWNS, "north is up"
    leader.look()
