"""Administrators mend what got stuck, in a real browser: a broken service, a misplaced token, an old version."""

import json
import urllib.request
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from engine import demo
from engine.workflow import instances
from engine.workflow.models import Definition, Instance
from tests.browser.conftest import Product
from tests.browser.people import Person
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, user_task

pytestmark = pytest.mark.browser
People = Callable[..., Person]
WHY = "因为测试"
PAGES = (
    "/cockpit", "/cockpit/instances", "/cockpit/incidents", "/cockpit/jobs", "/cockpit/timers", "/cockpit/messages",
    "/cockpit/batches", "/cockpit/processes/hazard", "/cockpit/processes/hazard/insight",
    "/cockpit/processes/hazard/compare",
)  # fmt: skip
DRAWING = (
    '<bpmndi:BPMNDiagram xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"'
    ' xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
    '<bpmndi:BPMNPlane id="plane" bpmnElement="{key}">{parts}</bpmndi:BPMNPlane>'
    "</bpmndi:BPMNDiagram></bpmn:definitions>"
)


class Rest:
    """REST as an administrator's program uses it."""

    def __init__(self, product: Product) -> None:
        self.address = product.address
        self.token = ""
        self.token = self("/tokens", {"login": "admin", "password": demo.PASSWORD})["token"]

    def __call__(self, path: str, body: Any = None) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        if not self.token:
            del headers["Authorization"]
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(urllib.request.Request(f"{self.address}/api/v1{path}", data, headers)) as answer:
            return json.loads(answer.read() or b"null")

    def deploy(self, key: str, steps: Sequence[str], service: str = "") -> str:
        """Deploy a process of steps one after another, drawn in a row; the version's id."""
        content = drawn(key, steps, service).decode()
        self("/definitions", {"files": [{"name": f"{key}.bpmn", "content": content}], "note": "a test"})
        newest: str = self(f"/definitions?key={key}")["items"][0]["id"]
        return newest

    def start(self, key: str) -> str:
        """Start a process; the instance's id."""
        made: str = self("/instances", {"process": key})["id"]
        return made

    def steps(self, instance: str) -> list[str]:
        """Where its tokens are."""
        return [one["element_id"] for one in self(f"/instances/{instance}")["tokens"]]


@pytest.fixture
def rest(product: Product) -> Rest:
    """An administrator's program."""
    return Rest(product)


def drawn(key: str, steps: Sequence[str], service: str) -> bytes:
    """The diagram of a process, with its drawing."""
    ends = ["start", *steps, "end"]
    body = START + "".join(service_task(one, f"{key}.act") if one == service else user_task(one) for one in steps) + END
    shapes, edges = [], []
    for place, one in enumerate(ends):
        width, height, y = (36, 36, 122) if one in ("start", "end") else (100, 80, 100)
        bounds = f'<dc:Bounds x="{160 * place}" y="{y}" width="{width}" height="{height}"/>'
        shapes.append(f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}">{bounds}</bpmndi:BPMNShape>')
    for place, (one, other) in enumerate(pairwise(ends)):
        begin = 160 * place + (36 if one == "start" else 100)
        points = f'<di:waypoint x="{begin}" y="140"/><di:waypoint x="{160 * (place + 1)}" y="140"/>'
        edges.append(f'<bpmndi:BPMNEdge id="{one}_{other}_di" bpmnElement="{one}_{other}">{points}</bpmndi:BPMNEdge>')
    content = diagram(body + "".join(flow(one, other) for one, other in pairwise(ends)), key=key, name=key)
    parts = "".join([*shapes, *edges])
    return content.replace(b"</bpmn:definitions>", DRAWING.format(key=key, parts=parts).encode())


def new_key() -> str:
    """A process of this test alone."""
    return f"t-{uuid4().hex[:8]}"


def press(admin: Person, name: str) -> None:
    """Press a button or follow a link by its name, and look the page over that comes."""
    with admin.page.expect_navigation():
        admin.page.get_by_role("main").get_by_role("button", name=name, exact=True).or_(
            admin.page.get_by_role("main").get_by_role("link", name=name, exact=True)
        ).first.click()
    admin.look()


def confirm(admin: Person, act: str) -> None:
    """Say why, see what will happen, and do it."""
    admin.page.locator("#reason").fill(WHY)
    press(admin, "看看会发生什么")
    expect(admin.page.locator("main")).to_contain_text("现在什么都还没变")
    press(admin, f"执行：{act}")
    expect(admin.page.locator(".notice.good")).to_be_visible()


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_page_can_be_read(person: People, locale: str, size: str) -> None:
    admin = person("admin", locale=locale, dark=size == "phone")
    for address in PAGES:
        admin.open(address)
    admin.open("/cockpit/instances?status=active")
    admin.page.locator("tbody a[href*='/cockpit/instances/']").first.click()
    admin.look()


