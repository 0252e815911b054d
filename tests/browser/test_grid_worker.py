"""A grid worker's day on a phone: rounds without a signal, what is known already, photos, speech, own reports."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect
from sqlalchemy import create_engine, text

from tests.browser.conftest import Product
from tests.browser.people import Person
from tests.browser.test_offline import found, ready, write
from tests.engine.documents.test_media import wav
from tests.engine.documents.test_photos import photo

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("size", ["phone"], indirect=True)]
People = Callable[..., Person]
ITEM = "[data-outbox] .item"
SPEECH = """window.SpeechRecognition = class extends EventTarget {
    start() {
        const said = Object.assign(new Event("result"), { resultIndex: 0, results: [[{ transcript: window.said }]] });
        setTimeout(() => { this.dispatchEvent(said); this.dispatchEvent(new Event("end")); });
    }
    stop() {}
};"""


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_a_day_of_a_grid_worker(person: People, tmp_path: Path, locale: str) -> None:
    """Known already, joined with a photo; a round; several drafts without a signal; what became of each."""
    picture = tmp_path / "桥.jpg"
    picture.write_bytes(photo())
    other, grid = person("grid2"), person("grid", locale=locale)
    bridge = f"村口石桥护栏断了两根，小孩过桥危险 {locale}"
    number, _ = other.report(bridge, "钟宝镇民主村", "soon", kind="hazard")
    page = grid.page
    page.goto("/report")
    page.locator("[name=what]").fill(f"石桥护栏断了，过桥危险 {locale}")
    page.locator("[data-pick]").click()
    page.locator("[data-pick-village]").select_option(index=20)
    page.locator("[data-pick-group]").select_option(index=3)
    expect(page.locator("[name=where]")).not_to_have_value("")
    page.locator("[name=where]").fill("民主村")
    page.locator("[name=where]").blur()
    same = page.locator("[data-similar] .item", has_text=number)
    expect(same).to_contain_text("护栏断了两根")
    grid.look()
    page.locator("[name=urgency][value=soon]").check()
    page.locator("[type=file]").set_input_files(picture)
    expect(page.locator("main")).to_contain_text(picture.name)
    with page.expect_navigation():
        same.get_by_role("button").click()
    grid.look()
    expect(page.locator(".receipt")).to_contain_text(number)
    page.locator(".receipt a").click()
    expect(page.locator("#file")).to_contain_text(picture.name)

    page.goto("/report")
    with page.expect_navigation():
        page.locator("[data-round] button").click()
    grid.look()
    expect(page.locator("#rounds")).to_be_visible()

    context = ready(page)
    context.set_offline(True)
    page.goto("/report")
    page.locator("[data-round] button").click()
    expect(page.locator(ITEM)).to_have_count(1)
    lines = [f"{where}少了护栏 {locale}" for where in ("河边", "塘边")]
    write(page, "\n".join(lines))
    page.locator("button[data-split]").click()
    expect(page.locator(ITEM)).to_have_count(2)
    page.locator("form .send button").click()
    expect(page.locator(ITEM)).to_have_count(3)
    grid.look()
    context.set_offline(False)
    page.goto("/reports")
    expect(page.locator(".item", has_text=lines[0])).to_have_count(0)
    page.goto("/report")
    sent = "已送到" if locale == "zh-CN" else "Arrived"
    expect(page.locator(ITEM, has_text=sent)).to_have_count(2)
    page.goto("/reports")
    grid.look()
    expect(page.locator(".item", has_text=lines[0])).to_have_count(1)
    assert page.locator("section:has(#rounds) li").count() >= 2


def test_an_answer_that_is_lost_makes_no_second_case(person: People) -> None:
    """The house has kept the report, and the signal breaks before it can say so."""
    grid = person("grid")
    words = "后山有一条新裂缝，答复没有送到"
    ready(grid.page)

    def lost(route: Route) -> None:
        if route.request.method == "POST":
            route.fetch()
            route.abort()
        else:
            route.continue_()

    grid.page.context.set_offline(True)
    grid.page.goto("/report")
    write(grid.page, words)
    grid.page.locator("form .send button").click()
    expect(grid.page.locator(ITEM)).to_contain_text("等信号")
    grid.page.route("**/report", lost)
    grid.page.context.set_offline(False)
    expect(grid.page.locator(ITEM)).to_contain_text("等信号")
    grid.page.wait_for_timeout(1500)
    grid.page.unroute("**/report")
    grid.page.reload()
    expect(grid.page.locator(ITEM)).to_contain_text("ZP-")
    assert found(grid, words) == 1


def test_what_is_spoken_is_written_and_it_is_said_who_hears_it(person: People) -> None:
    grid = person("grid")
    grid.page.add_init_script("window.said = '路边的树要倒了';" + SPEECH)
    grid.open("/report")
    expect(grid.page.locator("[data-speak-note]")).to_contain_text("浏览器厂家")
    grid.page.locator("[data-speak]").click()
    expect(grid.page.locator("[name=what]")).to_have_value("路边的树要倒了")


def test_a_recording_and_the_phones_place_reach_whoever_handles_it(person: People, tmp_path: Path) -> None:
    """The place goes along where no village's coordinates are known; the recording is played on the case's page."""
    recording = tmp_path / "录音.wav"
    recording.write_bytes(wav(0.5))
    grid, duty = person("grid"), person("duty")
    grid.page.context.grant_permissions(["geolocation"])
    grid.page.context.set_geolocation({"latitude": 33.1, "longitude": 108.1, "accuracy": 30})
    page = grid.page
    page.goto("/report")
    page.locator("[name=what]").fill("挡墙鼓起来了，听录音")
    page.locator("[data-place]").click()
    expect(page.locator("[name=where]")).to_have_value("(33.10000, 108.10000 ±30 m)")
    page.locator("[data-pick]").click()
    page.locator("[data-pick-village]").select_option(index=3)
    expect(page.locator("[name=where]")).to_have_value(re.compile(r".+ \(33.10000, 108.10000 ±30 m\)$"))
    page.locator("[name=urgency][value=soon]").check()
    page.locator("[type=file]").set_input_files(recording)
    expect(page.locator(".form-files")).to_contain_text(recording.name)
    page.locator("[data-keep]").click()
    expect(page.locator(ITEM)).to_have_count(1)
    expect(page.locator(".form-files")).to_have_count(0)
    page.locator("[data-open]").click()
    expect(page.locator(".form-files")).to_contain_text(recording.name)
    grid.send()
    found = re.search(r"ZP-\d{4}-\d{6}", page.locator(".receipt").inner_text())
    assert found
    duty.page.goto(f"/ledger?words={found[0]}")
    duty.page.locator("tbody a").first.click()
    expect(duty.page.locator("a[href='geo:33.1,108.1']")).to_be_visible()
    sound = duty.page.locator("#file audio")
    sound.evaluate("one => { one.muted = true; return one.play(); }")
    assert sound.evaluate("one => one.duration") == 0.5
    duty.look()


def test_the_phones_place_names_the_nearest_village(person: People, product: Product) -> None:
    engine = create_engine(product.database)
    with engine.begin() as connection:
        lies = text("UPDATE division SET latitude = :north, longitude = :east WHERE name = :name AND kind = 'village'")
        for name, north, east in (("民主村", 31.89, 109.53), ("蔬菜村", 31.95, 109.6)):
            connection.execute(lies, {"name": name, "north": north, "east": east})
    engine.dispose()
    grid = person("grid")
    grid.page.context.grant_permissions(["geolocation"])
    grid.page.context.set_geolocation({"latitude": 31.895, "longitude": 109.531, "accuracy": 7.5})
    grid.page.goto("/report")
    grid.page.locator("[data-place]").click()
    expect(grid.page.locator("[name=where]")).to_have_value("钟宝镇民主村 (31.89500, 109.53100 ±8 m)")
    grid.page.context.set_geolocation({"latitude": 33.0, "longitude": 108.0, "accuracy": 7.5})
    grid.page.locator("[name=where]").fill("")
    grid.page.locator("[data-place]").click()
    expect(grid.page.locator("[name=where]")).to_have_value("(33.00000, 108.00000 ±8 m)")


def test_without_script_a_known_matter_is_joined(person: People) -> None:
    other, grid = person("grid2"), person("grid", script=False)
    number, _ = other.report("村委会门口的电线垂下来了，碰得到头", "钟宝镇民主村", "soon", kind="hazard")
    grid.open("/report")
    grid.fill({"what": "门口电线垂下来，碰得到头", "where": "民主村", "urgency": "soon"})
    with grid.page.expect_navigation():
        grid.page.locator("button[value=similar]").click()
    with grid.page.expect_navigation():
        grid.page.locator(".item", has_text=number).get_by_role("button").click()
    expect(grid.page.locator(".receipt")).to_contain_text(number)
    grid.open("/report")
    with grid.page.expect_navigation():
        grid.page.locator("[data-round] button").click()
    expect(grid.page.locator("#rounds")).to_be_visible()
