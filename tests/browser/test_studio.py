"""Administrators in the studio: a step is drawn, found wrong, mended, approved by another, and worked on in a case."""

import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page, expect

from tests.browser.people import Person
from tests.browser.test_cockpit import Rest, confirm, press, rest

pytestmark = pytest.mark.browser
People = Callable[..., Person]

VENDORS = sorted(Path(__file__).with_name("foreign").iterdir())
"""Diagrams as other tools write them; the one that says GBK is sent in GBK."""
FOREIGN = Path(__file__).with_name("foreign").joinpath("other.bpmn").read_text("utf-8")
__all__ = ["rest"]
FOLLOWED = {"state": "done", "result": "问清楚了"}
COURT = {"types": ["court.file"], "worker": "court"}
TYPE_OF = "of('elementRegistry').get('{}').businessObject.extensionElements?.values[0].type"
RENAME = """of('modeling').updateProperties(
    of('elementRegistry').find((one) => one.type === 'bpmn:UserTask'), {{ name: '{}' }})"""


@pytest.fixture
def size() -> str:
    """Diagrams are drawn at a desk."""
    return "desktop"


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


def parts_of(text: str) -> Counter[tuple[str, ...]]:
    """Everything that a file says: elements, attributes, words, comments, each as often as it is said."""
    found: Counter[tuple[str, ...]] = Counter()
    for node in etree.fromstring(text.encode()).getroottree().iter():
        if isinstance(node, etree._Comment):
            found["comment", node.text or ""] += 1
            continue
        found["element", str(node.tag)] += 1
        found.update(("attribute", str(node.tag), str(name), str(value)) for name, value in node.attrib.items())
        if node.text and node.text.strip():
            found["words", str(node.tag), node.text.strip()] += 1
    return found


def begun(office: Person, what: str) -> str:
    """Begin a case in the workbench; returns its number."""
    office.open("/start")
    office.page.get_by_role("link", name="信访登记与甄别").click()
    office.fill({"what": what, "where": "钟宝镇民主村", "urgency": "ordinary"})
    office.send()
    found = re.search(r"ZP-\d{4}-\d{6}", office.page.locator("main").inner_text())
    assert found
    return found[0]


def drawn_step(admin: Person, draft: str) -> tuple[str, str]:
    """Draw a step with a form and a timer, and behind it work for another system; returns their ids."""
    page = edit(admin, draft, "petition-intake/petition-intake.bpmn")
    do(page, "of('selection').select(of('elementRegistry').get('received'))")
    page.locator(".djs-context-pad [data-action=append]").click()
    page.locator(".djs-popup-search input").fill("到期提醒")
    page.locator(".djs-popup [data-id=county-task-deadline]").click()
    step = str(do(page, "of('elementRegistry').filter((one) => one.type === 'bpmn:UserTask').at(-1).id"))
    timer = str(do(page, f"of('elementRegistry').get('{step}').attachers[0].id"))
    do(page, f"of('selection').select(of('elementRegistry').get('{timer}'))")
    page.locator(".djs-context-pad [data-action='append.end-event']").click()
    do(page, f"of('selection').select(of('elementRegistry').get('{step}'))")
    page.locator(".djs-context-pad [data-action=append]").click()
    page.locator(".djs-popup-search input").fill("服务任务")
    page.locator(".djs-popup [data-id$=service-task]").first.click()
    service = str(do(page, "of('elementRegistry').filter((one) => one.type === 'bpmn:ServiceTask').at(-1).id"))
    page.keyboard.type("报法院备案")
    page.locator("#bio-properties-panel-house-external").click()
    page.keyboard.type("court.")
    until(page, f"{TYPE_OF.format(service)} === 'court.'")  # written down in the middle of typing
    page.keyboard.type("file")
    until(page, f"{TYPE_OF.format(service)} === 'court.file'")
    do(page, f"of('selection').select(of('elementRegistry').get('{service}'))")
    page.locator(".djs-context-pad [data-action='append.end-event']").click()

    finding = page.locator(f"[data-findings] [data-rule=no-form][data-element={step}]")
    expect(finding).to_be_visible()
    expect(page.locator(".finding-mark.is-warning")).to_be_visible()
    finding.locator("button").click()
    page.locator("#bio-properties-panel-house-form").select_option("f-followup")
    page.locator("#bio-properties-panel-house-role").select_option("petition_officer")
    expect(finding).to_have_count(0)
    do(page, f"of('modeling').updateProperties(of('elementRegistry').get('{step}'), {{ name: '先打电话' }})")
    saved(page)
    return step, service


