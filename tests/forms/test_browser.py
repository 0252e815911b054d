"""Forms in a real browser, with script and without, at the width of a phone."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.forms.page import Desk

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}
AXE = Path(__file__).parents[2] / "api/frontend/node_modules/axe-core/axe.min.js"
PHOTO = """async () => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 2400, height: 1200 });
    const brush = canvas.getContext("2d");
    for (let x = 0; x < 2400; x += 8) {
        brush.fillStyle = `hsl(${(x * 7) % 360} 80% 50%)`;
        brush.fillRect(x, 0, 8, 1200);
    }
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 1));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
}"""


@pytest.fixture
def phone(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A phone with the form open; any error of a script fails the test."""
    page = browser.new_page(viewport=PHONE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(desk.url)
    yield page
    page.close()
    assert errors == []


@pytest.fixture
def old_phone(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A phone without script."""
    context: BrowserContext = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.url)
    yield page
    context.close()


def fill_in(page: Page) -> None:
    page.get_by_label("邻里纠纷").check()
    page.get_by_label("简要情况").fill("粪水流到院坝\n说了几回")
    page.locator("[name='parties[0].name']").fill("张某（示例）")
    page.locator("[name='parties[1].name']").fill("李某（示例）")
    page.get_by_label("我自愿申请").check()


def test_a_form_goes_through_without_script(old_phone: Page, desk: Desk) -> None:
    fill_in(old_phone)
    old_phone.get_by_role("button", name="再添一位当事人").click()
    old_phone.locator("[name='parties[2].name']").fill("王某（示例）")
    old_phone.get_by_role("button", name="删除当事人 2").click()
    old_phone.get_by_role("button", name="提交").click()
    assert [party["name"] for party in desk.submitted[0]["parties"]] == ["张某（示例）", "王某（示例）"]
    assert desk.submitted[0]["words"] == "粪水流到院坝\n说了几回"


def test_without_script_a_question_appears_by_the_update_button(old_phone: Page) -> None:
    old_phone.get_by_label("山林土地").check()
    expect(old_phone.get_by_label("争的是什么")).to_have_count(0)
    old_phone.get_by_role("button", name="更新表单").click()
    old_phone.get_by_label("争的是什么").select_option("被占用了")


def test_without_script_sending_names_the_question_that_appeared(old_phone: Page, desk: Desk) -> None:
    fill_in(old_phone)
    old_phone.get_by_label("山林土地").check()
    old_phone.get_by_role("button", name="提交").click()
    expect(old_phone.get_by_role("alert")).to_contain_text("根据您的其他回答，还需要回答“争的是什么”。")
    assert desk.submitted == []


def test_without_script_a_file_is_kept_by_its_button_and_by_sending(old_phone: Page, desk: Desk) -> None:
    chosen = old_phone.locator("input[type=file]")
    chosen.set_input_files({"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 a"})
    old_phone.get_by_role("button", name="上传所选文件").click()
    expect(old_phone.locator(".form-files")).to_contain_text("a.pdf")
    chosen.set_input_files({"name": "b.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 b"})
    fill_in(old_phone)
    old_phone.get_by_role("button", name="提交").click()
    assert desk.submitted[0]["photos"] == ["u1", "u2"]


def test_enter_sends_the_answers_and_presses_no_other_button(old_phone: Page, desk: Desk) -> None:
    fill_in(old_phone)
    old_phone.locator("[name='parties[0].name']").press("Enter")
    assert desk.fragments == ["page "]
    assert len(desk.submitted) == 1


def test_nothing_typed_is_lost_when_something_is_wrong(old_phone: Page) -> None:
    typed = {
        "parties[0].id_number": "61092718506",
        "amount": "一万",
        "parties[1].birth": "五零年",
        "words": "\n <b>原话</b> ",
    }
    for name, text in typed.items():
        old_phone.locator(f"[name='{name}']").fill(text)
    old_phone.locator("[name='parties[0].id_number:no_answer'][value=declined]").check()
    old_phone.get_by_role("button", name="提交").click()
    for name, text in typed.items():
        expect(old_phone.locator(f"[name='{name}']")).to_have_value(text)
    expect(old_phone.locator("[name='parties[0].id_number:no_answer'][value=declined]")).to_be_checked()
    expect(old_phone.locator("#f-parties-0-id_number-error")).to_contain_text("请只留一个")


def test_the_summary_gets_the_focus_and_leads_to_the_field(phone: Page) -> None:
    phone.locator("[name='parties[1].birth']").fill("五零年")
    phone.get_by_role("button", name="提交").click()
    summary = phone.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="当事人 2：请填写“姓名”。").click()
    expect(phone.locator("[name='parties[1].name']")).to_be_focused()


def test_a_question_appears_at_once_and_focus_and_text_stay(phone: Page, desk: Desk) -> None:
    phone.locator("[name='words']").fill("先写的")
    phone.get_by_label("山林土地").check()
    expect(phone.get_by_label("争的是什么")).to_be_visible()
    expect(phone.get_by_label("山林土地")).to_be_focused()
    expect(phone.locator("[name='words']")).to_have_value("先写的")
    expect(phone.get_by_role("button", name="更新表单")).to_be_hidden()
    assert desk.fragments == ["fields refresh"]


def test_an_answer_returns_with_its_question(phone: Page) -> None:
    for kind, count in (("山林土地", 1), ("邻里纠纷", 0), ("山林土地", 1)):
        phone.get_by_label(kind).check()
        expect(phone.get_by_label("争的是什么")).to_have_count(count)
        if count and phone.locator("[name=title]").input_value() == "":
            phone.get_by_label("争的是什么").select_option("harm")
    expect(phone.get_by_label("争的是什么")).to_have_value("harm")


def test_what_is_typed_while_the_answer_is_on_its_way_stays(phone: Page) -> None:
    phone.evaluate(
        """() => {
            const slow = window.fetch;
            window.fetch = (...given) => new Promise((go) => { window.release = go; }).then(() => slow(...given));
        }"""
    )
    phone.get_by_label("山林土地").check()
    phone.locator("[name='amount']").fill("300")
    phone.locator("[name='words']").focus()
    phone.keyboard.type("后写的")
    phone.evaluate("window.release()")
    expect(phone.get_by_label("争的是什么")).to_be_visible()
    expect(phone.locator("[name='words']")).to_have_value("后写的")
    expect(phone.locator("[name='words']")).to_be_focused()
    expect(phone.locator("[name='amount']")).to_have_value("300")


def test_adding_moves_to_the_new_item_and_removing_to_the_list(phone: Page) -> None:
    phone.locator("[name='parties[0].name']").fill("甲")
    phone.locator("[name='parties[1].name']").fill("乙")
    phone.get_by_role("button", name="再添一位当事人").click()
    expect(phone.locator("[name='parties[2].name']")).to_be_focused()
    phone.get_by_role("button", name="删除当事人 1").click()
    expect(phone.locator("[name='parties[2].name']")).to_have_count(0)
    expect(phone.locator("[name='parties[0].name']")).to_have_value("乙")
    expect(phone.locator("#f-parties")).to_be_focused()


def test_where_the_server_does_not_answer_the_buttons_come_back(phone: Page) -> None:
    phone.route("**/", lambda route: route.abort())
    phone.get_by_label("山林土地").check()
    expect(phone.get_by_role("button", name="更新表单")).to_be_visible()


def test_not_knowing_and_declining_exclude_each_other(phone: Page) -> None:
    unknown, declined = (phone.locator(f"#f-parties-0-id_number-{code}") for code in ("unknown", "declined"))
    unknown.check()
    declined.check()
    expect(unknown).not_to_be_checked()


def test_a_chosen_photo_is_made_smaller_and_uploaded_at_once(phone: Page, desk: Desk) -> None:
    photo = bytes(phone.evaluate(PHOTO))
    phone.locator("input[type=file]").set_input_files(
        {"name": "stone.png.jpeg", "mimeType": "image/jpeg", "buffer": photo}
    )
    expect(phone.locator(".form-files")).to_contain_text("stone.png.jpg")
    assert desk.uploads[0].size < len(photo)
    fill_in(phone)
    phone.get_by_role("button", name="提交").click()
    expect(phone.locator(".form-answers")).to_contain_text("stone.png.jpg")
    assert desk.submitted[0]["photos"] == ["u1"]


def test_a_failed_upload_says_why_and_keeps_the_file(phone: Page, desk: Desk) -> None:
    desk.fail_uploads = True
    file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    phone.locator("input[type=file]").set_input_files(file)
    expect(phone.locator("[data-upload-error]")).to_have_text("这个文件不能上传。")
    desk.fail_uploads = False
    phone.locator("input[type=file]").set_input_files(file)
    expect(phone.locator(".form-files")).to_contain_text("a.pdf")
    expect(phone.locator("[data-upload-error]")).to_have_count(0)


def test_a_draft_is_saved_while_typing(phone: Page, desk: Desk) -> None:
    phone.locator("[name='words']").fill("还没写完")
    expect(phone.locator("[data-draft-status]")).to_have_text("已保存草稿")
    assert [draft["words"] for draft in desk.drafts] == ["还没写完"]


def test_nothing_is_wider_than_a_phone_and_targets_are_large(phone: Page) -> None:
    phone.get_by_label("山林土地").check()
    expect(phone.get_by_label("争的是什么")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    small = phone.evaluate(
        """() => [...document.querySelectorAll(".form-fields :is(.form-input, .form-button, .form-choice, summary)")]
            .filter((part) => part.offsetParent && part.getBoundingClientRect().height < 44)
            .map((part) => part.outerHTML)"""
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, desk: Desk, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: run npm ci in api/frontend")
    page = browser.new_page(viewport=PHONE, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True)
    page.goto(desk.url)
    page.get_by_label("山林土地").check()
    expect(page.get_by_label("争的是什么")).to_be_visible()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("alert")).to_be_focused()
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations', 'incomplete']})")
    told = [
        (rule["id"], [node["html"][:120] for node in rule["nodes"]])
        for rule in found["violations"] + found["incomplete"]
    ]
    assert told == []
    assert re.match(r"4\.", found["testEngine"]["version"])
