"""A matter of the demo county that has gone all its way: settled, confirmed by the court, performed, archived.

It is played at a clock that is set back, with what a worker does between the steps, so that the first start shows a
finished file. All of it is made up and marked 示例 (sample).
"""

import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine import clock
from engine.cases.models import Case
from engine.casework import adding, commands, filing, queries, reporting
from engine.casework.demo_story import dated
from engine.people import queries as people
from engine.workflow import jobs, timers

STORY = Path(__file__).with_name("demo_settled.json")


def load(session: Session) -> Case:
    """Play the matter from the report to the finished file."""
    told = json.loads(STORY.read_text(encoding="utf-8"))
    begin = clock.today() - timedelta(days=told["days_ago"])
    with jobs.inline(session) as run_jobs, clock.virtual(_at(begin, "08:00")) as now:

        def work() -> None:
            """What a worker would have done by now."""
            session.flush()
            run_jobs()
            while timers.fire_due(session):
                run_jobs()

        case = reporting.report(session, people.actor_by_login(session, "grid"), told["report"]).case
        for day, hour, element, login, answers in told["steps"]:
            now.advance(_at(begin + timedelta(days=day), hour) - now.instant)
            work()
            _do(session, case, element, login, answers)
            for one in told["papers"].get(element, ()):
                adding.add(session, people.actor_by_login(session, login), case.id, one["form"], dated(one["answers"]))
        work()
        filing.finish(session, people.actor_by_login(session, "mediator"), case.id, {})
    return case


def _do(session: Session, case: Case, element: str, login: str, answers: Mapping[str, Any]) -> None:
    given = dated(answers)
    if element == "mediator":
        given["mediator"] = people.actor_by_login(session, given["mediator"]).id
    task = next(one for one in queries.open_tasks(session, case.id) if one.element_id == element)
    commands.complete_task(session, people.actor_by_login(session, login), task.id, given)


def _at(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), tzinfo=clock.ZONE)
