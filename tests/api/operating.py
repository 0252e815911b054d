"""Processes that administrators and external workers try their hands at, deployed without any case."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from engine import db, demo
from engine.people import commands as people
from engine.people.models import Account
from engine.workflow import definitions
from engine.workflow.definitions import File
from tests.api.conftest import Browser
from tests.engine.workflow.diagrams import END, START, diagram, flow, service_task, user_task

WHY = {"reason": "a test"}


def outside(key: str) -> bytes:
    """A process of one step that another system does, then one for people; the type is named after the process."""
    body = START + service_task("act", f"{key}.act", '<zeebe:input source="=town" target="place"/>')
    body += user_task("after") + END + flow("start", "act") + flow("act", "after") + flow("after", "end")
    return diagram(body, key=key)


def deploy(content: bytes) -> None:
    """Deploy a diagram."""
    with db.transaction() as session:
        definitions.deploy(session, [File("p.bpmn", content)], actor=None)


def new_key() -> str:
    """A process key that no other test uses."""
    return f"p-{uuid4().hex[:8]}"


def start(admin: Browser, key: str, **variables: Any) -> dict[str, Any]:
    """Start a process by itself."""
    answer = admin.post("/api/v1/instances", json={"process": key, "variables": variables})
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def steps(instance: dict[str, Any]) -> list[str]:
    """Where an instance's tokens are."""
    return sorted(token["element_id"] for token in instance["tokens"])


def external_worker(system: Callable[[str], Browser]) -> Browser:
    """An account of another system that does service jobs."""
    login = "court-system"
    with db.transaction() as session:
        if not session.query(Account).filter_by(login=login).count():
            account = people.create_account(session, login, "法院系统", demo.PASSWORD)
            people.grant(session, account, "worker", "610927")
    return system(login)
