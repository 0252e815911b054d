"""Reporting from a valley without a signal: what is written stays on the phone and arrives exactly once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]
NO_SIGNAL = "现在没有信号"


def ready(page: Page) -> BrowserContext:
    """Wait until the phone has its copy of the report page."""
    page.goto("/report")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    return page.context


def write(page: Page, words: str, photo: Path | None = None) -> None:
    page.locator("[name=what]").fill(words)
    page.locator("[name=where]").fill("钟宝镇民主村")
    page.locator("[name=urgency][value=soon]").check()
    if photo:
        page.locator("[type=file]").set_input_files(photo)


def found(person: Person, words: str) -> int:
    """How many cases of these words there are, for whoever may see them."""
    person.page.goto(f"/ledger?words={words}")
    return person.page.locator("tbody tr").count()


def test_a_report_written_without_a_signal_arrives_once(person: People, tmp_path: Path, size: str) -> None:
    photo = tmp_path / "路.png"
    photo.write_bytes(PIXEL)
    words = f"去民主村的路塌了一段 {size}"
    grid = person("grid")
    context = ready(grid.page)
    context.set_offline(True)
    grid.page.goto("/report")
    expect(grid.page.get_by_text(NO_SIGNAL).first).to_be_visible()
    grid.look()
    write(grid.page, words, photo)
    grid.page.get_by_role("button", name="提交").click()
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("等信号")
    grid.look()
    grid.page.reload()
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text(words)
    context.set_offline(False)
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("已送到")
    grid.page.goto("/report")
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("ZP-")
    assert found(grid, words) == 1
    grid.page.locator("tbody a").first.click()
    expect(grid.page.locator("#file")).to_contain_text(photo.name)


def test_a_report_stays_with_whoever_wrote_it(person: People, size: str) -> None:
    words = f"井盖不见了 {size}"
    grid = person("grid")
    context = ready(grid.page)
    context.set_offline(True)
    grid.page.goto("/report")
    write(grid.page, words)
    grid.page.get_by_role("button", name="提交").click()
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("等信号")
    context.clear_cookies()
    context.set_offline(False)
    grid.page.goto("/report")
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("没有登录")
    grid.sign_in("grid")
    grid.page.goto("/report")
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("已送到")
    assert found(grid, words) == 1


def test_what_comes_back_is_mended_and_sent(person: People) -> None:
    grid = person("grid")
    context = ready(grid.page)
    context.set_offline(True)
    grid.page.goto("/report")
    write(grid.page, "电话写错了一位")
    grid.page.locator("[name=reporter_phone]").fill("12")
    grid.page.get_by_role("button", name="提交").click()
    context.set_offline(False)
    entry = grid.page.locator("[data-outbox] .item")
    expect(entry).to_contain_text("需要改")
    grid.page.goto("/report")
    entry.get_by_role("button", name="接着写").click()
    expect(grid.page.locator("[name=what]")).to_have_value("电话写错了一位")
    grid.page.locator("[name=reporter_phone]").fill("0915-3300021")
    grid.send()
    expect(grid.page.locator(".receipt")).to_be_visible()


def test_what_is_too_heavy_is_said_before_it_is_kept(person: People) -> None:
    grid = person("grid")
    context = ready(grid.page)
    context.set_offline(True)
    grid.page.goto("/report")
    write(grid.page, "两边说的话都录了音")
    sounds = [recording(name) for name in ("早上.wav", "晚上.wav")]
    files = grid.page.locator("[type=file]")
    files.set_input_files(sounds)
    for button in ("提交", "在本机存草稿"):
        grid.page.get_by_role("button", name=button).click()
        expect(grid.page.locator("[data-outbox] [role=status]")).to_contain_text("12 MB")
        grid.look()
    expect(grid.page.locator("[data-outbox] .item")).to_have_count(0)
    files.set_input_files(sounds[0])
    grid.page.get_by_role("button", name="提交").click()
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("等信号")
    context.set_offline(False)
    expect(grid.page.locator("[data-outbox] .item")).to_contain_text("已送到")


def recording(name: str) -> FilePayload:
    """A recording of six megabytes."""
    return {"name": name, "mimeType": "audio/wav", "buffer": b"RIFF\0\0\0\0WAVEfmt " + bytes(6 * 1024 * 1024)}


def test_several_matters_in_one_speech_become_drafts(person: People) -> None:
    grid = person("grid")
    ready(grid.page).set_offline(True)
    grid.page.goto("/report")
    write(grid.page, "老王家的猪圈臭\n河边少了护栏\n路灯不亮")
    grid.page.get_by_role("button", name="一行一件事").click()
    expect(grid.page.locator("[name=what]")).to_have_value("老王家的猪圈臭")
    drafts = grid.page.locator("[data-outbox] .item")
    expect(drafts).to_have_count(2)
    grid.look()
    drafts.first.get_by_role("button", name="接着写").click()
    expect(grid.page.locator("[name=what]")).to_have_value("河边少了护栏")
    expect(grid.page.locator("[name=where]")).to_have_value("钟宝镇民主村")
    expect(drafts).to_have_count(2)


def test_without_an_account_nothing_stays_on_the_phone(person: People) -> None:
    villager = person()
    villager.report("有人打骂老人", "民主村", "soon")
    villager.page.goto("/report")
    expect(villager.page.locator("[data-outbox]")).to_be_hidden()


PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
