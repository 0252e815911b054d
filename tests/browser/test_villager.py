"""A villager's day on a phone: from the numbers to call first to saying whether it helped; without script as well."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from engine import clock
from tests.browser.conftest import Product
from tests.browser.people import Person
from tests.browser.test_offline import PIXEL
from tests.browser.test_stories import DECIDE, LAND, TRIAGE, a_week_later
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]
PHONE = "0915-3300021"
WORDS = {
    "zh-CN": {
        "added": "已经记进卷宗", "chosen": "已经记下", "rated": "怎么说，就怎么记", "visit": "您的号是",
        "told": "有变化会发短信",
    },
    "en-GB": {
        "added": "It is on the file", "chosen": "Your choice is noted", "rated": "stands as you gave it",
        "visit": "Your number is", "told": "You get a message",
    },
}  # fmt: skip


def follow(villager: Person, code: str) -> None:
    """Look where the report stands."""
    villager.open("/follow")
    villager.page.locator("#code").fill(code)
    villager.page.locator("#phone").fill(PHONE)
    press(villager, "form[action='/follow'] button")
    expect(villager.page.locator(".standing-now")).to_be_visible()


def press(villager: Person, button: str) -> None:
    """Press a button that leads to another page, and look that over."""
    with villager.page.expect_navigation():
        villager.page.locator(button).last.click()
    villager.look()


def act(villager: Person, what: str, given: dict[str, object], says: str) -> None:
    """Do one of the things that can be done."""
    press(villager, f"form[action='/follow/{what}'] button")
    villager.fill(given)
    press(villager, "form .send button:not([name])")
    expect(villager.page.locator(".notice.good")).to_contain_text(says)


@pytest.mark.parametrize("size", ["phone"], indirect=True)
@pytest.mark.parametrize(("script", "locale"), [(True, "zh-CN"), (False, "zh-CN"), (True, "en-GB")])
def test_a_villagers_matter(person: People, product: Product, tmp_path: Path, script: bool, locale: str) -> None:
    photo = tmp_path / "沟.png"
    photo.write_bytes(PIXEL)
    says = WORDS[locale]
    villager = person(script=script, locale=locale)
    villager.open("/")
    for number in ("110", "119", "120", "12348"):
        expect(villager.page.locator(f".strip a[href='tel:{number}']")).to_be_visible()
    number, code = villager.report(
        LAND, "钟宝镇民主村", "ordinary", kind="dispute", reporter_name="示例甲", reporter_phone=PHONE
    )
    follow(villager, code)
    expect(villager.page.locator(".plain-words")).to_contain_text("0915-33000")
    assert code not in villager.page.url
    press(villager, "form[action='/follow/add'] button")
    villager.page.locator("[type=file]").set_input_files(photo)
    if script:
        expect(villager.page.locator("main")).to_contain_text(photo.name)
    villager.fill({"what": "昨天又挖了一条沟"})
    press(villager, "form .send button:not([name])")
    expect(villager.page.locator(".notice.good")).to_contain_text(says["added"])
    press(villager, "form[action='/follow/book'] button")
    villager.page.locator("[name=name]").fill("示例甲")
    press(villager, "form .send button")
    expect(villager.page.locator(".notice.good")).to_contain_text(says["visit"])
    press(villager, ".facts form[action='/follow/book'] button")
    for ahead in range(1, 12):  # no times are offered on weekends and holidays
        villager.page.locator("[type=date]").fill((clock.today() + timedelta(days=ahead)).isoformat())
        press(villager, "button[value=open]")
        if villager.page.locator("[name=slot] option[value='10:30']").count():
            break
    villager.page.locator("[name=slot]").select_option("10:30")
    press(villager, "form .send button")
    expect(villager.page.locator(".facts")).to_contain_text("10:30")
    press(villager, "form[action='/follow/not-coming'] button")
    expect(villager.page.locator(".facts")).not_to_contain_text("10:30")
    press(villager, "button[name=wanted]")
    expect(villager.page.locator("main")).to_contain_text(says["told"])

    duty, mediator = person("duty"), person("mediator")
    duty.open("/notifications")
    expect(duty.page.locator("main")).to_contain_text(f"{number}补充了情况")
    duty.page.locator(".item", has_text=f"{number}补充").get_by_role("button", name="打开").click()
    expect(duty.page.locator("#file")).to_contain_text(photo.name)
    duty.do(number, TRIAGE, answers("f-triage"))
    duty.do(number, DECIDE, answers("f-route"))
    mediator.do(number, "征询双方意愿", answers("f-consent"))
    mediator.do(number, "受理登记", answers("f4-acceptance"))

    follow(villager, code)
    press(villager, "form[action='/follow/choose'] button")
    villager.page.locator("[name=mediator]").select_option(index=1)
    wanted = villager.page.locator("[name=mediator]").input_value()
    press(villager, "form .send button:not([name])")
    expect(villager.page.locator(".notice.good")).to_contain_text(says["chosen"])

    mediator.take(number, "选定或者指定调解员")
    expect(mediator.page.locator("[name=mediator]")).to_have_value(wanted)
    mediator.fill(answers("f-mediator"))
    mediator.send()
    for step, form in (
        ("告知权利义务", "f5-rights"), ("调解", "f10-session"), ("签调解协议书", "f11-agreement"),
        ("督促和登记履行", "f13-performance"),
    ):  # fmt: skip
        mediator.do(number, step, answers(form))
    a_week_later(product)
    duty.do(number, "回访", answers("f14-callback"))
    follow(villager, code)
    act(villager, "rate", {"solved": "yes", "satisfied": "yes"}, says["rated"])
    expect(villager.page.locator(".acts")).to_have_count(0)


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_somebody_at_risk_leaves_no_trace(person: People) -> None:
    villager = person()
    page = villager.page

    def weather(route: Route) -> None:
        route.fulfill(body="<title>weather</title>", content_type="text/html")

    page.context.route("https://www.weather.com.cn/**", weather)
    page.goto("about:blank")
    villager.open("/services")
    assert page.title() == "便民服务"
    filled = page.eval_on_selector_all("main [autocomplete]", "all => all.map((one) => one.autocomplete)")
    assert set(filled) == {"off"}
    page.locator("[name=what]").fill("家里有人打人")
    early = "Object.defineProperty(new KeyboardEvent('keydown', {key: 'Escape'}), 'timeStamp', {value: 5})"
    page.evaluate(f"() => {{ document.dispatchEvent({early}) }}")
    page.wait_for_timeout(1000)
    assert page.title() == "便民服务", "once is a slip, also in the page's first moment"
    page.keyboard.press("Escape")
    page.wait_for_timeout(1000)
    assert page.title() == "便民服务", "once is a slip"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url("https://www.weather.com.cn/")
    page.go_back()
    assert page.url == "about:blank", "the way back does not lead here"
    villager.open("/services")
    villager.fill({"what": "家里有人打人", "where": "民主村", "urgency": "soon"})
    villager.send()
    assert page.title() == "便民服务"
    kept = "async () => [(await indexedDB.databases()).length, localStorage.length, (await caches.keys()).length]"
    assert page.evaluate(kept) == [0, 0, 0]
    page.locator("[data-leave]").click()
    page.wait_for_url("https://www.weather.com.cn/")


@pytest.mark.parametrize("script", [True, False])
def test_large_type_stays_on_every_page(person: People, script: bool) -> None:
    villager = person(script=script)
    villager.open("/")
    usual = villager.page.locator("h1").bounding_box()
    press(villager, ".strip button[name=type]")
    large = villager.page.locator("h1").bounding_box()
    assert usual and large and large["height"] > usual["height"]
    for address in ("/report", "/services", "/follow", "/mediators", "/sign-in"):
        villager.open(address)
        expect(villager.page.locator("html.large")).to_have_count(1)
    press(villager, ".strip button[name=type]")
    expect(villager.page.locator("html.large")).to_have_count(0)


@pytest.mark.parametrize("login", [None, "grid"])
def test_the_way_back_to_a_refused_report_and_to_its_receipt_asks_nothing(person: People, login: str | None) -> None:
    villager = person(login)
    page = villager.page
    villager.open("/report")
    villager.fill({"what": "写了一半", "urgency": "soon", "kind": "hazard"})
    villager.send()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    page.locator("[name=what]").fill("写了一半，又补了半句")
    page.get_by_role("link", name="帮助").click()
    page.wait_for_url("**/help/*")
    page.go_back()
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=what]")).to_have_value("写了一半，又补了半句")
    expect(page.locator("[name=kind][value=hazard]")).to_be_checked()
    villager.look()
    villager.fill({"where": "民主村"})
    villager.send()
    code = page.locator(".receipt").inner_text()
    page.get_by_role("link", name="帮助").click()
    page.wait_for_url("**/help/*")
    page.go_back()
    expect(page.locator(".receipt")).to_have_text(code, use_inner_text=True)
    page.reload()
    expect(page.locator(".receipt")).to_have_text(code, use_inner_text=True)
    page.get_by_role("link", name="再报一件事").click()
    expect(page.locator("[name=what]")).to_have_value("")
    page.reload()
    expect(page.locator("[name=what]")).to_have_value("")


def test_what_was_typed_comes_back_to_nobody_else(person: People) -> None:
    one = person("grid")
    page = one.page
    one.open("/report")
    one.fill({"what": "只写了一半"})
    one.send()
    page.reload()
    expect(page.locator("[name=what]")).to_have_value("只写了一半")
    page.context.clear_cookies()
    page.reload()
    expect(page.locator("[name=what]")).to_have_value("")
