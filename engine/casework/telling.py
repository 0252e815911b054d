"""Who is told of what: each fact of the house and the people whom it concerns (docs/notifications.md)."""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import Session

from engine import clock, notifications
from engine.cases import parties
from engine.cases.models import Case, EmergencyLook
from engine.casework.warnings import ABOVE, ABOVE_SEALED, goes_up
from engine.deadlines import commands as deadlines
from engine.deadlines import queries as deadline_queries
from engine.deadlines.models import Deadline
from engine.notifications import commands
from engine.notifications.models import Follower, Look
from engine.people import queries as people
from engine.people.actor import Actor
from engine.sessions.models import Sitting
from engine.workflow.models import Incident, UserTask

DANGER = ("danger_place", "danger_people")
"""The urgencies of a report that is red from the beginning."""
ON_DUTY = ("duty_officer", "county_officer")
"""Who is told of a red matter in their division."""
SETTLED = timedelta(minutes=1)
"""What a look leaves for the next one: it may belong to a transaction that has not ended."""


def handed(session: Session, task: UserTask, actor: Actor) -> None:
    """Somebody handed a task to its assignee."""
    if task.assignee and task.assignee != actor.id:
        notifications.tell(session, [task.assignee], "handed", task.stream, by=actor.id)


def asked_to_sign(session: Session, task: UserTask, persons: Iterable[str], actor: Actor) -> None:
    """Somebody asks people to agree to a task, or it is their turn now."""
    notifications.tell(session, persons, "sign", task.stream, by=actor.id)


def red(session: Session, case: Case) -> None:
    """A matter is red, or was reported as a danger."""
    told = people.holders(session, ON_DUTY, case.division)
    notifications.tell(session, [str(one.id) for one in told], "red", case.id, division=case.division)


def reminded(session: Session, case: Case, *, late: bool) -> None:
    """A step is near its time or past it: whoever has it is told; what is late also the centre."""
    told = set(_acting(session, case.id))
    if late:
        roles = ABOVE_SEALED if case.sealed else ON_DUTY
        told |= {str(one.id) for one in people.holders(session, roles, case.division)}
    notifications.tell(session, told, "reminder", case.id)


def taken_up(session: Session, case: Case) -> None:
    """A matter was taken up a level: the centre of that level is told (of a sealed one the county's alone)."""
    role = "county_officer" if case.level == "county" or case.sealed else "duty_officer"
    told = [str(one.id) for one in people.holders(session, (role,), case.division)]
    notifications.tell(session, told, "taken_up", case.id)


def emergency(session: Session, case: Case, look: EmergencyLook) -> None:
    """Somebody opened a case in an emergency: its mediator, those with its steps and the county centre are told."""
    keepers = (str(one.id) for one in people.holders(session, ("county_officer",), case.division))
    told = {*case.mediators, *_acting(session, case.id), *keepers} - {look.by}
    notifications.tell(session, told, "emergency", case.id, by=look.by, when=look.until.isoformat())


def handlers(session: Session, case: Case, kind: str, **facts: object) -> None:
    """Tell whoever works on a case: its mediator and those whose tasks are open; where none is, those on duty."""
    told = {*case.mediators, *_acting(session, case.id)}
    if not told:
        told = {str(one.id) for one in people.holders(session, ("duty_officer",), case.division)}
    notifications.tell(session, told, kind, case.id, **facts)


def recusal(session: Session, case: Case, **facts: object) -> None:
    """A party asks a mediator to stand aside: the handlers are told, and the justice office, which guides committees
    (人民调解法 §5); the mediator alone does not judge it."""
    handlers(session, case, "recusal", **facts)
    guides = people.holders(session, ("justice_officer",), case.division)
    notifications.tell(session, [str(one.id) for one in guides], "recusal", case.id, **facts)


def sitting(session: Session, actor: Actor, planned: Sitting, kind: str, **facts: object) -> None:
    """Tell the case's mediator and those who have taken one of its steps of a sitting, but not whoever plans it."""
    mediators = session.get_one(Case, planned.case_id).mediators
    held = select(UserTask.assignee).where(UserTask.stream == planned.case_id, UserTask.state == "open")
    told = {one for one in (*mediators, *session.scalars(held)) if one} - {actor.id}
    notifications.tell(session, told, kind, planned.case_id, when=planned.starts_at.isoformat(), **facts)


