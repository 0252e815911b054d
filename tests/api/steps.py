"""Steps of a case through REST, as the people of the county take them."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from procrastinate import PsycopgConnector

from engine import db, worker
from engine.workflow import jobs
from tests.api.conftest import Browser
from tests.factories import answers

System = Callable[[str], Browser]
Report = Callable[..., dict[str, Any]]


def do_all() -> None:
    """What a worker does now: the jobs that wait, then the timers that are due, until there is neither."""

    async def jobs_that_wait() -> None:
        connector = PsycopgConnector(conninfo=db.database_url().replace("+psycopg", ""))
        with jobs.app.replace_connector(connector) as app:
            async with app.open_async():
                await app.run_worker_async(wait=False, install_signal_handlers=False)

    def work() -> None:
        asyncio.run(jobs_that_wait())

    # In a thread of its own: where a browser was started, this one has a loop that runs already.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(copy_context().run, work).result()
        while worker.tick():
            apart.submit(copy_context().run, work).result()


def task_of(someone: Browser, case_id: str, element: str) -> dict[str, Any]:
    """The open task of an element of a case, as it stands in somebody's work."""
    do_all()
    found: list[dict[str, Any]] = []
    cursor = ""
    while cursor is not None:
        page = someone.get(f"/api/v1/tasks?limit=100&cursor={cursor}").get_json()
        found += [one["task"] for one in page["items"] if one["case"]["id"] == case_id]
        cursor = page["next"]
    chosen = [task for task in found if task["element_id"] == element]
    assert len(chosen) == 1, [task["element_id"] for task in found]
    return chosen[0]


def do(someone: Browser, case_id: str, element: str, **more: Any) -> None:
    """Complete an open task with its usual answers and `more`."""
    task = task_of(someone, case_id, element)
    given = {**answers(task["form_key"]), **more}
    answer = someone.post(f"/api/v1/tasks/{task['id']}/complete", json={"answers": given})
    assert answer.status_code == 200, answer.text
    assert answer.get_json()["state"] == "completed"


def at_triage(system: System, report: Report) -> tuple[Browser, dict[str, Any], str]:
    """The officer on duty, the task of triage, and its case."""
    case_id = report()["id"]
    duty = system("duty")
    return duty, task_of(duty, case_id, "triage"), case_id
