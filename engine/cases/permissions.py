"""Who may see which case and do what to it: the one place where it is decided (the table in docs/access.md).

A role counts in its division and below. Seeing comes first: what one may not see does not exist (NotFound), what one
may see but not do is Forbidden.
"""

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, literal_column, or_, select, true
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case, EmergencyLook
from engine.errors import N_, Forbidden, NotFound
from engine.people.actor import Actor


class CaseUnknown(NotFound):
    """There is no such case, or it is not for this person to see."""

    code = "case-unknown"
    message = N_("There is no such case, or it is not yours to see.")


class NotForYourRole(Forbidden):
    """The case may be seen, but this is for other roles to do."""

    code = "not-for-your-role"
    message = N_("You may see this case, but this is for another role to do.")


OPEN = Case.sealed.is_(False)
DISPUTE = and_(OPEN, Case.kind == "dispute")
POLICE_KINDS = ("police", "protection", "fraud")
PETITIONS = ("petition", "suggestion")

SIGHT: dict[str, Callable[[], ColumnElement[bool]]] = {
    "grid_worker": lambda: and_(OPEN, Case.kind.not_in((*POLICE_KINDS, "petition", "reward"))),
    # A mediation committee sees the disputes that have come up to its level (人民调解法 §15(4): secrecy).
    "village_mediator": lambda: and_(DISPUTE, Case.level.in_(("village", "town", "county"))),
    "town_mediator": lambda: and_(DISPUTE, Case.level.in_(("town", "county"))),
    "county_mediator": lambda: and_(DISPUTE, Case.level == "county"),
    "duty_officer": lambda: OPEN,
    "county_officer": true,
    "justice_officer": lambda: DISPUTE,
    "hazard_officer": lambda: and_(OPEN, Case.kind == "hazard"),
    "petition_officer": lambda: and_(OPEN, Case.kind.in_(PETITIONS)),
    # What was handed to the police, sealed or not (治安管理处罚法 2025 §136; 反家庭暴力法 §15): no petition, least of
    # all an accusation, which went to those who discipline officials (信访工作条例 §30).
    "police": lambda: or_(
        Case.kind.in_(POLICE_KINDS),
        Case.paused_at.is_not(None),
        and_(Case.outcome == "handed_over", Case.kind.not_in(PETITIONS)),
    ),
}
"""What a role sees in its division. Leaders see figures, administrators no content; courts what a hand-over brings."""

EMERGENCY: dict[str, Callable[[], ColumnElement[bool]]] = {
    "duty_officer": lambda: OPEN,
    "justice_officer": lambda: OPEN,
    "petition_officer": lambda: OPEN,
    "hazard_officer": lambda: OPEN,
    # Who must protect at once may read what was sealed to protect (反家庭暴力法 §§14, 15; 未成年人保护法 §11).
    "police": lambda: or_(OPEN, Case.kind.in_(POLICE_KINDS)),
    "protection_officer": lambda: or_(OPEN, Case.kind == "protection"),
}
"""What a role may open in an emergency, anywhere in its county; an accusation that is sealed is not among it."""

CENTRES = ("duty_officer", "county_officer")
WATCHERS = (*CENTRES, "leader")
"""Who answers for all that is open in a division: boards, and what falls short there."""

MEDIATORS = frozenset({"village_mediator", "town_mediator", "county_mediator"})
NOBODY: ColumnElement[list[str]] = literal_column("'{}'::text[]")
ANYBODY_WHO_SEES = frozenset[str]()
HANDLERS = frozenset(
    {
        "village_mediator", "town_mediator", "county_mediator", "duty_officer", "county_officer", "justice_officer",
        "hazard_officer", "petition_officer", "police",
    }
)  # fmt: skip
"""Who works on cases at a desk; grid workers report, and see numbers masked."""

ACTIONS: dict[str, frozenset[str]] = {
    "note": ANYBODY_WHO_SEES,
    "danger": ANYBODY_WHO_SEES,
    "withdraw": HANDLERS - {"hazard_officer", "petition_officer", "police"},
    "locate": frozenset({"grid_worker", "duty_officer", "county_officer"}),
    "link": frozenset({"duty_officer", "county_officer", "petition_officer"}),
    "reopen": frozenset({"duty_officer", "county_officer"}),
    "sit": frozenset(
        {
            "village_mediator",
            "town_mediator",
            "county_mediator",
            "justice_officer",
            "petition_officer",
            "county_officer",
        }
    ),
    "party": HANDLERS,
    "unmask": HANDLERS,
    "paper": HANDLERS - {"hazard_officer", "petition_officer", "police"},
    "represent": HANDLERS - {"hazard_officer", "police"},
    # Organs for a duty of theirs; a mediation committee is none (视频图像条例 §20; 人民调解法 §7).
    "footage": frozenset({"duty_officer", "county_officer", "justice_officer", "petition_officer", "hazard_officer"}),
    "file": HANDLERS,
    "party_code": HANDLERS - {"hazard_officer", "petition_officer", "police"},
    "void": frozenset({"village_mediator", "town_mediator", "county_mediator", "justice_officer", "county_officer"}),
    "bundle": HANDLERS - {"village_mediator"},
    "seal": frozenset({"duty_officer", "county_officer", "police"}),
    "unseal": frozenset({"county_officer"}),
}
"""What can be done to a case outside the steps of its process, and the roles that may; steps name their own roles."""


