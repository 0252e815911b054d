"""Taking cases together and taking them up again: links, merging into an open case, reopening a closed one."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import blocklist, links, permissions
from engine.cases import commands as cases
from engine.cases import queries as case_queries
from engine.cases.models import Case
from engine.casework.errors import MergeUnfit, NoteEmpty
from engine.casework.reporting import INTAKE, home_of
from engine.deadlines import commands as deadlines
from engine.people.actor import Actor
from engine.workflow import instances
from engine.workflow.models import Instance


def link(session: Session, actor: Actor, case_id: UUID, number: str, kind: str) -> Case:
    """Link a case with another; a merged one ends here and goes on there (信访工作条例 §19: never without a person).

    Raises CaseUnknown, NotForYourRole, LinkUnfit, MergeUnfit.
    """
    other = links.link(session, actor, case_id, number, kind)
    if kind == "merged":
        case = permissions.visible(session, actor, case_id)
        if not _goes_the_same_way(session, case, other):
            raise MergeUnfit(case=case_id)
        alive = select(Instance.id).where(Instance.stream == case_id, Instance.ended_at.is_(None))
        for instance_id in session.scalars(alive).all():
            if session.get_one(Instance, instance_id).ended_at is None:
                instances.cancel(session, instance_id, actor=actor.id, reason="merged")
        cases.close(session, case, actor.id, reason="merged")
        deadlines.close(session, case.id)
    return other


def _goes_the_same_way(session: Session, case: Case, other: Case) -> bool:
    """Whether a case loses nothing by going on in the other: what the gate holds (police, child, danger) never does."""
    if case.sealed or other.sealed or case.risk == "RED":
        return False
    triage = case_queries.newest_submission(session, case.id, ["f-triage"])
    if triage is None:
        return True  # nothing has been found in it yet but that it is the same
    if case.stage in ("triage", "guidance"):
        return "same_matter" in triage.answers.get("route_facts", ()) and not triage.answers.get("danger_facts")
    return case.kind == other.kind


def reopen(session: Session, actor: Actor, case_id: UUID, reason: str) -> Case:
    """Take a closed case up again from triage, with a reason on its file. Raises CaseUnknown, NotForYourRole,
    NotClosed, NoteEmpty, WordsBlocked.
    """
    case = permissions.require(session, actor, "reopen", case_id)
    if not reason.strip():
        raise NoteEmpty
    cases.reopen(session, case, actor.id)
    deadlines.reopen(session, case.id)
    cases.add_note(session, case, actor.id, blocklist.clean(reason))
    variables = {
        "case_id": str(case.id), "urgency": "ordinary", "kind": case.kind, "level": case.level or "village",
        "sealed": case.sealed, "chosen_risk": case.risk,
    }  # fmt: skip
    instances.start(session, INTAKE, variables, actor=actor.id, home=home_of(case))
    return case