def invited(session: Session, planned: Sitting, kind: str, guests: Collection[UUID], **facts: object) -> None:
    """Tell the phone that agreed to be told, if whoever reported is among those invited: neighbours report too."""
    everybody = parties.of_case(session, planned.case_id)
    reporters = [one for one in everybody if one.role == "reporter"]
    if any(parties.same_person(one, told) for one in everybody if one.id in guests for told in reporters):
        notifications.tell_followers(session, planned.case_id, kind, when=planned.starts_at.isoformat(), **facts)


def warn(session: Session) -> int:
    """Warn of deadlines whose next mark has come, and tell the people; returns how many there were."""
    found = deadlines.warn_due(session)
    for told in found:
        one = told.deadline
        facts = {"deadline": one.key, "mark": told.mark, "due": one.due_on.isoformat()}
        if one.state == "running":
            receivers = set(_acting(session, one.case_id))
            if goes_up(one):
                receivers |= _above(session, one)
            notifications.tell(session, receivers, "deadline", one.case_id, **facts)
        if one.warn_at and deadline_queries.is_a_right(session, one):
            _warn_of_right(session, one, facts)
    return len(found)


def _warn_of_right(session: Session, right: Deadline, facts: dict[str, str]) -> None:
    """Tell of a right of the parties that is about to run out, by its own day, which no holiday moves.

    To the phone that agreed; and to whoever wrote the report down for them, since not everybody has a phone.
    """
    notifications.tell_followers(session, right.case_id, "villager_right", **facts)
    case = session.get_one(Case, right.case_id)
    if case.reported_by and not case.sealed:
        notifications.tell(session, [case.reported_by], "right", case.id, **facts)


def look(session: Session) -> int:
    """Tell of what has come since the last look: new tasks, incidents, stages; returns how many people were told.

    One look at a time, whatever number of workers there are; the moment of the last one is kept with what it told.
    """
    now = clock.now() - SETTLED
    session.execute(upsert(Look).values(what="all", until=now).on_conflict_do_nothing())
    last = session.scalar(select(Look).where(Look.what == "all").with_for_update(skip_locked=True))
    if last is None:
        return 0
    told = _new_tasks(session, last.until, now) + _incidents(session, last.until, now) + _stages(session)
    last.until = max(now, last.until)
    return told


def _new_tasks(session: Session, since: datetime, until: datetime) -> int:
    fresh = select(UserTask.groups, UserTask.division, UserTask.assignee, func.count()).where(
        UserTask.state == "open", UserTask.created_at > since, UserTask.created_at <= until
    )
    counts: Counter[str] = Counter()
    for groups, division, assignee, count in session.execute(
        fresh.group_by(UserTask.groups, UserTask.division, UserTask.assignee)
    ).all():
        for one in [assignee] if assignee else [str(who.id) for who in people.holders(session, groups, division)]:
            counts[one] += count
    for one, count in counts.items():
        commands.gather(session, one, "tasks", count)
    return len(counts)


def _incidents(session: Session, since: datetime, until: datetime) -> int:
    fresh = select(Incident.code).where(Incident.at > since, Incident.at <= until)
    codes = session.scalars(fresh.where(Incident.resolved_at.is_(None))).all()
    if not codes:
        return 0
    admins = people.holding(session, "admin")
    for one in admins:
        commands.gather(session, one, "incident", len(codes), code=codes[-1])
    return len(admins)


def _stages(session: Session) -> int:
    """Tell followers whose case stands elsewhere than they know; what it says is where it stands now."""
    moved = (
        select(Follower, Case)
        .join(Case, Case.id == Follower.case_id)
        .where(Follower.ended_at.is_(None), Follower.told != Case.stage, Case.sealed.is_(False))
        .with_for_update(of=Follower, skip_locked=True)
        .limit(200)
    )
    found = session.execute(moved).all()
    for follower, case in found:
        follower.told = case.stage
        kind = "villager_closed" if case.closed_at else "villager_status"
        notifications.tell_follower(session, follower, kind, stage=case.stage)
    return len(found)


def _acting(session: Session, case_id: UUID) -> Iterable[str]:
    """Who has the open steps of a case; where nobody has taken one, everybody who may."""
    query = select(UserTask.groups, UserTask.division, UserTask.assignee)
    for groups, division, assignee in session.execute(
        query.where(UserTask.stream == case_id, UserTask.state == "open")
    ).all():
        yield from [assignee] if assignee else [str(one.id) for one in people.holders(session, groups, division)]


def _above(session: Session, deadline: Deadline) -> set[str]:
    case = session.get_one(Case, deadline.case_id)
    roles = ABOVE_SEALED if case.sealed else ABOVE
    return {str(one.id) for one in people.holders(session, roles, case.division)}