LOOKED = "last look into a sealed case"
"""Under this key a session remembers the look that it recorded last: in which transaction, whose, into what."""


def scope(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that an actor may see: by role and division, as its mediator or reporter."""
    if actor is Actor.SYSTEM:
        return true()
    seen = [
        and_(within(held.path), SIGHT[held.role]())
        for held in actor.memberships
        if held.role in SIGHT
    ]  # fmt: skip
    if actor.id:
        seen += [mediated(actor), and_(Case.reported_by == actor.id, OPEN)]
    return or_(*seen) if seen else false()


def mediated(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that an actor mediates now, as the one who leads or jointly (人民调解法 §19)."""
    joined = and_(Case.joint != NOBODY, Case.joint.contains([actor.id]))  # the first as the index has it
    return or_(Case.mediator == actor.id, joined)


def mediates(actor: Actor, case: Case) -> bool:
    """Whether an actor mediates a case now and still is a mediator, of whatever level and place."""
    return actor.id in case.mediators and not actor.roles.isdisjoint(MEDIATORS)


def openable(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that an actor may open in an emergency, whether or not they have."""
    opened = [
        and_(within(held.path.partition("/")[0]), EMERGENCY[held.role]())
        for held in actor.memberships
        if held.role in EMERGENCY
    ]
    return or_(*opened) if opened else false()


def emergency_look(session: Session, actor: Actor, case_id: UUID) -> EmergencyLook | None:
    """The emergency look of an actor into a case that runs now, as long as their role lets them have it."""
    query = select(EmergencyLook).join(Case, Case.id == EmergencyLook.case_id).where(openable(actor))
    mine = query.where(Case.id == case_id, EmergencyLook.by == actor.id, EmergencyLook.until > clock.now())
    return session.scalar(mine.order_by(EmergencyLook.until.desc()).limit(1))


def counted(actor: Actor) -> ColumnElement[bool]:
    """The condition on cases that an actor may see in figures: what they see, and for leaders their division's."""
    led = [within(held.path) for held in actor.memberships if held.role == "leader"]
    return or_(scope(actor), *(and_(one, OPEN) for one in led))


def boards(actor: Actor) -> list[str]:
    """The paths of the divisions whose board an actor may look at, the widest first; none lies within another."""
    held = sorted({one.path for one in actor.memberships if one.role in WATCHERS}, key=len)
    return [path for path in held if not any(path.startswith(other + "/") for other in held)]


def sees_all(actor: Actor, path: str) -> bool:
    """Whether an actor may open every case of a division that is not sealed: then no count of them is a secret."""
    return any(actor.holds(role, path) for role in CENTRES)


def within(path: str) -> ColumnElement[bool]:
    """The condition that a case happened in a division or below it."""
    return or_(Case.division == path, Case.division.startswith(path + "/", autoescape=True))


def may(actor: Actor, action: str, case: Case) -> bool:
    """Whether somebody who sees a case may do this to it. Raises KeyError for an action that is not in ACTIONS."""
    roles = ACTIONS[action]
    if not roles or actor is Actor.SYSTEM:
        return True
    if not roles.isdisjoint(MEDIATORS) and mediates(actor, case):
        return True
    return any(actor.holds(role, case.division) for role in roles)


def require(session: Session, actor: Actor, action: str, case_id: UUID) -> Case:
    """The case, if the actor may see it and do this to it. Raises CaseUnknown, NotForYourRole."""
    found = visible(session, actor, case_id)
    if not may(actor, action, found):
        raise NotForYourRole(case=case_id, action=action)
    return found


def visible(session: Session, actor: Actor, case_id: UUID) -> Case:
    """The case, if the actor may see it; a look into a sealed one is recorded. Raises CaseUnknown."""
    found = session.scalar(select(Case).where(Case.id == case_id, scope(actor)))
    if found is None:
        raise CaseUnknown(case=case_id)
    looked(session, actor, found)
    return found


def looked(session: Session, actor: Actor, case: Case) -> None:
    """Record a look into a case, or at a step or sitting of it, if it is sealed; all that one page reads is one."""
    look = (session.get_nested_transaction() or session.get_transaction(), actor.id, case.id)
    if case.sealed and session.info.get(LOOKED) != look:
        session.info[LOOKED] = look
        events.record(session, "case.viewed", case.id, actor=actor.id or None)


def readable(session: Session, actor: Actor, case_id: UUID) -> tuple[Case, EmergencyLook | None]:
    """The case to be read and never changed, and the emergency look that opens it, if nothing else does.

    Such a look is recorded each time. Raises CaseUnknown.
    """
    try:
        return visible(session, actor, case_id), None
    except CaseUnknown:
        look = emergency_look(session, actor, case_id)
        if look is None:
            raise
    events.record(session, "case.emergency_viewed", case_id, actor=actor.id)
    return session.get_one(Case, case_id), look
