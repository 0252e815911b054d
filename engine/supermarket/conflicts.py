"""Conflicts of interest: what keeps a mediator from a case (特邀调解规定 §15 by analogy). A surname is none."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, aliased

from engine import clock
from engine.cases import blocklist
from engine.cases.models import Case, Party
from engine.errors import N_, Conflict, Invalid, NotFound
from engine.ids import new_id
from engine.people import queries as people
from engine.people.actor import Actor
from engine.supermarket.models import DeclaredRelation

KINDS = ("kin", "interest")
LONGEST = 100
"""Characters of a name or number that is declared."""
HINDERS = ("kin", "interest", "reporter")
"""What must lead to another mediator; an earlier case of the same people is said, and the parties decide."""


class ConflictOfInterest(Conflict):
    """A mediator is close to a party, or has reported the case."""

    code = "conflict-of-interest"
    message = N_("%(who)s is close to a party or has reported the case. Choose somebody else.")


class DeclarationUnfit(Invalid):
    """A declaration names somebody and says how they are close."""

    code = "declaration-unfit"
    message = N_("Say the name, in at most 100 characters, and whether it is a relative or an interest.")


class DeclarationUnknown(NotFound):
    """There is no such declaration of one's own."""

    code = "declaration-unknown"
    message = N_("You have not declared this.")


@dataclass(frozen=True)
class Found:
    """Why somebody may be no fit mediator: kin, interest, reporter or earlier; and whom it is about."""

    kind: str
    name: str = ""
    number: str = ""


def conflicts(session: Session, mediator: str, case: Case) -> list[Found]:
    """What stands between a mediator (account id as text) and a case."""
    found = [Found("reporter")] if mediator and case.reported_by == mediator and _own(session, mediator, case) else []
    try:
        key = UUID(mediator)
    except ValueError:
        return found
    declared = select(DeclaredRelation, Party).join(
        Party,
        and_(
            Party.name == DeclaredRelation.name,
            or_(DeclaredRelation.phone == "", Party.phone == "", Party.phone == DeclaredRelation.phone),
        ),
    )
    rows = session.execute(declared.where(DeclaredRelation.account_id == key, Party.case_id == case.id)).all()
    found += [Found(relation.kind, party.name) for relation, party in rows]
    return found + _earlier(session, mediator, case)


def require_none(session: Session, mediator: str, case: Case) -> None:
    """Raises ConflictOfInterest where something hinders."""
    hindering = [one for one in conflicts(session, mediator, case) if one.kind in HINDERS]
    if hindering:
        who = people.names(session, [mediator])[mediator]
        raise ConflictOfInterest(case=case.id, why=hindering[0].kind, who=who)


def declare(session: Session, actor: Actor, kind: str, name: str, phone: str) -> DeclaredRelation:
    """A mediator declares that somebody is close to them; who is declared is seen by nobody else.

    Raises DeclarationUnfit, WordsBlocked.
    """
    name = blocklist.clean(name)
    if kind not in KINDS or not 0 < len(name) <= LONGEST or len(phone.strip()) > LONGEST:
        raise DeclarationUnfit
    made = DeclaredRelation(
        id=new_id(), account_id=UUID(actor.id), kind=kind, name=name, phone=phone.strip(),
        declared_at=clock.now(),
    )  # fmt: skip
    session.add(made)
    return made


def undeclare(session: Session, actor: Actor, declared_id: UUID) -> None:
    """A mediator takes back what they have declared by mistake, or what is over. Raises DeclarationUnknown."""
    found = session.get(DeclaredRelation, declared_id)
    if found is None or found.account_id != UUID(actor.id):
        raise DeclarationUnknown
    session.delete(found)


def declared(session: Session, actor: Actor) -> list[DeclaredRelation]:
    """What somebody has declared."""
    query = select(DeclaredRelation).where(DeclaredRelation.account_id == UUID(actor.id))
    return list(session.scalars(query.order_by(DeclaredRelation.declared_at)))


def _own(session: Session, mediator: str, case: Case) -> bool:
    """Whether who entered a report did so for themselves: no report that they wrote down for somebody else."""
    told_by = select(Party.name).where(Party.case_id == case.id, Party.role == "reporter", Party.name != "")
    told = set(session.scalars(told_by))
    return not told or people.names(session, [mediator])[mediator] in told


def _earlier(session: Session, mediator: str, case: Case) -> list[Found]:
    """Earlier cases of the same people that this mediator had."""
    mine, theirs, before = aliased(Party), aliased(Party), aliased(Case)
    same = or_(
        mine.identity_index == theirs.identity_index,
        and_(mine.name == theirs.name, mine.phone == theirs.phone, mine.phone != ""),
    )
    query = (
        select(before.number, mine.name)
        .join(theirs, theirs.case_id == before.id)
        .join(mine, and_(mine.case_id == case.id, same))
        .where(or_(before.mediator == mediator, before.joint.contains([mediator])))
        .where(before.id != case.id, before.sealed.is_(False))
        .distinct()
    )
    return [Found("earlier", name, number) for number, name in session.execute(query)]
