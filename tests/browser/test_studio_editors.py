"""The studio's editors: saving, expressions, tables, forms, and both languages."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.drawing import RENAME, content_of, do, draft_of, edit, saved
from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]


@pytest.fixture
def size(request: pytest.FixtureRequest) -> str:
    """Most is drawn at a desk."""
    return str(getattr(request, "param", "desktop"))


def test_two_who_edit_are_told_and_nothing_is_overwritten(person: People) -> None:
    first, second = person("admin"), person("admin2")
    draft = draft_of(first, "process", "patrol")
    name = "patrol/patrol.bpmn"
    one, other = edit(first, draft, name), edit(second, draft, name)
    do(one, RENAME.format("甲改的"))
    saved(one)
    do(other, RENAME.format("乙改的"))
    expect(other.locator("[data-conflict]")).to_contain_text("示例管理员")
    assert "甲改的" in one.request.get(content_of(draft, name)).text()
    other.get_by_role("button", name="看差别").click()
    expect(other.locator("[data-differences]")).to_contain_text("乙改的")
    with other.expect_navigation():
        other.get_by_role("button", name="把我的另存为自己的草稿").click()
    mine = other.url.partition("/edit/")[0]
    assert mine != draft
    assert "乙改的" in other.request.get(content_of(mine, name)).text()


def test_what_a_dying_tab_could_not_save_is_offered_again(person: People) -> None:
    admin = person("admin")
    draft, name = draft_of(admin, "process", "patrol"), "patrol/patrol.bpmn"
    page = edit(admin, draft, name)
    page.evaluate("() => { window.fetch = async () => { throw new TypeError('the line is dead'); }; }")
    do(page, RENAME.format("来不及保存"))
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    admin.page = page.context.new_page()
    page.close()
    page = edit(admin, draft, name)
    assert "来不及保存" not in page.request.get(content_of(draft, name)).text()
    page.get_by_role("button", name="看差别").click()
    expect(page.locator("[data-differences]")).to_contain_text("来不及保存")
    with page.expect_navigation():
        page.get_by_role("button", name="恢复改动").click()
    expect(page.locator("[data-editor][data-ready]")).to_be_visible()
    expect(page.locator("[data-conflict]")).to_be_hidden()
    assert "来不及保存" in page.request.get(content_of(draft, name)).text()


def test_who_is_signed_out_meanwhile_is_told_what_to_do_and_loses_nothing(person: People) -> None:
    admin = person("admin")
    draft, name = draft_of(admin, "process", "patrol"), "patrol/patrol.bpmn"
    page = edit(admin, draft, name)
    page.context.clear_cookies()
    do(page, RENAME.format("登录失效"))
    expect(page.locator("[data-saved]")).to_contain_text("请重新登录，再刷新本页")
    admin.page = page.context.new_page()
    admin.sign_in("admin")
    page.close()
    page = edit(admin, draft, name)
    with page.expect_navigation():
        page.get_by_role("button", name="恢复改动").click()
    expect(page.locator("[data-editor][data-ready]")).to_be_visible()
    assert "登录失效" in page.request.get(content_of(draft, name)).text()


def test_what_is_drawn_on_a_draft_that_was_discarded_becomes_a_draft_of_its_own(person: People) -> None:
    first, second = person("admin"), person("admin2")
    draft, name = draft_of(first, "process", "patrol"), "patrol/patrol.bpmn"
    page = edit(second, draft, name)
    first.page.get_by_role("button", name="放弃", exact=True).click()
    expect(first.page.locator(".notice").first).to_be_visible()
    do(page, RENAME.format("还在画"))
    with page.expect_navigation():
        page.get_by_role("button", name="把我的另存为自己的草稿").click()
    mine = page.url.partition("/edit/")[0]
    assert mine != draft
    assert "还在画" in page.request.get(content_of(mine, name)).text()


def test_an_expression_is_worth_something_for_an_example(person: People) -> None:
    admin = person("admin")
    page = edit(admin, draft_of(admin, "process", "civil-dispute"), "civil-dispute/civil-dispute.bpmn")
    do(page, "of('selection').select(of('elementRegistry').get('tell-routes'))")
    expect(page.locator("[data-expressions]")).to_contain_text('["village_mediator"]')
    page.locator("[data-example]").fill('{"level": "county"}')
    expect(page.locator("[data-expressions]")).to_contain_text('["county_mediator"]')
    do(page, "of('selection').select(of('elementRegistry').get('is-accepted-mediation-call'))")
    page.locator("[data-group-id=group-condition] .bio-properties-panel-group-header").click()
    page.locator("[data-entry-id=conditionExpression] .cm-content").click()
    page.keyboard.press("Control+A")
    page.keyboard.type("acc")  # a variable of this process, by its first letters
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("accepted")


def test_completion_offers_the_functions_that_there_are(person: People) -> None:
    admin = person("admin")
    page = edit(admin, draft_of(admin, "process", "civil-dispute"), "civil-dispute/civil-dispute.bpmn")
    do(page, "of('selection').select(of('elementRegistry').get('is-accepted-mediation-call'))")
    page.locator("[data-group-id=group-condition] .bio-properties-panel-group-header").click()
    cell = page.locator("[data-entry-id=conditionExpression] .cm-content")
    offered = page.locator(".cm-tooltip-autocomplete")
    cell.click()
    page.keyboard.press("Control+A")
    page.keyboard.type("add working")
    expect(offered).to_contain_text("add working days")
    expect(page.locator(".cm-completionInfo")).to_contain_text('add working days(@"2026-09-29", 5) → @"2026-10-12"')
    page.keyboard.press("Control+A")
    page.keyboard.type("fro")
    expect(offered).not_to_contain_text("fromAi")


def test_a_table_is_tried_and_a_form_is_seen_in_both_languages(person: People) -> None:
    admin = person("admin")
    page = edit(admin, draft_of(admin, "decision", "land_road"), "land/land-road.dmn")
    expect(page.locator("[data-bench-result] [data-value]")).not_to_be_empty()
    expect(page.locator("[data-bench-result]")).to_contain_text("成立的规则")
    page = edit(admin, draft_of(admin, "form", "f-followup"), "f-followup.form.json")
    expect(page.locator("[data-preview=zh] label, [data-preview=zh] legend").first).to_be_visible()
    expect(page.locator("[data-preview=en] label, [data-preview=en] legend").first).to_be_visible()


def test_the_editors_miss_no_chinese(person: People) -> None:
    admin = person("admin")
    page = edit(admin, draft_of(admin, "process", "civil-dispute"), "civil-dispute/civil-dispute.bpmn")
    ids = do(page, "of('elementRegistry').filter((one) => one.type !== 'label').map((one) => one.id)")
    assert isinstance(ids, list)
    for element in ids:
        do(page, f"of('selection').select(of('elementRegistry').get('{element}'))")
        page.wait_for_timeout(30)
    page.locator(".djs-palette [data-action=create]").click()
    expect(page.locator(".djs-popup")).to_be_visible()
    assert page.evaluate("[...untranslated]") == []
    for kind, key, file in (
        ("decision", "triage", "intake/triage.dmn"),
        ("form", "f4-acceptance", "f4-acceptance.form.json"),
    ):
        page = edit(admin, draft_of(admin, kind, key), file)
        for place in page.locator("[data-views] button, .fjs-element").all()[:40]:
            place.click(position={"x": 4, "y": 4})
        assert page.evaluate("[...untranslated]") == []


def test_a_configured_task_is_kept_as_a_template_for_everybody(person: People) -> None:
    admin, second = person("admin"), person("admin2")
    page = edit(admin, draft_of(admin, "process", "patrol"), "patrol/patrol.bpmn")
    place = page.locator("[data-template]")
    place.locator("summary").click()
    place.locator("input").fill("电话回访一次")
    place.get_by_role("button").click()
    expect(place.locator("[role=status]")).to_contain_text("请先在图中选一个任务")
    chosen = "of('elementRegistry').find((one) => one.type === 'bpmn:UserTask')"
    do(page, f"of('selection').select({chosen})")
    page.locator("#bio-properties-panel-house-form").select_option("f-followup")
    place.locator("input").fill("电话回访一次")
    place.get_by_role("button").click()
    expect(place.locator("[role=status]")).to_contain_text("“电话回访一次”已在")

    second.open("/studio/step-templates")
    expect(second.page.locator("main")).to_contain_text("电话回访一次")
    page = edit(second, draft_of(second, "process", "patrol"), "patrol/patrol.bpmn")
    do(page, "of('selection').select(of('elementRegistry').find((one) => one.type === 'bpmn:StartEvent'))")
    page.locator(".djs-context-pad [data-action=append]").click()
    page.locator(".djs-popup-search input").fill("电话回访一次")
    page.locator(".djs-popup .entry", has_text="电话回访一次").click()
    drawn = "of('elementRegistry').filter((one) => one.type === 'bpmn:UserTask').at(-1)"
    form = "businessObject.extensionElements.values.find((one) => one.$type === 'zeebe:FormDefinition').formId"
    assert do(page, f"{drawn}.{form}") == "f-followup"
    assert do(page, f"{drawn}.incoming.length") == 1
    saved(page)
    second.open("/studio/step-templates")
    second.page.get_by_role("button", name="去掉 电话回访一次").click()
    expect(second.page.locator("main")).to_contain_text("还没有模板")


@pytest.mark.parametrize("size", ["phone"], indirect=True)
def test_a_form_is_built_on_a_phone(person: People, size: str) -> None:
    admin = person("admin")
    page = edit(admin, draft_of(admin, "form", "f-followup"), "f-followup.form.json")
    for part in (".fjs-palette-container", ".fjs-form-container", ".fjs-properties-container"):
        box = page.locator(part).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390, part
    page.locator(".fjs-form-container .fjs-element[data-field-type=radio]").first.click(position={"x": 4, "y": 4})
    page.locator("[data-group-id=group-general] .bio-properties-panel-group-header").click()
    label = page.locator("#bio-properties-panel-label")
    label.fill("问得怎么样")
    expect(page.locator("[data-preview=zh]")).to_contain_text("问得怎么样")
    saved(page)