def test_a_broken_service_is_seen_mended_and_tried_again(person: People, rest: Rest) -> None:
    key = new_key()
    rest.deploy(key, ["act", "after"], service="act")
    made = rest.start(key)
    asked = {"types": [f"{key}.act"], "worker": "court"}
    [job] = rest("/jobs/activate", asked)["items"]
    broken = {"lock": job["lock"], "message": "the court's system is down", "retries": 0}
    rest(f"/jobs/{job['job']['id']}/fail", broken)
    admin = person("admin")
    admin.open("/cockpit/incidents")
    admin.page.locator(".item", has=admin.page.locator(f"a[href$='{made}']")).get_by_role("link").click()
    expect(admin.page.locator(".notice.danger")).to_contain_text("the court's system is down")
    expect(admin.page.locator("[data-element-id=act].is-failed")).to_be_visible()
    admin.look()
    press(admin, "重试")
    confirm(admin, "重试")
    expect(admin.page.locator(".notice.danger")).to_have_count(0)
    [job] = rest("/jobs/activate", asked)["items"]
    rest(f"/jobs/{job['job']['id']}/complete", {"lock": job["lock"]})
    admin.open(f"/cockpit/instances/{made}")
    expect(admin.page.locator("[data-element-id=after].is-active")).to_be_visible()


def test_a_token_is_moved_by_pressing_where_it_should_go(person: People, rest: Rest) -> None:
    key = new_key()
    rest.deploy(key, ["a", "b", "c"])
    made = rest.start(key)
    admin = person("admin")
    admin.open(f"/cockpit/instances/{made}")
    press(admin, "移动令牌")
    chosen = admin.page.locator("select[name^='to-']")
    chosen.focus()
    admin.page.locator("[data-element-id=c] .djs-hit").click()
    expect(chosen).to_have_value("c")
    confirm(admin, "移动令牌")
    assert rest.steps(made) == ["c"]
    expect(admin.page.locator(".history")).to_contain_text(WHY)


def test_an_act_needs_no_script(person: People, rest: Rest) -> None:
    key = new_key()
    rest.deploy(key, ["a", "b"])
    made = rest.start(key)
    admin = person("admin", script=False)
    admin.open(f"/cockpit/instances/{made}/modify")
    admin.page.locator("select[name^='to-']").select_option("b")
    confirm(admin, "移动令牌")
    assert rest.steps(made) == ["b"]


def test_old_cases_are_migrated_after_a_new_version(person: People, rest: Rest) -> None:
    key = new_key()
    rest.deploy(key, ["a", "b"])
    made = [rest.start(key) for _ in range(3)]
    rest.deploy(key, ["first", "between", "b"])
    admin = person("admin")
    admin.open(f"/cockpit/processes/{key}/compare")
    expect(admin.page.locator("[data-element-id=a].is-removed")).to_be_visible()
    expect(admin.page.locator("[data-element-id=between].is-added")).to_be_visible()
    admin.page.locator("#reason").fill(WHY)
    press(admin, "对全部实例试迁移")
    expect(admin.page.locator("main")).to_contain_text("去不了")
    expect(admin.page.get_by_role("button", name="开始", exact=True)).to_have_count(0)
    admin.open(f"/cockpit/processes/{key}/compare")
    admin.page.locator("#map-a").select_option("first")
    admin.page.locator("#reason").fill(WHY)
    press(admin, "对全部实例试迁移")
    assert [rest.steps(one) for one in made] == [["a"]] * 3, "nothing was done yet"
    press(admin, "开始")
    expect(admin.page.locator("#progress .tag.done")).to_be_visible()
    admin.look()
    assert [rest.steps(one) for one in made] == [["first"]] * 3


@pytest.mark.parametrize("size", ["desktop"], indirect=True)
def test_many_are_suspended_with_a_pause(person: People, rest: Rest, product: Product) -> None:
    key = new_key()
    rest.deploy(key, ["a"])
    engine = create_engine(product.database)
    with Session(engine) as session, session.begin():
        for _ in range(600):
            instances.start(session, key, {}, actor=None)
    engine.dispose()
    admin = person("admin")
    admin.open(f"/cockpit/instances?process={key}")
    press(admin, "挂起")
    admin.page.locator("#reason").fill(WHY)
    with admin.page.expect_navigation():
        admin.page.get_by_role("button", name="生成清单").click()
    begin = admin.page.get_by_role("button", name="开始", exact=True)
    expect(begin).to_be_visible()
    admin.look()
    begin.click()
    admin.page.get_by_role("button", name="暂停", exact=True).click()
    expect(admin.page.locator("#progress-title")).to_contain_text("已暂停")
    admin.look()
    assert statuses(product, key) == {"active", "suspended"}, "some are through, some are not"
    press(admin, "继续")
    expect(admin.page.locator("#progress .tag.done")).to_be_visible(timeout=60_000)
    assert statuses(product, key) == {"suspended"}


def statuses(product: Product, key: str) -> set[str]:
    """The statuses of a process's instances."""
    engine = create_engine(product.database)
    with Session(engine) as session:
        query = select(Instance.status).join(Definition).where(Definition.key == key).distinct()
        found = set(session.scalars(query))
    engine.dispose()
    return found
