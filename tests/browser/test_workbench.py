"""A mediator's day at the desk: keys, search, colleagues, a session from the invitation to the agreement."""

import re
from collections.abc import Callable
from datetime import timedelta
from itertools import count

import pytest
from playwright.sync_api import expect

from engine import clock, demo
from tests.browser.people import Person
from tests.browser.test_stories import DECIDE, LAND, TRIAGE, mediated, open_case
from tests.factories import answers

pytestmark = pytest.mark.browser
People = Callable[..., Person]


planned_so_far = count()


def soon() -> str:
    """A moment to come, as a form takes it; each a day later, since nobody sits in two sessions at once."""
    at = (clock.now() + timedelta(days=3 + next(planned_so_far))).astimezone(clock.ZONE).replace(minute=0)
    return at.strftime("%Y-%m-%dT%H:%M")


def press(someone: Person, name: str) -> None:
    """Press a button that leads to a page, and look that page over."""
    with someone.page.expect_navigation():
        someone.page.get_by_role("button", name=name, exact=True).first.click()
    someone.look()


def planned(someone: Person, number: str) -> str:
    """Plan a session from the case's page; returns the address of its page."""
    open_case(someone, number)
    someone.page.get_by_role("link", name="安排调解或者走访").click()
    someone.look()
    someone.page.locator("[name=starts_at]").fill(soon())
    someone.page.locator("[name=place]").fill("民主村村委会")
    press(someone, "放进日程")
    return someone.page.url


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_a_mediators_day(person: People) -> None:
    number, _, _, mediator = mediated(person)
    page = mediator.page
    mediator.open("/work")
    page.keyboard.press("j")
    expect(page.locator(":focus")).to_have_attribute("href", re.compile("/tasks/"))
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?*")
    mediator.look()
    page.get_by_role("link", name=number).click()
    expect(page.locator("#waiting")).to_contain_text("“调解”")
    mediator.look()

    address = planned(mediator, number)
    press(mediator, "编号发通知")
    expect(page.locator("aside .number").first).to_contain_text("民主人调约")
    page.locator("summary", has_text="登记送达").first.click()
    press(mediator, "登记")
    expect(page.locator("aside .tag.done").first).to_be_visible()
    page.locator("[name=words]").fill("愿意退八寸")
    press(mediator, "记下来")
    expect(page.locator("main")).to_contain_text("愿意退八寸")

    page.get_by_role("link", name="进协议室").click()
    mediator.look()
    page.locator("#new-words").fill("李家退还八寸地")
    page.locator("#new-who").fill("示例乙")
    page.locator("#new-amount").fill("90")
    page.locator("#new-due").fill((clock.today() + timedelta(days=30)).isoformat())
    page.locator("#new-count").fill("3")
    press(mediator, "摆上桌")
    for side in (0, 1):
        with page.expect_navigation():
            page.locator(".sides fieldset").nth(side).get_by_role("button", name="同意").click()
    expect(page.locator(".clause-agreed")).to_have_count(1)
    mediator.look()

    mediator.open("/agenda")
    mediator.open("/agenda?as=list")
    expect(page.locator("main")).to_contain_text(number)
    mediator.do(number, "调解", answers("f10-session"))
    mediator.take(number, "签调解协议书")
    expect(page.locator("[name=content]")).to_have_value("示例乙：\n1、李家退还八寸地")
    expect(page.locator("[name='obligations[2].amount']")).to_have_value("30.00")
    given = {key: value for key, value in answers("f11-agreement").items() if key not in ("content", "obligations")}
    mediator.fill(given)
    mediator.send()
    mediator.take(number, "督促和登记履行")
    mediator.open("/agenda?as=list")
    expect(page.locator("main")).not_to_contain_text(number)
    mediator.open(address)
    expect(page.locator("main")).to_contain_text("已取消")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_colleagues_on_a_phone(person: People) -> None:
    grid, duty, other = person("grid"), person("duty"), person("duty2")
    number, _ = grid.report(LAND, "钟宝镇民主村", "ordinary", kind="dispute")
    duty.take(number, TRIAGE)
    press(duty, "我来办")
    press(duty, "撤回刚才由谁办的改动")
    expect(duty.page.get_by_role("button", name="我来办", exact=True)).to_be_visible()
    duty.open(f"/work?words={number}")
    duty.page.locator(".item .pick input").check()
    press(duty, "移交勾选的")
    duty.page.locator("#to").select_option(label="示例值班员·钟宝镇二")
    press(duty, "先看看结果")
    press(duty, "移交 1 件")
    other.open("/work?show=mine")
    expect(other.page.locator(".items")).to_contain_text(number)
    open_case(duty, number)
    duty.page.locator("#note").fill("@示例值班员·钟宝镇二 这家去年也来过")
    press(duty, "加上备注")
    other.open("/work")
    expect(other.page.locator("main")).to_contain_text("这家去年也来过")
    duty.open("/account/away")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_step_is_sent_back_with_a_reason_on_a_phone(person: People) -> None:
    duty = person("duty", dark=True)
    number, _ = person("grid").report("院坝边的树挡了邻居的光", "钟宝镇民主村", "ordinary", kind="dispute")
    duty.do(number, TRIAGE, answers("f-triage"))
    duty.take(number, DECIDE)
    duty.page.get_by_role("link", name="退回前面的步骤").click()
    duty.look()
    duty.page.locator("[name=to]").first.check()
    duty.page.locator("[name=reason]").fill("漏看了一处伤情")
    press(duty, "退回")
    expect(duty.page.locator(".notice.good")).to_be_visible()
    duty.take(number, TRIAGE)
    expect(duty.page.locator(".notice.warn")).to_contain_text("漏看了一处伤情")
    open_case(duty, number)
    expect(duty.page.locator("#history")).to_contain_text("漏看了一处伤情")


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_new_work_is_told_without_moving_what_is_read(person: People) -> None:
    grid, duty = person("grid"), person("duty")
    grid.report("一口井的事说过几回", "钟宝镇民主村", "ordinary", kind="dispute")
    duty.page.clock.install()
    duty.page.goto("/work?words=一口井")  # what others have reported meanwhile may fill the first page
    before = duty.page.locator(".item").count()
    number, _ = grid.report("两家为一口井争吵", "钟宝镇民主村", "ordinary", kind="dispute")
    with duty.page.expect_response("**/tasks/changes*"):
        duty.page.clock.fast_forward(21_000)
    expect(duty.page.locator("[data-news]")).to_contain_text("新来")
    assert duty.page.locator(".item").count() == before, "nothing moved"
    duty.page.locator("[data-news] a").click()
    expect(duty.page.locator(".items")).to_contain_text(number)


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_the_core_path_without_script(person: People) -> None:
    number, _, _, mediator = mediated(person)
    plain = person("mediator", script=False)
    planned(plain, number)
    plain.page.get_by_role("link", name="进协议室").click()
    plain.page.locator("#new-words").fill("各让一步")
    press(plain, "摆上桌")
    for side in (0, 1):
        plain.page.locator(".sides fieldset").nth(side).get_by_role("button", name="同意").click()
    expect(plain.page.locator(".clause-agreed")).to_have_count(1)
    plain.page.goto("/search?q=占了")
    expect(plain.page.locator(".items mark").first).to_have_text("占了")
    assert mediator.troubles == []


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_the_pages_of_the_desk_in_english(person: People) -> None:
    number, _, _, _ = mediated(person)
    mediator = person("mediator", locale="en-GB")
    for address in ("/work", "/work?show=overdue&due=today", "/agenda", "/account/away", f"/search?q={number}"):
        mediator.open(address)
    mediator.page.get_by_role("link", name=number).click()
    mediator.look()
    expect(mediator.page.locator("#waiting")).to_contain_text("Why it stands here:")
    case = mediator.page.url
    mediator.open(f"{case}?print=1")
    mediator.open(f"{case}/room")
    mediator.open(f"{case}/sittings")
    mediator.open(case)
    mediator.page.locator("#now .item a").first.click()
    mediator.look()
    mediator.page.get_by_role("link", name="Send back to an earlier step").click()
    mediator.look()


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_draft_that_cannot_be_saved_says_so_and_loses_nothing(person: People) -> None:
    number, _, _, mediator = mediated(person)
    mediator.take(number, "调解")
    page, said = mediator.page, mediator.page.locator("[data-draft-status]")
    statements = page.locator("[name=statements]")
    page.context.set_offline(True)
    statements.fill("墙根是我家的")
    expect(said).to_contain_text("还没存上")
    mediator.look()
    page.context.set_offline(False)
    expect(said).to_contain_text("草稿已存")
    page.context.clear_cookies()
    statements.fill("墙根是我家的，树是他家的")
    expect(said).to_contain_text("登录已经失效")
    page.get_by_role("button", name="存草稿").click()
    page.locator("#login").fill("mediator")
    page.locator("#password").fill(demo.PASSWORD)
    page.locator("main button").first.click()
    page.get_by_role("button", name="现在提交").click()
    expect(page.locator(".notice.good")).to_be_visible()
    expect(statements).to_have_value("墙根是我家的，树是他家的")
