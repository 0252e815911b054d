"""Registering volunteers, putting them on shifts, and standing in for each other.

Nothing here counts hours, distances or appearances of a person: whoever stands stands (反形式主义规则 3).
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case
from engine.errors import N_, Conflict, Forbidden, Invalid, NotFound
from engine.ids import new_id
from engine.people.actor import Actor
from engine.territory import queries as territory
from engine.volunteers.models import Shift, Stand, Volunteer

KINDS = ("mediator", "publicist", "red_armband")
KEEPERS = ("village_mediator", "justice_officer", "duty_officer", "county_officer")
"""Who keeps the register and the rosters, each in their division."""


class VolunteerUnknown(NotFound):
    """There is no such volunteer in this person's division."""

    code = "volunteer-unknown"
    message = N_("There is no such volunteer in your division.")


class ShiftUnknown(NotFound):
    """There is no such shift in this person's division."""

    code = "shift-unknown"
    message = N_("There is no such shift in your division.")


class VolunteerUnfit(Invalid):
    """A volunteer has a name, a roster, and a division that one keeps."""

    code = "volunteer-unfit"
    message = N_("Say the name, the roster and the village or town of the volunteer.")


class StandTaken(Conflict):
    """The volunteer stands in this shift already, or in another one at that time."""

    code = "stand-taken"
    message = N_("This volunteer stands already at that time. Choose somebody else.")


def keeps(actor: Actor, path: str) -> bool:
    """Whether somebody keeps the register of a division."""
    return any(actor.holds(role, path) for role in KEEPERS)


def require_keeper(actor: Actor, path: str) -> None:
    """Raises Forbidden."""
    if not keeps(actor, path):
        raise Forbidden


def register(session: Session, actor: Actor, details: Mapping[str, Any]) -> Volunteer:
    """Put somebody on a roster. Raises VolunteerUnfit, DivisionUnknown, Forbidden."""
    name, kind = str(details.get("name") or "").strip(), details.get("kind")
    if not name or kind not in KINDS or not details.get("division"):
        raise VolunteerUnfit
    division = territory.division(session, str(details["division"]))
    require_keeper(actor, division.path)
    try:
        trained = date.fromisoformat(str(details["trained_on"])) if details.get("trained_on") else None
    except ValueError:
        raise VolunteerUnfit from None
    made = Volunteer(
        id=new_id(), kind=str(kind), name=name[:60], phone=str(details.get("phone") or "").strip()[:30],
        division=division.code, path=division.path, certificate=str(details.get("certificate") or "").strip()[:60],
        trained_on=trained, from_day=clock.today(),
    )  # fmt: skip
    session.add(made)
    events.record(session, "volunteer.registered", made.id, actor=actor.id, volunteer_kind=made.kind)
    return made


def stop(session: Session, actor: Actor, volunteer_id: UUID) -> Volunteer:
    """Let a volunteer leave the roster today; coming shifts lose them. Raises VolunteerUnknown."""
    found = session.get(Volunteer, volunteer_id)
    if found is None or not keeps(actor, found.path):
        raise VolunteerUnknown(volunteer=volunteer_id)
    if found.to_day is None:
        found.to_day = clock.today()
        coming = select(Shift.id).where(Shift.starts_at > clock.now())
        session.execute(
            update(Stand)
            .where(Stand.volunteer_id == found.id, Stand.shift_id.in_(coming), Stand.state == "assigned")
            .values(state="absent")
        )
        events.record(session, "volunteer.stopped", found.id, actor=actor.id)
    return found


def plan(session: Session, case: Case, actor: str | None, shifts: Iterable[Mapping[str, Any]]) -> list[Shift]:
    """Make the shifts of a roster, from the rows of its form: day, from, until, place, needed."""
    made = [
        Shift(
            id=new_id(), case_id=case.id, path=case.division, place=str(one["place"])[:100],
            starts_at=_instant(one["starts_at"]), ends_at=_instant(one["ends_at"]), needed=int(one["needed"]),
        )
        for one in shifts
    ]  # fmt: skip
    session.add_all(made)
    events.record(session, "roster.planned", case.id, actor=actor, shifts=len(made))
    return made


def end(session: Session, case: Case, actor: str | None) -> None:
    """End what is still to come of a roster."""
    session.execute(
        update(Shift).where(Shift.case_id == case.id, Shift.ended_at.is_(None)).values(ended_at=clock.now())
    )
    events.record(session, "roster.ended", case.id, actor=actor)


def stand(
    session: Session, actor: Actor, shift_id: UUID, volunteer_id: UUID, *, covers: UUID | None = None
) -> Stand:  # fmt: skip
    """Put a volunteer on a shift, or in place of somebody who cannot come.

    Raises ShiftUnknown, VolunteerUnknown, StandTaken.
    """
    shift = session.get(Shift, shift_id, with_for_update=True)
    if shift is None or shift.ended_at or not keeps(actor, shift.path):
        raise ShiftUnknown(shift=shift_id)
    volunteer = session.get(Volunteer, volunteer_id)
    if volunteer is None or volunteer.to_day is not None or not _near(volunteer.path, shift.path):
        raise VolunteerUnknown(volunteer=volunteer_id)
    at_that_time = select(Stand.id).join(Shift, Shift.id == Stand.shift_id).where(
        Stand.volunteer_id == volunteer.id, Stand.state == "assigned", Shift.ended_at.is_(None),
        Shift.starts_at < shift.ends_at, Shift.ends_at > shift.starts_at,
    )  # fmt: skip
    if session.scalar(at_that_time.limit(1)):
        raise StandTaken(volunteer=volunteer_id)
    if covers is not None:
        absent = session.get(Stand, covers)
        if absent is None or absent.shift_id != shift.id:
            raise ShiftUnknown(shift=shift_id)
        absent.state = "absent"
    made = Stand(id=new_id(), shift_id=shift.id, volunteer_id=volunteer.id, state="assigned", covers=covers)
    session.add(made)
    kind = "shift.covered" if covers else "shift.taken"
    events.record(session, kind, shift.case_id, actor=actor.id, shift=str(shift.id), stand=str(made.id))
    return made


def _near(volunteer: str, shift: str) -> bool:
    """Whether somebody of one division may stand in the other: one of the two lies within the other."""
    return f"{volunteer}/".startswith(f"{shift}/") or f"{shift}/".startswith(f"{volunteer}/")


def _instant(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=clock.ZONE)