def played_through(admin: Person, draft: str, step: str) -> None:
    """Play the draft: the step by its form, the clock past its timer, the other system's part."""
    admin.open(draft)
    admin.page.locator("#try + ul").get_by_role("link", name="试演").click()
    press(admin, "一步一步试演")
    admin.page.locator("#start-variables").fill("level: county")
    press(admin, "启动流程")
    press(admin, "7天")
    admin.page.locator(f"a[href$='/{step}']").click()
    admin.fill(FOLLOWED)
    admin.send()
    expect(admin.page.locator("main")).to_contain_text("已办：先打电话")
    admin.page.locator("summary", has_text="报法院备案").click()
    press(admin, "办好了")
    expect(admin.page.locator("summary", has_text="报法院备案")).to_have_count(0)


def test_a_step_is_drawn_mended_played_deployed_worked_on_and_repaired(person: People, rest: Rest) -> None:
    admin, second, office = person("admin"), person("admin2"), person("petition")
    begun(office, "水管漏水")
    old = rest("/instances/search?process=petition-intake&limit=1")["items"][0]["id"]
    draft = draft_of(admin, "process", "petition-intake")
    step, service = drawn_step(admin, draft)
    played_through(admin, draft, step)

    admin.page.goto(f"{draft}/edit/petition-intake/scenarios/intake.yaml")
    text = admin.page.locator("[data-text]")
    started = re.compile(r"^( *- )start: \{.*\}$", re.MULTILINE)
    more = rf"\g<0>\n\g<1>complete: {{task: {step}}}\n\g<1>job: {{task: {service}}}"
    text.fill(started.sub(more, text.input_value()))
    saved(admin.page)
    admin.open(draft)
    admin.page.locator("#reason").fill("先打电话问清楚")
    press(admin, "申请发布")
    release = admin.page.url
    expect(admin.page.locator("#progress[data-state=waiting]")).to_be_visible(timeout=240_000)
    expect(admin.page.get_by_role("button", name="同意", exact=True)).to_have_count(0)
    second.open(release)
    expect(second.page.locator("main")).to_contain_text("先打电话")
    second.page.get_by_role("button", name="同意", exact=True).click()
    expect(second.page.locator("#progress[data-state=deployed]")).to_be_visible(timeout=60_000)
    second.open("/studio/library/process/petition-intake")
    expect(second.page.locator("main")).to_contain_text("先打电话问清楚")

    number = begun(office, "路灯不亮")
    office.do(number, "先打电话", FOLLOWED)
    instance = broken(rest)
    admin.open("/cockpit/incidents")
    admin.page.locator(".item", has=admin.page.locator(f"a[href$='{instance}']")).get_by_role("link").first.click()
    expect(admin.page.locator(".notice.danger")).to_contain_text("the court's system is down")
    press(admin, "重试")
    confirm(admin, "重试")
    expect(admin.page.locator(".notice.danger")).to_have_count(0)
    [job] = rest("/jobs/activate", COURT)["items"]
    rest(f"/jobs/{job['job']['id']}/complete", {"lock": job["lock"]})
    assert service not in rest.steps(instance)

    admin.open("/cockpit/processes/petition-intake/compare")
    expect(admin.page.locator(f"[data-element-id={step}].is-added")).to_be_visible()
    admin.page.locator("#reason").fill("老案件也按新流程办")
    press(admin, "对全部实例试迁移")
    press(admin, "开始")
    expect(admin.page.locator("#progress .tag.done")).to_be_visible()
    admin.open("/cockpit/instances?process=petition-intake&version=1&status=active")
    expect(admin.page.locator(f"a[href$='/{old}']")).to_have_count(0)
    admin.open("/cockpit/instances?process=petition-intake&version=2&status=active")
    expect(admin.page.locator(f"a[href$='/{old}']")).to_be_visible()

    admin.open(release)
    admin.page.locator("#reason").fill("电话改由村里打")
    press(admin, "退回上一版")
    expect(admin.page.locator("#progress[data-state=waiting]")).to_be_visible(timeout=240_000)
    second.open(admin.page.url)
    second.page.get_by_role("button", name="同意", exact=True).click()
    expect(second.page.locator("#progress[data-state=deployed]")).to_be_visible(timeout=60_000)
    admin.open("/studio/library/process/petition-intake")
    expect(admin.page.locator("main")).to_contain_text("第 3 版")
    draft = draft_of(admin, "process", "petition-intake")
    text = admin.page.request.get(_content(draft, "petition-intake/petition-intake.bpmn")).text()
    assert step not in text, "others go on with the process as it was"


