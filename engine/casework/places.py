"""Which towns, villages and grids there are and where they lie: administrators keep it, each for their county."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import notifications
from engine.casework.administration import require_admin
from engine.people import queries as people
from engine.people.actor import Actor
from engine.territory import divisions, positions
from engine.territory.endings import living
from engine.territory.models import GRID, Division
from engine.territory.queries import DivisionUnknown


def placed(session: Session, actor: Actor, path: str = "") -> tuple[Division, list[Division]]:
    """A division and those right below it, with where they lie and how far they reach; without a path, the
    administrator's own.

    Raises AdministratorsOnly, DivisionUnknown.
    """
    require_admin(actor)
    chosen = path or _own(actor)[0]
    if not actor.holds("admin", chosen):
        raise DivisionUnknown
    above = session.scalar(select(Division).where(Division.path == chosen, Division.kind != GRID))
    if above is None:
        raise DivisionUnknown
    below = select(Division).where(Division.parent == above.code).order_by(Division.path)
    return above, list(session.scalars(below))


def put(session: Session, actor: Actor | None, given: Sequence[Mapping[str, Any]]) -> int:
    """Set where divisions lie, all or none; the command line (no actor) or an administrator may. Returns how many
    changed. Raises AdministratorsOnly, PositionUnfit."""
    if actor is None:
        return positions.put(session, given, within=_roots(session), by=None)
    require_admin(actor)
    return positions.put(session, given, within=_own(actor), by=actor.id)


def add(session: Session, actor: Actor | None, given: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """Add divisions, and rename, bound or end known ones, all or none; the command line (no actor) anywhere, an
    administrator in theirs. Whoever holds a role in one that ends is told.

    Returns how many were added and how many changed. Raises AdministratorsOnly, DivisionsUnfit.
    """
    if actor is not None:
        require_admin(actor)
    by = actor.id if actor else None
    added, changed, ended = divisions.put(session, given, within=_own(actor) if actor else None, by=by)
    for one in ended:
        _tell(session, one, by)
    return added, changed


def _tell(session: Session, ended: Division, by: str | None) -> None:
    heir = living(session, ended)
    notifications.tell(
        session, people.held_at(session, ended.path), "place_ended", by=by,
        place={"zh": ended.name, "en": ended.label("en")}, to={"zh": heir.name, "en": heir.label("en")},
    )  # fmt: skip


def _own(actor: Actor) -> list[str]:
    return sorted(held.path for held in actor.memberships if held.role == "admin")


def _roots(session: Session) -> list[str]:
    return list(session.scalars(select(Division.path).where(Division.parent.is_(None))))
