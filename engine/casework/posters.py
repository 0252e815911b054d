"""Posters with which anybody reports from their phone (扫码上报): whose they are to print, and for which place."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.cases.permissions import CENTRES
from engine.errors import Forbidden
from engine.people.actor import Actor
from engine.territory.models import Division
from engine.territory.queries import DivisionUnknown

PRINTERS = ("admin", *CENTRES, "village_mediator")
"""Who prints posters, each for the places of their division."""


def places(session: Session, actor: Actor) -> list[Division]:
    """The places that an actor prints posters for: their divisions and all below. Raises Forbidden."""
    paths = {held.path for held in actor.memberships if held.role in PRINTERS}
    if not paths:
        raise Forbidden
    within = [or_(Division.path == path, Division.path.startswith(path + "/")) for path in paths]
    return list(session.scalars(select(Division).where(or_(*within)).order_by(Division.path)))


def place(session: Session, actor: Actor, code: str) -> Division:
    """One of these places, by its code. Raises DivisionUnknown, Forbidden."""
    found = next((one for one in places(session, actor) if one.code == code), None)
    if found is None:
        raise DivisionUnknown(division=code)
    return found


def may_print(actor: Actor) -> bool:
    """Whether somebody prints posters somewhere."""
    return any(actor.has(role) for role in PRINTERS)