def broken(rest: Rest) -> str:
    """The other system takes the job and fails for good; the instance."""
    [job] = rest("/jobs/activate", COURT)["items"]
    failed = {"lock": job["lock"], "message": "the court's system is down", "retries": 0}
    rest(f"/jobs/{job['job']['id']}/fail", failed)
    return str(job["job"]["instance_id"])


def test_a_foreign_diagram_loses_nothing(person: People) -> None:
    admin = person("admin")
    draft = bring_in(admin, "elsewhere.bpmn", FOREIGN)
    page = edit(admin, draft, "elsewhere/elsewhere.bpmn")
    do(page, "of('modeling').updateProperties(of('elementRegistry').get('work'), { name: 'Another name' })")
    do(page, "of('modeling').moveElements([of('elementRegistry').get('end')], { x: 40, y: 0 })")
    saved(page)
    before, after = parts_of(FOREIGN), parts_of(page.request.get(_content(draft, "elsewhere/elsewhere.bpmn")).text())
    gone, come = before - after, after - before
    renamed = ("attribute", "{http://www.omg.org/spec/BPMN/20100524/MODEL}userTask", "name", "Work")
    assert renamed in gone
    moved = {"x", "y"}
    assert {one for one in gone if one != renamed and one[2] not in moved} == set()
    assert {one[0] for one in come} == {"attribute"}
    assert {one[2] for one in come} <= {"name", *moved}


@pytest.mark.parametrize("file", VENDORS, ids=lambda file: file.name.partition(".")[0])
def test_a_diagram_of_another_vendor_loses_nothing(person: People, file: Path) -> None:
    admin, text = person("admin"), file.read_text("utf-8")
    draft = bring_in(admin, file.name, text)
    name = admin.page.locator("table a[href*='/edit/']").inner_text()
    page = edit(admin, draft, name)
    task = do(page, "of('elementRegistry').find((one) => /Task$/.test(one.type)).id")
    do(page, f"of('modeling').updateProperties(of('elementRegistry').get('{task}'), {{ name: 'Another name' }})")
    saved(page)
    before = parts_of(text.replace('encoding="GBK"', 'encoding="UTF-8"'))
    after = parts_of(page.request.get(_content(draft, name)).text())
    assert [one[:1] + one[2:3] for one in before - after] == [("attribute", "name")]
    assert [one[2:] for one in after - before] == [("name", "Another name")]


def test_what_a_collapsed_step_holds_stays_where_it_was(person: People) -> None:
    admin = person("admin")
    name = "collapsed/collapsed.bpmn"
    content = Path(__file__).with_name("foreign").joinpath("collapsed.bpmn").read_text("utf-8")
    draft = bring_in(admin, "collapsed.bpmn", content)
    page = edit(admin, draft, name)
    spots = """of('elementRegistry').filter((one) => one.id.startsWith('inner') && !one.labelTarget).map((one) =>
        [one.id, ...(one.waypoints ?? [one]).map(({ x, y }) => [x, y])]).sort()"""
    do(page, "of('modeling').moveElements([of('elementRegistry').get('inner-begin')], { x: 0, y: 30 })")
    do(page, "of('modeling').updateProperties(of('elementRegistry').get('inner-work'), { name: 'Renamed' })")
    saved(page)
    before = do(page, spots)
    page = edit(admin, draft, name)
    assert do(page, spots) == before


