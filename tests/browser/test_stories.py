"""What villagers really said, played by the people of the county in a real browser, from the report to the closing."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from engine import clock
from engine.workflow import timers
from tests.browser.conftest import Product
from tests.browser.people import Person
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]

LAND = "李家建房子把我家的地占了"
ROCK = "我家屋后掉了一块大石头"
TRIAGE, DECIDE = "研判：勾选事实", "人来决定"


def a_week_later(product: Product) -> None:
    """What the worker does a week from now."""
    engine = create_engine(product.database)
    with clock.virtual(clock.now() + timedelta(days=8)):
        fired = True
        while fired:
            with Session(engine) as session, session.begin():
                fired = timers.fire_due(session)
    engine.dispose()


def test_land_dispute_from_the_report_to_the_closing(person: People, product: Product) -> None:
    grid, duty, mediator = person("grid"), person("duty"), person("mediator")
    number, code = grid.report(LAND, "钟宝镇民主村", "ordinary", kind="dispute")
    duty.do(number, TRIAGE, answers("f-triage"))
    duty.do(number, DECIDE, answers("f-route"))
    mediator.do(number, "征询双方意愿", answers("f-consent"))
    mediator.do(number, "受理登记", answers("f4-acceptance"))
    mediator.take(number, "选定或者指定调解员")
    mediator.page.locator("[name=mediator]").select_option(index=1)
    mediator.fill(answers("f-mediator"))
    mediator.send()
    mediator.do(number, "告知权利义务", answers("f5-rights"))
    mediator.do(number, "调解", answers("f10-session"))
    mediator.do(number, "签调解协议书", answers("f11-agreement"))
    mediator.do(number, "督促和登记履行", answers("f13-performance"))
    a_week_later(product)
    duty.do(number, "回访", answers("f14-callback"))
    duty.open("/ledger?words=" + number)
    duty.page.get_by_role("link", name=number).click()
    duty.look()
    expect(duty.page.locator(".case-head")).to_contain_text("达成并履行")
    expect(duty.page.locator("blockquote.words")).to_have_text(LAND)
    villager = person()
    villager.open("/follow")
    villager.page.locator("#code").fill(code.lower())
    villager.page.get_by_role("button", name="看办到哪一步").click()
    expect(villager.page.locator(".standing-now")).to_contain_text("达成并履行")
    villager.look()


def test_a_rock_is_called_about_first_fixed_and_struck_off(person: People, tmp_path: Path) -> None:
    photo = tmp_path / "石头.png"
    photo.write_bytes(PIXEL)
    grid, hazard, other = person("grid"), person("hazard"), person("hazard2")
    grid.open("/report")
    phones = grid.page.locator(".urgent a[href='tel:119']")
    expect(phones).to_be_visible()
    above = phones.evaluate("(a, b) => a.compareDocumentPosition(document.querySelector(b)) & 4", "[name=what]")
    assert above, "the numbers to call stand above the form"
    number, _ = grid.report(ROCK, "民主村", "danger_place", kind="hazard")
    expect(grid.page.locator(".urgent")).to_contain_text("119")
    grid.do(number, "先打电话、先撤人", answers("f-hazard-call"))
    hazard.do(number, "到现场核实", answers("f-haz"))
    hazard.do(number, "临时管控、下整改通知", answers("f-measures"))
    hazard.do(number, "整改", answers("f-rectify"))
    hazard.open("/work")
    other.do(number, "换人复查", {**answers("f-recheck"), "photos:file": str(photo)})
    other.do(number, "填销号单", answers("f-strike-off"))
    grid.open("/ledger?words=" + number)
    expect(grid.page.locator("tbody")).to_contain_text("已销号")


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def mediated(person: People) -> tuple[str, str, Person, Person]:
    """A dispute whose session is next: its number and code, the officer on duty, the mediator."""
    duty, mediator = person("duty"), person("mediator")
    number, code = person().report(LAND, "钟宝镇民主村", "ordinary", reporter_phone="0915-3300021")
    duty.do(number, TRIAGE, answers("f-triage"))
    duty.do(number, DECIDE, answers("f-route"))
    mediator.do(number, "征询双方意愿", answers("f-consent"))
    mediator.do(number, "受理登记", answers("f4-acceptance"))
    mediator.take(number, "选定或者指定调解员")
    mediator.page.locator("[name=mediator]").select_option(index=1)
    mediator.fill(answers("f-mediator"))
    mediator.send()
    mediator.do(number, "告知权利义务", answers("f5-rights"))
    return number, code, duty, mediator


def open_case(someone: Person, number: str) -> None:
    """Open a case from the ledger."""
    someone.open("/ledger?words=" + number)
    someone.page.get_by_role("link", name=number).click()
    expect(someone.page.get_by_role("heading", level=1)).to_have_text(number)


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_danger_pauses_the_mediation_until_the_police_have_answered(person: People) -> None:
    number, _, _, mediator = mediated(person)
    open_case(mediator, number)
    mediator.page.get_by_role("link", name="有人有危险").first.click()
    expect(mediator.page.locator(".urgent a[href='tel:110']")).to_be_visible()
    mediator.look()
    mediator.fill(answers("f-danger"))
    mediator.send()
    expect(mediator.page.locator(".notice.good")).to_be_visible()
    expect(mediator.page.locator(".case-head")).to_contain_text("中止")
    police = person("police")
    police.do(number, "接收并出回执", answers("f-receipt"))
    police.do(number, "反馈处理结果", answers("f-outcome"))
    mediator.take(number, "征询双方意愿")
    open_case(mediator, number)
    expect(mediator.page.locator("#history")).to_contain_text("恢复办理")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_party_leaves_and_is_told_the_other_routes(person: People) -> None:
    number, code, _, mediator = mediated(person)
    open_case(mediator, number)
    mediator.page.get_by_role("link", name="有一方退出调解").click()
    mediator.look()
    mediator.page.get_by_role("button", name="终止调解").click()
    mediator.do(number, "告知其他途径", answers("f-terminate"))
    villager = person()
    villager.open("/follow")
    villager.fill({"code": code, "phone": "0915 3300021"})
    villager.page.get_by_role("button", name="看办到哪一步").click()
    expect(villager.page.locator(".standing-now")).to_contain_text("当事人退出")
    villager.fill({"code": code, "phone": "0915 3300022"})
    villager.page.get_by_role("button", name="看办到哪一步").click()
    expect(villager.page.get_by_role("alert")).to_contain_text("对不上")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_without_an_agreement_it_goes_up_one_level(person: People) -> None:
    number, _, _, mediator = mediated(person)
    mediator.do(number, "调解", {**answers("f10-session"), "result": "none", "failed_because": "谁也不让"})
    town = person("town")
    town.take(number, "选定或者指定调解员")
    expect(town.page.locator(".facts").first).to_contain_text("镇")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_everything_works_without_script(person: People) -> None:
    villager = person(script=False)
    villager.open("/report")
    villager.send()
    expect(villager.page.get_by_role("alert")).to_be_visible()
    villager.fill({"what": LAND, "where": "民主村"})
    villager.send()
    expect(villager.page.locator("[name=what]")).to_have_value(LAND)
    villager.fill({"urgency": "ordinary"})
    villager.send()
    number = villager.page.locator(".receipt").inner_text().split("ZP-")[1].split()[0]
    duty = person("duty", script=False)
    duty.do(f"ZP-{number}", TRIAGE, answers("f-triage"))
    duty.do(f"ZP-{number}", DECIDE, answers("f-route"))
    mediator = person("mediator", script=False)
    mediator.do(f"ZP-{number}", "征询双方意愿", answers("f-consent"))
    open_case(mediator, f"ZP-{number}")
    expect(mediator.page.locator("#walked")).to_contain_text("受理登记")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_wrong_input_is_said_beside_the_field_and_nothing_is_lost(person: People) -> None:
    villager = person()
    villager.open("/report")
    villager.fill({"what": LAND, "reporter_phone": "12"})
    villager.send()
    summary = villager.page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    villager.look()
    expect(villager.page.locator("[name=what]")).to_have_value(LAND)
    expect(villager.page.locator("[name=reporter_phone]")).to_have_value("12")
    summary.get_by_role("link").first.click()
    expect(villager.page.locator("[name=where]")).to_be_focused()


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_report_sent_twice_is_one_case(person: People) -> None:
    villager = person()
    villager.open("/report")
    villager.fill({"what": LAND, "where": "民主村", "urgency": "soon"})
    receipts = villager.page.evaluate(SEND_TWICE)
    assert re.findall(r"ZP-[0-9-]+", receipts[0]) == re.findall(r"ZP-[0-9-]+", receipts[1]) != []
    assert re.findall(CODE, receipts[0]) == re.findall(CODE, receipts[1]) != []


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_the_second_of_two_officers_is_told_and_keeps_what_was_typed(person: People) -> None:
    first, second = person("duty"), person("duty2")
    number, _ = person().report("隔壁修猪圈，臭得没法吃饭", "民主村", "soon")
    for officer in (first, second):
        officer.take(number, TRIAGE)
        officer.fill(answers("f-triage"))
    first.send()
    second.send()
    expect(second.page.get_by_role("alert")).to_contain_text("这个任务已经关闭")
    expect(second.page.locator("main")).to_contain_text("您填的内容")
    second.look()


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_draft_waits_for_its_writer(person: People) -> None:
    duty = person("duty")
    number, _ = person().report("修路占了我家的菜地", "民主村", "ordinary")
    duty.take(number, TRIAGE)
    duty.page.locator("[name=subject]").select_option("farm_forest")
    duty.page.get_by_role("button", name="存草稿").click()
    expect(duty.page.locator(".notice.good")).to_be_visible()
    duty.take(number, TRIAGE)
    expect(duty.page.locator("[name=subject]")).to_have_value("farm_forest")
    duty.page.get_by_role("button", name="我来办").click()
    expect(duty.page.locator("main")).to_contain_text("您已认领")
    duty.page.get_by_role("button", name="转交").click()
    expect(duty.page.locator("main")).to_contain_text("已认领")


@pytest.mark.parametrize("size", ["phone", "desktop"], indirect=True)
def test_every_page_can_be_read_in_english(person: People) -> None:
    county = person(locale="en-GB")
    for address in ("/", "/report", "/follow", "/sign-in", "/api/docs"):
        county.open(address)
        assert_english(county)
    admin, duty = person("admin", locale="en-GB"), person("duty", locale="en-GB")
    for address in ("/work", "/ledger", "/decisions", "/account", "/nowhere"):
        admin.open(address)
        assert_english(admin)
    number, _ = duty.report(LAND, "钟宝镇民主村", "ordinary", kind="dispute")
    duty.open("/work")
    assert_english(duty)
    duty.take(number, "Triage: tick the facts")
    assert_english(duty)
    open_case(duty, number)
    assert_english(duty)
    for way in ("Somebody is in danger", "Correct the place"):
        duty.page.get_by_role("link", name=way).first.click()
        assert_english(duty)
        duty.look()
        duty.page.go_back()


def assert_english(reader: Person) -> None:
    """No Chinese on the page but what is marked as such, what people typed, and the names of made-up people."""
    shown = reader.page.evaluate(READ)
    chinese = set(re.findall(r"[一-鿿]{2,}", re.sub(r"[《》]|中文|示例[^ \n]*", "", shown)))
    assert not chinese - MARKED, f"{reader.page.url}: {chinese - MARKED}"


READ = """() => {
    const page = document.body.cloneNode(true);
    page.querySelectorAll("[lang^=zh], .sheet dd, script, style").forEach((part) => part.remove());
    return page.textContent;
}"""
CODE = r'class="code">(\w+)<'
SEND_TWICE = """async () => {
    const form = document.querySelector("[data-report]");
    const send = () => fetch("/report", { method: "POST", body: new FormData(form) }).then((answer) => answer.text());
    return Promise.all([send(), send()]);
}"""

MARKED = {"和解", "台账"}
"""Chinese that stands in the English pages on purpose."""
