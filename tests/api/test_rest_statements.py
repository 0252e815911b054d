"""What requests cost the database: a number of statements that does not grow with what they list."""

import pytest

from tests.api.conftest import Browser
from tests.api.steps import Report, System, at_triage, do, task_of
from tests.factories import answers
from tests.statements import counted


def test_completing_a_task_takes_a_dozen_statements_at_most(system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    task = task_of(mediator, case_id, "consent")
    mediator.get(f"/api/v1/tasks/{task['id']}")  # the first look reads the form, and this process keeps it
    with counted() as sent:
        done = mediator.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": answers("f-consent")})
    assert done.status_code == 200
    assert len(sent) <= 12, sent


def test_opening_a_task_whose_form_asks_for_no_mediator_looks_none_up(system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    task = task_of(duty, case_id, "triage")
    duty.get(f"/api/v1/tasks/{task['id']}")  # the first look reads diagram and form, and this process keeps them
    with counted() as sent:
        assert duty.get(f"/api/v1/tasks/{task['id']}").status_code == 200
    assert len(sent) <= 18, sent


@pytest.mark.parametrize("address", ["tasks?view=all", "tasks?view=group", "ledger"])
def test_a_list_takes_as_many_statements_for_six_as_for_one(system: System, report: Report, address: str) -> None:
    report()
    duty = system("duty")
    few = _statements(duty, address)
    for _ in range(5):
        report()
    assert _statements(duty, address) == few


def _statements(someone: Browser, address: str) -> int:
    with counted() as sent:
        assert someone.get(f"/api/v1/{address}").status_code == 200
    return len(sent)


def test_a_poll_takes_two_statements_and_brings_nothing_where_nothing_has_changed(
    system: System, report: Report
) -> None:
    """Who asks, and the versions: two hundred pages ask every twenty seconds."""
    report()
    duty = system("duty")
    tag = duty.get("/api/v1/tasks/changes").headers["ETag"]
    with counted() as sent:
        same = duty.get("/api/v1/tasks/changes", headers={"If-None-Match": tag})
    assert (same.status_code, same.data, len(sent)) == (304, b"", 2), sent
    report()
    assert duty.get("/api/v1/tasks/changes", headers={"If-None-Match": tag}).status_code == 200