def test_a_file_without_a_drawing_says_so(person: People) -> None:
    admin = person("admin")
    bare = FOREIGN.partition("<di:BPMNDiagram")[0] + "</definitions>"
    page = admin.page
    page.goto(f"{bring_in(admin, 'bare.bpmn', bare)}/edit/elsewhere/bare.bpmn")
    expect(page.locator("[data-failed]")).to_contain_text("文件里没有图形")
    page.get_by_role("link", name="用文本编辑").click()
    expect(page.locator("[data-text]")).to_have_value(re.compile("Elsewhere"))


def test_what_is_removed_takes_only_itself_along(person: People) -> None:
    admin = person("admin")
    draft = bring_in(admin, "elsewhere.bpmn", FOREIGN)
    page = edit(admin, draft, "elsewhere/elsewhere.bpmn")
    do(page, "of('modeling').removeElements([of('elementRegistry').get('end')])")
    saved(page)
    text = page.request.get(_content(draft, "elsewhere/elsewhere.bpmn")).text()
    after = parts_of(text)
    assert 'id="end"' not in text
    assert 'id="f2"' not in text
    kept = [one for one in parts_of(FOREIGN) if one[0] == "element" and "vendor" in one[1]]
    lost = {one for one in kept if after[one] < parts_of(FOREIGN)[one]}
    assert lost <= {("element", "{urn:vendor:two}style")}  # it stood in the flow that went
    do(page, "of('commandStack').undo()")
    saved(page)
    back = parts_of(page.request.get(_content(draft, "elsewhere/elsewhere.bpmn")).text())
    assert back == parts_of(FOREIGN)


def test_two_who_edit_are_told_and_nothing_is_overwritten(person: People) -> None:
    first, second = person("admin"), person("admin2")
    draft = draft_of(first, "process", "patrol")
    name = "patrol/patrol.bpmn"
    one, other = edit(first, draft, name), edit(second, draft, name)
    do(one, RENAME.format("甲改的"))
    saved(one)
    do(other, RENAME.format("乙改的"))
    expect(other.locator("[data-conflict]")).to_contain_text("示例管理员")
    assert "甲改的" in one.request.get(_content(draft, name)).text()
    other.get_by_role("button", name="看差别").click()
    expect(other.locator("[data-differences]")).to_contain_text("乙改的")
    with other.expect_navigation():
        other.get_by_role("button", name="把我的另存为自己的草稿").click()
    mine = other.url.partition("/edit/")[0]
    assert mine != draft
    assert "乙改的" in other.request.get(_content(mine, name)).text()


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


def test_an_ended_case_is_played_again_on_a_draft(person: People) -> None:
    admin = person("admin")
    draft_of(admin, "process", "intake")
    admin.page.locator("#try + ul").get_by_role("link", name="假如").click()
    admin.page.locator("#most").fill("1")
    press(admin, "开始重演")
    expect(admin.page.locator("main")).to_contain_text("已重演1件，共1件", timeout=120_000)
    expect(admin.page.locator("main")).not_to_contain_text("还在进行", timeout=30_000)


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
    assert "来不及保存" not in page.request.get(_content(draft, name)).text()
    page.get_by_role("button", name="看差别").click()
    expect(page.locator("[data-differences]")).to_contain_text("来不及保存")
    with page.expect_navigation():
        page.get_by_role("button", name="恢复改动").click()
    expect(page.locator("[data-editor][data-ready]")).to_be_visible()
    expect(page.locator("[data-conflict]")).to_be_hidden()
    assert "来不及保存" in page.request.get(_content(draft, name)).text()


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


def _content(draft: str, name: str) -> str:
    return f"{draft.replace('/studio/', '/api/v1/studio/')}/files/{name}"
