"""Administrators send a step back to an earlier one, whoever's it is: from the cockpit and over REST."""

import pytest

from tests.api.conftest import Browser
from tests.api.operating import steps
from tests.api.steps import Report, System, do, task_of
from tests.api.test_cockpit_pages import EN, SignIn, act

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def address(system: System, report: Report) -> tuple[str, str]:
    """An instance whose second step waits, and that step's task."""
    case_id = report()["id"]
    do(system("duty"), case_id, "triage")
    task = task_of(system("duty"), case_id, "confirm")
    return task["instance_id"], task["id"]


def test_a_step_is_sent_back_from_the_cockpit(signed_in: SignIn, system: System, address: tuple[str, str]) -> None:
    instance, task = address
    admin, page = signed_in("admin"), f"/cockpit/instances/{instance}"
    assert f"{page}/return?task={task}" in admin.get(page).text
    assert act(admin, f"{page}/return?task={task}", task=task, to="triage").status_code == 303
    assert "triage" in standing(system("admin"), instance)
    assert "A step was sent back" in admin.get(page, headers=EN).text


def test_a_step_is_sent_back_over_rest_and_never_forwards(system: System, address: tuple[str, str]) -> None:
    instance, task = address
    admin, path = system("admin"), f"/api/v1/instances/{instance}/return"
    refused = admin.post(path, json={"task": task, "to": "guide", "reason": "示例"})
    assert refused.status_code in (409, 422)
    assert admin.post(path, json={"task": task, "to": "triage", "reason": "示例"}).status_code == 200
    assert "triage" in standing(admin, instance)


def standing(admin: Browser, instance: str) -> list[str]:
    """Where the tokens of an instance are."""
    return steps(admin.get(f"/api/v1/instances/{instance}").get_json())
