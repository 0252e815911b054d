"""What the demo county has under way besides its reports: a roster, petitions, a reward. All of it goes through the
same commands as everybody's work, and is marked 示例 (sample)."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock
from engine.cases import commands as cases
from engine.cases.models import Case
from engine.casework import commands, procedures, queries, receptions, reporting
from engine.ledger import published
from engine.people import queries as people
from engine.people.actor import Actor
from engine.registers import calls, cameras, households, partners, visits
from engine.volunteers import commands as volunteers
from engine.volunteers import queries as watching
from engine.workflow import jobs

STORY = Path(__file__).with_name("demo_story.json")
RECEPTIONS = (5, 12)
"""In how many days a leader receives people."""


def load(session: Session) -> None:
    """Play the demo's stories up to where people can go on with them."""
    told = json.loads(STORY.read_text(encoding="utf-8"))
    duty = people.actor_by_login(session, "duty")
    known = {one["name"]: volunteers.register(session, duty, one) for one in told["volunteers"]}
    known["示例志愿者甲"].account_id = UUID(people.actor_by_login(session, "volunteer").id)
    for story in told["stories"]:
        with clock.virtual(clock.now() - timedelta(days=story.get("ago", 0))), _worker(session, story) as work:
            _play(session, story, work)
            work()
    for one in told["published"]:
        published.record(session, people.actor_by_login(session, "county"), one)
    for one in told["cameras"]:
        cameras.enter(session, duty, one)
    for one in told["partners"]:
        account = str(people.actor_by_login(session, one["login"]).id) if "login" in one else ""
        partners.enter(session, duty, {"consent_on": clock.today(), **one, "account": account})
    for one in told["calls"]:
        calls.enter(session, duty, one)
    session.flush()
    for row in households.put(session, duty, [dated(one) for one in told["households"]]):
        if row.address in told["visited"]:
            visits.mark(session, duty, visits.running(session, duty)[0].id, row.id, told["visited"][row.address])
    shifts = watching.watches(session, duty)
    petition = people.actor_by_login(session, "petition")
    leader, _ = receptions.leaders(session, petition)[0]
    morning = clock.now().astimezone(clock.ZONE).replace(hour=9, minute=0, second=0, microsecond=0)
    for days in RECEPTIONS:
        at = morning + timedelta(days=days)
        receptions.open_slot(session, petition, leader=leader, place=told["reception"], starts_at=at, capacity=4)
    for place, name in told["stands"]:
        volunteers.stand(session, duty, shifts[place].shift.id, known[name].id)


@contextmanager
def _worker(session: Session, story: Mapping[str, Any]) -> Iterator[Callable[[], None]]:
    """What a worker did in a story of some days ago, at its own time; what is of today is left to the house's own."""
    if "ago" not in story:
        yield lambda: None
        return
    with jobs.inline(session) as run_jobs:
        yield run_jobs


def _play(session: Session, story: Mapping[str, Any], work: Callable[[], None]) -> None:
    about = _matter(session, story["about"]) if "about" in story else None
    starter = people.actor_by_login(session, story["by"])
    case = _begun(session, starter, story)
    for element, login, answers in story["steps"]:
        session.flush()
        work()
        given = {**dated(answers), **({"about": about.number} if about is not None and element == "propose" else {})}
        task = next(one for one in queries.open_tasks(session, case.id) if one.element_id == element)
        commands.complete_task(session, people.actor_by_login(session, login), task.id, given)


def _begun(session: Session, starter: Actor, story: Mapping[str, Any]) -> Case:
    """What begins as a report goes through triage; anything else is started as the procedure that it is."""
    if story["start"] == reporting.INTAKE:
        return reporting.report(session, starter, story["report"]).case
    return procedures.start(session, starter, story["start"], story["report"]).case


def _matter(session: Session, told: Mapping[str, Any]) -> Case:
    """A matter that is finished already: reported and closed, without the steps between."""
    actor = people.actor_by_login(session, told["by"])
    case = reporting.put_on_ledger(session, actor, told["report"], kind=told["kind"]).case
    cases.classify(session, case, None, category="H14", risk="BLUE", level="village")
    cases.close(session, case, None, reason=told["outcome"])
    session.flush()
    return case


def dated(value: Any) -> Any:
    """Answers with their days: `@1` is tomorrow, `@1 19:00` tomorrow evening."""
    if isinstance(value, Mapping):
        return {key: dated(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [dated(inner) for inner in value]
    if isinstance(value, str) and value.startswith("@"):
        days, _, hour = value[1:].partition(" ")
        day = (clock.today() + timedelta(days=int(days))).isoformat()
        return f"{day}T{hour}" if hour else day
    return value
