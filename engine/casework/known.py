"""What is known already when a case comes in: earlier matters of the same people or place, and one's own conflicts.

Only what the reader may see is told; a sealed case is never among it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.cases import parties
from engine.cases.models import Case, Party
from engine.cases.permissions import OPEN, scope, within
from engine.cases.search import SHORTEST_PHONE, has_phone, named
from engine.people.actor import Actor
from engine.supermarket import conflicts
from engine.supermarket.conflicts import Found
from engine.territory import queries as territory

MOST = 8


@dataclass(frozen=True)
class Earlier:
    """Another case, and what it has in common: identity, phone, name (of somebody of the same town) or place."""

    case: Case
    why: str
    name: str = ""


@dataclass(frozen=True)
class Known:
    """What to know before one begins."""

    earlier: Sequence[Earlier]
    conflicts: Sequence[Found]


def known(session: Session, actor: Actor, of: Case) -> Known:
    """What is known of a case's people and place, and what stands between the actor and it."""
    people = _same_people(session, actor, of)
    listed = {one.case.id for one in people}
    places = [one for one in _same_place(session, actor, of) if one.case.id not in listed]
    return Known([*people, *places][:MOST], conflicts.conflicts(session, actor.id, of) if actor.id else [])


def known_of_number(session: Session, actor: Actor, number: str) -> Known | None:
    """The same for the case of a number that the actor may see; None where they may not."""
    found = session.scalar(select(Case).where(Case.number == number, scope(actor), OPEN))
    return known(session, actor, found) if found is not None else None


def _same_people(session: Session, actor: Actor, of: Case) -> list[Earlier]:
    """By identity number, by phone, or by the same whole name in the same town (a surname alone is nothing)."""
    mine = parties.of_case(session, of.id)
    ways = [way for one in mine for way in _ways(one, of)]
    if not ways:
        return []
    query = select(Case, Party).join(Party, Party.case_id == Case.id)
    query = query.where(or_(*ways), Case.id != of.id, scope(actor), OPEN).order_by(Case.id.desc()).limit(3 * MOST)
    found: dict[object, Earlier] = {}
    for case, party in session.execute(query):
        found.setdefault(case.id, Earlier(case, _why(party, mine), party.name))
    return list(found.values())


def _ways(one: Party, of: Case) -> list[ColumnElement[bool]]:
    ways: list[ColumnElement[bool]] = []
    if one.identity_index:
        ways.append(Party.identity_index == one.identity_index)
    if len(digits := _digits(one.phone)) >= SHORTEST_PHONE:
        ways.append(has_phone(digits))
    if len(one.name) >= 2:
        town = "/".join(of.division.split("/")[:2])
        ways.append(and_(named(one.name), Party.name == one.name, within(town)))
    return ways


def _why(party: Party, mine: Sequence[Party]) -> str:
    if party.identity_index and party.identity_index in {one.identity_index for one in mine}:
        return "identity"
    if party.phone and _digits(party.phone) in {_digits(one.phone) for one in mine if one.phone}:
        return "phone"
    return "name"


def _same_place(session: Session, actor: Actor, of: Case) -> list[Earlier]:
    """By the same words for the place; the name of a town or village alone is none."""
    division = territory.by_path(session, [of.division]).get(of.division)
    if division is not None and of.place == division.name:
        return []
    same = (Case.division == of.division, Case.place == of.place, Case.kind == of.kind, Case.id != of.id)
    query = select(Case).where(*same).where(scope(actor), OPEN).order_by(Case.id.desc()).limit(MOST)
    return [Earlier(case, "place") for case in session.scalars(query)]


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)
