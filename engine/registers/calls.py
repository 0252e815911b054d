"""The log of calls that became no case (来电登记): when, which way, about what, what was told. Nobody's name or number.

Whether money was sent comes first: if it was, the call is no entry of this log but a report of fraud, and 110 and 96110
come before any form. A call about an open danger or dispute is reported as everything else. An entry lasts for a year
(management, no statutory time; 个人信息保护法 §§6, 19 ask for no longer than needed).
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, delete, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine import clock, events
from engine.cases import blocklist
from engine.db import Base
from engine.errors import N_, Conflict, Forbidden, Invalid
from engine.ids import new_id
from engine.people.actor import Actor

KEEPERS = ("duty_officer", "county_officer")
"""Who answers the line and keeps the log, each in their division."""
WAYS = {"phone": N_("Telephone"), "visit": N_("At the window"), "message": N_("Message")}
ABOUT = {
    "fraud": N_("Is this fraud?"),
    "law": N_("A question of law"),
    "office": N_("Who is responsible"),
    "progress": N_("Where a matter stands"),
    "other": N_("Something else"),
}
LONGEST = 200
KEPT = timedelta(days=365)
SHOWN = 500


class Call(Base):
    """A call that became no case. `path` is the centre's division; no caller is known, and none can be found."""

    __tablename__ = "contact_call"
    __table_args__ = (
        CheckConstraint(f"way IN {tuple(WAYS)}", name="call_way"),
        CheckConstraint(f"about IN {tuple(ABOUT)}", name="call_about"),
        Index("ix_contact_call_path_at", "path", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    path: Mapped[str]
    at: Mapped[datetime]
    way: Mapped[str]
    about: Mapped[str]
    told: Mapped[str]

    @property
    def keep_until(self) -> date:
        """The day after which it is deleted."""
        return (self.at + KEPT).astimezone(clock.ZONE).date()


class MoneySent(Conflict):
    """Money was sent: that is no entry of the log."""

    code = "money-sent"
    message = N_("Money was sent: call 110 and 96110 at once, then report it as fraud. Nothing was entered here.")


class CallUnfit(Invalid):
    """A call says first whether money was sent, then its way, what it was about and what was told."""

    code = "call-unfit"
    message = N_(
        "Say whether money was sent, how they came to you, what it was about and what you told them, in at most 200 "
        "characters and without a name, a telephone or an identity number."
    )


def may_keep(actor: Actor) -> bool:
    """Whether somebody keeps a log somewhere."""
    return any(actor.has(role) for role in KEEPERS)


def log(session: Session, actor: Actor) -> Sequence[Call]:
    """The calls of an actor's divisions, the newest first, 500 at most. Raises Forbidden."""
    paths = _paths(actor)
    within = or_(*(or_(Call.path == path, Call.path.startswith(path + "/")) for path in paths))
    return session.scalars(select(Call).where(within).order_by(Call.at.desc(), Call.id.desc()).limit(SHOWN)).all()


def enter(session: Session, actor: Actor, given: Mapping[str, Any]) -> Call:
    """Note a call that became no case: `transferred` (yes or no), `way`, `about`, `told`.

    Raises Forbidden, MoneySent, CallUnfit.
    """
    path = min(_paths(actor), key=lambda one: (-len(one), one))
    said = {name: str(given.get(name) or "").strip() for name in ("transferred", "way", "about", "told")}
    if said["transferred"] == "yes":
        raise MoneySent
    fits = said["transferred"] == "no" and said["way"] in WAYS and said["about"] in ABOUT
    if not fits or not 0 < len(said["told"]) <= LONGEST or _names(said["told"]):
        raise CallUnfit
    made = Call(id=new_id(), path=path, at=clock.now(), way=said["way"], about=said["about"], told=said["told"])
    session.add(made)
    events.record(session, "call.entered", made.id, actor=actor.id)
    return made


def expire(session: Session) -> int:
    """Delete what is kept no longer; returns how many."""
    over = delete(Call).where(Call.at < clock.now() - KEPT).returning(Call.id)
    return len(session.execute(over).all())


def _paths(actor: Actor) -> set[str]:
    paths = {held.path for held in actor.memberships if held.role in KEEPERS}
    if not paths:
        raise Forbidden
    return paths


def _names(text: str) -> bool:
    """Whether a telephone, an identity number or what must not be kept stands in some words."""
    digits = "".join(one if one.isdigit() else " " if one not in "- " else "" for one in text)
    return any(len(run) >= 7 for run in digits.split()) or bool(list(blocklist.hits(text)))
