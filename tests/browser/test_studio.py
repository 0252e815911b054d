"""Administrators in the studio: a step is drawn, found wrong, mended, approved by another, and worked on in a case."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.drawing import content_of, do, draft_of, edit, saved, until
from tests.browser.people import Person
from tests.browser.test_cockpit import Rest, confirm, press, rest

pytestmark = pytest.mark.browser
People = Callable[..., Person]
__all__ = ["rest"]
FOLLOWED = {"state": "done", "result": "问清楚了"}
COURT = {"types": ["court.file"], "worker": "court"}
TYPE_OF = "of('elementRegistry').get('{}').businessObject.extensionElements?.values[0].type"


@pytest.fixture
def size() -> str:
    """Diagrams are drawn at a desk."""
    return "desktop"


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
    text = admin.page.request.get(content_of(draft, "petition-intake/petition-intake.bpmn")).text()
    assert step not in text, "others go on with the process as it was"


def broken(rest: Rest) -> str:
    """The other system takes the job and fails for good; the instance."""
    [job] = rest("/jobs/activate", COURT)["items"]
    failed = {"lock": job["lock"], "message": "the court's system is down", "retries": 0}
    rest(f"/jobs/{job['job']['id']}/fail", failed)
    return str(job["job"]["instance_id"])


def test_an_ended_case_is_played_again_on_a_draft(person: People) -> None:
    admin = person("admin")
    draft_of(admin, "process", "intake")
    admin.page.locator("#try + ul").get_by_role("link", name="假如").click()
    admin.page.locator("#most").fill("1")
    press(admin, "开始重演")
    expect(admin.page.locator("main")).to_contain_text("已重演1件，共1件", timeout=120_000)
    expect(admin.page.locator("main")).not_to_contain_text("还在进行", timeout=30_000)
