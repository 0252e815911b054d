"""Templates of steps: kept, listed and removed by administrators, over REST as on their page."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine import db
from engine.events import Event
from tests.api.conftest import Browser
from tests.api.steps import System

Sign = Callable[[str], Browser]
REST, PAGE = "/api/v1/studio/step-templates", "/studio/step-templates"
BPMN = 'xmlns:b="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
CALL = (
    f'<b:userTask {BPMN} id="Activity_1" name="打电话"><b:extensionElements><zeebe:formDefinition formId="f-followup"/>'
    "</b:extensionElements><b:incoming>f1</b:incoming><b:outgoing>f2</b:outgoing></b:userTask>"
)


def test_a_step_is_kept_without_what_ties_it_to_its_diagram_and_removed(
    library: None, signed_in: Sign, system: System
) -> None:
    admin, other = system("admin"), signed_in("admin2")
    made = admin.post(REST, json={"title": " 电话回访 ", "content": CALL})
    assert made.status_code == 201
    [found] = other.get(REST).get_json()["items"]
    assert (found["title"], found["kind"], found["id"]) == ("电话回访", "userTask", made.get_json()["id"])
    assert 'formId="f-followup"' in found["content"]
    assert not any(word in found["content"] for word in ("incoming", "outgoing", "Activity_1"))
    page = other.get(PAGE)
    assert "电话回访" in page.text
    assert other.send(PAGE, {"template": found["id"]}).status_code == 303
    assert "电话回访" not in other.get(PAGE).text
    assert (
        admin.client.delete(f"{REST}/{found['id']}", headers=admin.headers).get_json()["code"]
        == "step-template-unknown"
    )
    with db.transaction() as session:
        noted = session.scalars(
            select(Event.kind).where(Event.kind.startswith("step_template")).order_by(Event.id)
        ).all()
    assert noted == ["step_template.kept", "step_template.removed"]


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("", CALL), ("x" * 81, CALL), ("a", ""), ("a", "<userTask/>"), ("a", CALL.replace("userTask", "process")),
        ("a", CALL[:-3]), ("a", "<!DOCTYPE a [<!ENTITY b 'c'>]>" + CALL), ("a", CALL.replace("打", "打" * 20_000)),
    ],
)  # fmt: skip
def test_what_is_no_single_step_with_a_name_is_refused(library: None, system: System, title: str, content: str) -> None:
    refused = system("admin").post(REST, json={"title": title, "content": content})
    assert (refused.status_code, refused.get_json()["code"]) == (422, "step-template-unfit")


def test_templates_are_for_administrators(library: None, signed_in: Sign, system: System) -> None:
    for address in (REST, PAGE):
        assert signed_in("county").get(address).status_code == 403
    assert system("county").post(REST, json={"title": "a", "content": CALL}).status_code == 403
