"""Inviting parties to a sitting: numbered invitations with proof of service, and how each of them arrived."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import clock, events, papers
from engine.cases import commands as cases
from engine.cases import parties
from engine.cases.models import Case, Party, Submission
from engine.casework import formbook, telling
from engine.documents import commands as documents
from engine.documents.models import Document
from engine.documents.papers import COMMITTEES, series_of
from engine.errors import N_, Conflict, Invalid
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.sessions import sittings
from engine.sessions.models import Invitation, Sitting

FORM = "f-invitation"
HOW = ("face", "phone", "post", "message", "left")


class NobodyInvited(Invalid):
    """An invitation is to somebody of the case who has none yet."""

    code = "nobody-invited"
    message = N_("Choose whom to invite: people of this case who have no invitation to it yet.")


class ServiceUnfit(Invalid):
    """That something arrived needs a way and a day that has come."""

    code = "service-unfit"
    message = N_("Say how it was served and on which day, not later than today.")


class ServedAlready(Conflict):
    """That the invitation arrived is on record."""

    code = "served-already"
    message = N_("It is on record already that this invitation was served.")


def invite(session: Session, actor: Actor, sitting_id: UUID, ids: Sequence[UUID]) -> list[Invitation]:
    """Give people of the case numbered invitations. Raises SittingUnknown, NotForYourRole, NobodyInvited."""
    planned = sittings.one(session, actor, sitting_id, to_change=True)
    have = {one.party_id for one, _ in of_sitting(session, sitting_id)}
    wanted = [one for one in parties.of_case(session, planned.case.id) if one.id in ids and one.id not in have]
    if not wanted or planned.sitting.cancelled_at is not None:
        raise NobodyInvited(sitting=sitting_id)
    made = [_invite(session, actor, planned.case, planned.sitting, one) for one in wanted]
    telling.invited(session, planned.sitting, "villager_hearing", {one.id for one in wanted})
    return made


def serve(session: Session, actor: Actor, invitation_id: UUID, *, how: str, on: date | None) -> Invitation:
    """Record how and when an invitation reached its party. Raises SittingUnknown, ServiceUnfit, ServedAlready."""
    found = session.get(Invitation, invitation_id, with_for_update=True)
    if found is None:
        raise sittings.SittingUnknown(invitation=invitation_id)
    planned = sittings.one(session, actor, found.sitting_id, to_change=True)
    if how not in HOW or on is None or on > clock.today():
        raise ServiceUnfit(invitation=invitation_id)
    if found.served_on is not None:
        raise ServedAlready(invitation=invitation_id)
    found.served_how, found.served_on, found.served_by = how, on, actor.id
    events.record(
        session, "invitation.served", planned.case.id, actor=actor.id, invitation=str(found.id),
        party=str(found.party_id), how=how, on=on.isoformat(),
    )  # fmt: skip
    return found


def of_sitting(session: Session, sitting_id: UUID) -> list[tuple[Invitation, Document]]:
    """The invitations to a sitting with their numbers."""
    query = select(Invitation, Document).join(Document, Document.id == Invitation.document_id)
    rows = session.execute(query.where(Invitation.sitting_id == sitting_id).order_by(Invitation.id))
    return [(one, document) for one, document in rows]


def guests(session: Session, sitting_id: UUID) -> set[UUID]:
    """The parties who are invited to a sitting."""
    return set(session.scalars(select(Invitation.party_id).where(Invitation.sitting_id == sitting_id)))


def _invite(session: Session, actor: Actor, case: Case, sitting: Sitting, party: Party) -> Invitation:
    form = formbook.newest(session, FORM)
    given: dict[str, Any] = {
        "who": party.name or "—", "kind": sitting.kind, "place": sitting.place,
        "starts_at": sitting.starts_at.astimezone(clock.ZONE).isoformat(timespec="minutes"),
    }  # fmt: skip
    values = formbook.checked(session, form.form, given, {})
    submission = cases.submit(session, case, actor.id, form_key=FORM, form_id=form.id, answers=values)
    unit = people.unit_for(session, COMMITTEES.get(case.level or "village", "village_committee"), case.division)
    letter = papers.catalogue()[FORM].letter
    document = documents.issue(
        session, case, actor.id, kind=FORM, abbreviation=series_of(session, case, unit, letter), letter=True,
        submission=session.get_one(Submission, submission),
    )  # fmt: skip
    session.flush()  # the invitation points to it
    made = Invitation(
        id=new_id(), sitting_id=sitting.id, party_id=party.id, submission_id=submission, document_id=document.id,
        made_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    return made
