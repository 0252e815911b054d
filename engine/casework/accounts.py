"""Accounts and roles (账号和角色): administrators keep them for their divisions; the command line opens the first.

Nobody changes their own roles, and whoever holds roles outside of an administrator's divisions cannot be closed or
given a new password by them: no administrator comes to more than was given to them.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from engine import clock, events
from engine.casework.administration import require_admin
from engine.errors import N_, Conflict, FieldError, Invalid
from engine.people import commands
from engine.people.actor import Actor
from engine.people.models import Account, Membership, SignIn
from engine.people.queries import AccountUnknown
from engine.people.roles import ROLES
from engine.territory.models import Division
from engine.volunteers import commands as rosters
from engine.volunteers import own
from engine.volunteers.models import Volunteer

SHOWN = 100
"""Accounts that a list shows at once; words find the others."""
UNREADABLE = date.min
LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
PHONE = re.compile(r"[\d +()-]{0,30}")
LONGEST_NAME = 60
EMPLOYMENTS = ("", "full", "part")
"""How somebody holds a role: not said, full-time (专职), part-time (兼职)."""

WRONG = {
    "login": N_("Sign-in name: 2 to 40 small letters, digits, dots or dashes."),
    "taken": N_("Somebody has this sign-in name already. Choose another one."),
    "name": N_("Say the person's name, in at most 60 characters."),
    "role": N_("Choose a role from the list."),
    "division": N_("Choose one of your divisions."),
    "employment": N_("Say full-time or part-time, or leave it open."),
    "last_day": N_("The last day of a role is today or later; leave it open where there is none."),
    "phone": N_("A telephone number has digits, spaces, + - and brackets, at most 30."),
    "trained_on": N_("The day of a training is today or before; leave it open where there was none."),
}


class AccountUnfit(Invalid):
    """An account has a sign-in name of its own, a person's name, and a role in a division of the administrator."""

    code = "account-unfit"
    message = N_("Nothing was changed: something is missing or cannot be so.")


class NotByOneself(Conflict):
    """Roles are given and taken, and accounts closed, by somebody else."""

    code = "not-by-oneself"
    message = N_("This is your own account. Another administrator changes its roles or closes it.")


class AlsoElsewhere(Conflict):
    """The person holds roles outside of the administrator's divisions."""

    code = "also-elsewhere"
    message = N_("They hold roles outside of your divisions. An administrator of all of them can do this.")


class RoleHeld(Conflict):
    """The role is held there already."""

    code = "role-held"
    message = N_("They hold this role there already.")


@dataclass(frozen=True)
class Listed:
    """An account with the roles that it holds now or later and that the administrator sees; `own`: it is theirs."""

    account: Account
    roles: list[Membership]
    own: bool

    @property
    def id(self) -> UUID:
        """The account's id."""
        return self.account.id


def listed(session: Session, actor: Actor, words: str = "", role: str = "") -> list[Listed]:
    """The accounts with a role (of one kind: `role`) in an administrator's divisions, by name: SHOWN at most. `words`
    stand in their names.

    Raises AdministratorsOnly.
    """
    require_admin(actor)
    held = select(Membership.account_id).where(or_(*(_within(path) for path in _own(actor))))
    if role:
        held = held.where(Membership.role == role, _lasts())
    query = select(Account).where(Account.id.in_(held))
    if words := words.strip():
        query = query.where(or_(*(field.icontains(words, autoescape=True) for field in (Account.name, Account.login))))
    found = list(session.scalars(query.order_by(Account.name, Account.id).limit(SHOWN)))
    return _listed(session, actor, found)


def one(session: Session, actor: Actor, account_id: UUID) -> Listed:
    """One of these accounts. Raises AdministratorsOnly, AccountUnknown."""
    return _listed(session, actor, [_known(session, actor, account_id)])[0]


def open_account(session: Session, actor: Actor | None, given: Mapping[str, Any]) -> tuple[Account, str]:
    """Open an account with a first role: `login`, `name`, and as `give_role`. Returns it with its password, which is
    told once, kept nowhere and changed at the first sign-in. The command line (no actor) or an administrator may.

    Raises AdministratorsOnly, AccountUnfit.
    """
    said = {name: str(given.get(name) or "").strip() for name in ("login", "name", "role", "division")}
    wrong = _login_wrong(session, said["login"])
    if not 0 < len(said["name"]) <= LONGEST_NAME:
        wrong.append("name")
    division, terms = _place(session, actor, said, wrong), _terms(given, wrong)
    if wrong or division is None:
        raise _unfit(wrong)
    password = _password()
    made = commands.create_account(session, said["login"], said["name"], password, first_password=True)
    commands.grant(session, made, said["role"], division.code, **terms)
    _record(session, "account.opened", made, actor, role=said["role"], division=division.code)
    return made, password


def open_for_volunteer(session: Session, actor: Actor, volunteer_id: UUID, login: str) -> tuple[Account, str]:
    """Open an account for somebody on the register of volunteers, with that role and no other, as its keeper.

    Raises VolunteerUnknown, HasAccount, AccountUnfit.
    """
    found = own.to_open(session, actor, volunteer_id)
    if wrong := _login_wrong(session, login.strip()):
        raise _unfit(wrong)
    password = _password()
    made = commands.create_account(session, login.strip(), found.name, password, first_password=True)
    own.open_with(session, found, made)
    _record(session, "account.opened", made, actor, role=own.ROLE, division=found.division)
    return made, password


def stop_volunteer(session: Session, actor: Actor, volunteer_id: UUID) -> Volunteer:
    """Let a volunteer leave the roster today, and with the last one their role. Raises VolunteerUnknown."""
    found = rosters.stop(session, actor, volunteer_id)
    session.flush()
    own.end_role(session, found)
    return found


def give_role(session: Session, actor: Actor, account_id: UUID, given: Mapping[str, Any]) -> Account:
    """Give somebody a role in a division from today on: `role`, `division`; where it is said `last_day` and
    `employment` (EMPLOYMENTS).

    Raises AdministratorsOnly, AccountUnknown, NotByOneself, AccountUnfit, RoleHeld.
    """
    account = _others(session, actor, account_id)
    said = {name: str(given.get(name) or "").strip() for name in ("role", "division")}
    wrong: list[str] = []
    division, terms = _place(session, actor, said, wrong), _terms(given, wrong)
    if wrong or division is None:
        raise _unfit(wrong)
    if any((held.role, held.division) == (said["role"], division.code) for held in _lasting(session, [account.id])):
        raise RoleHeld
    commands.grant(session, account, said["role"], division.code, **terms)
    _record(session, "account.role_given", account, actor, role=said["role"], division=division.code)
    return account


def describe(session: Session, actor: Actor, account_id: UUID, given: Mapping[str, Any]) -> Account:
    """Say how somebody is reached and when they were trained last: `phone`, `trained_on` (a day).

    Raises AdministratorsOnly, AccountUnknown, AccountUnfit.
    """
    account = _known(session, actor, account_id)
    phone, trained = str(given.get("phone") or "").strip(), _day(given.get("trained_on"))
    wrong = [] if PHONE.fullmatch(phone) else ["phone"]
    if trained and not UNREADABLE < trained <= clock.today():
        wrong.append("trained_on")
    if wrong:
        raise _unfit(wrong)
    if (account.phone, account.trained_on) != (phone, trained):
        account.phone, account.trained_on = phone, trained
        _record(session, "account.described", account, actor)
    return account


def take_role(session: Session, actor: Actor, account_id: UUID, membership_id: UUID) -> Account:
    """Let a role end, at once. What was done with it stays theirs in the history.

    Raises AdministratorsOnly, AccountUnknown, NotByOneself.
    """
    account = _others(session, actor, account_id)
    held = session.get(Membership, membership_id, with_for_update=True)
    if held is None or held.account_id != account.id or not actor.holds("admin", held.path):
        raise AccountUnknown
    yesterday = clock.today() - timedelta(days=1)
    if held.to_day is None or held.to_day > yesterday:
        held.to_day = yesterday
        _record(session, "account.role_taken", account, actor, role=held.role, division=held.division)
    return account


def close(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Close an account: nobody signs in with it, every session ends. What they did stays theirs in the history.

    Raises AdministratorsOnly, AccountUnknown, NotByOneself, AlsoElsewhere.
    """
    account = _wholly(session, actor, account_id)
    if account.active:
        account.active = False
        _sign_out(session, account)
        _record(session, "account.closed", account, actor)
    return account


def reopen(session: Session, actor: Actor, account_id: UUID) -> Account:
    """Open a closed account again. Raises AdministratorsOnly, AccountUnknown, NotByOneself, AlsoElsewhere."""
    account = _wholly(session, actor, account_id)
    if not account.active:
        account.active = True
        _record(session, "account.reopened", account, actor)
    return account


def new_password(session: Session, actor: Actor, account_id: UUID) -> tuple[Account, str]:
    """Give somebody a new password, told once and kept nowhere; every session of theirs ends.

    Raises AdministratorsOnly, AccountUnknown, NotByOneself, AlsoElsewhere.
    """
    account = _wholly(session, actor, account_id)
    password = _password()
    commands.set_password(account, password)
    _sign_out(session, account)
    _record(session, "account.password_given", account, actor)
    return account, password


def rescue(session: Session, login: str) -> str:
    """A new password for whoever no administrator can help, told on the command line. Raises AccountUnknown."""
    account = session.scalar(select(Account).where(Account.login == login).with_for_update())
    if account is None:
        raise AccountUnknown
    password = _password()
    commands.set_password(account, password)
    _sign_out(session, account)
    _record(session, "account.password_given", account, None)
    return password


def divisions(session: Session, actor: Actor) -> list[Division]:
    """Where an administrator can give roles: their divisions and all below, by path. Raises AdministratorsOnly."""
    require_admin(actor)
    query = select(Division).where(
        or_(*(or_(Division.path == path, Division.path.startswith(path + "/")) for path in _own(actor)))
    )
    return list(session.scalars(query.order_by(Division.path)))


def _place(session: Session, actor: Actor | None, said: Mapping[str, str], wrong: list[str]) -> Division | None:
    """The division in which a role is to be given; what is wrong is added to `wrong`."""
    if said["role"] not in ROLES:
        wrong.append("role")
    division = session.get(Division, said["division"])
    if division is None or not (actor is None or actor.holds("admin", division.path)):
        wrong.append("division")
        return None
    return division if said["role"] in ROLES else None


def _login_wrong(session: Session, login: str) -> list[str]:
    """What is wrong with a new sign-in name."""
    if not LOGIN.fullmatch(login):
        return ["login"]
    return ["taken"] if session.scalar(select(Account.id).where(Account.login == login)) else []


def _terms(given: Mapping[str, Any], wrong: list[str]) -> dict[str, Any]:
    """Until when and how a role is to be held; what is wrong is added to `wrong`."""
    last_day, employment = _day(given.get("last_day")), str(given.get("employment") or "")
    if last_day and last_day < clock.today():
        wrong.append("last_day")
    if employment not in EMPLOYMENTS:
        wrong.append("employment")
    return {"until": last_day, "employment": employment}


def _day(given: Any) -> date | None:
    """A day as it was given; UNREADABLE, which no rule takes, where it is none."""
    if isinstance(given, date) or not given:
        return given or None
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        return UNREADABLE


def _unfit(wrong: list[str]) -> AccountUnfit:
    fields = [FieldError(f"/{'login' if one == 'taken' else one}", one, WRONG[one]) for one in wrong]
    return AccountUnfit(fields=fields)


def _own(actor: Actor) -> list[str]:
    return sorted(held.path for held in actor.memberships if held.role == "admin")


def _within(path: str) -> Any:
    return or_(Membership.path == path, Membership.path.startswith(path + "/"))


def _lasts() -> ColumnElement[bool]:
    return Membership.to_day.is_(None) | (Membership.to_day >= clock.today())


def _lasting(session: Session, accounts: list[UUID]) -> list[Membership]:
    """The roles that some accounts hold today or later."""
    query = select(Membership).where(Membership.account_id.in_(accounts), _lasts())
    return list(session.scalars(query.order_by(Membership.role, Membership.path)))


def _listed(session: Session, actor: Actor, accounts: list[Account]) -> list[Listed]:
    roles: dict[UUID, list[Membership]] = {}
    for held in _lasting(session, [one.id for one in accounts]):
        if actor.holds("admin", held.path):
            roles.setdefault(held.account_id, []).append(held)
    return [Listed(one, roles.get(one.id, []), str(one.id) == actor.id) for one in accounts]


def _known(session: Session, actor: Actor, account_id: UUID) -> Account:
    require_admin(actor)
    here = select(Membership.id).where(
        Membership.account_id == account_id, or_(*(_within(path) for path in _own(actor)))
    )
    account = session.get(Account, account_id, with_for_update=True) if session.scalar(here.limit(1)) else None
    if account is None:
        raise AccountUnknown
    return account


def _others(session: Session, actor: Actor, account_id: UUID) -> Account:
    account = _known(session, actor, account_id)
    if str(account.id) == actor.id:
        raise NotByOneself
    return account


def _wholly(session: Session, actor: Actor, account_id: UUID) -> Account:
    """An account of somebody else whose roles are all within the actor's divisions."""
    account = _others(session, actor, account_id)
    if not all(actor.holds("admin", held.path) for held in _lasting(session, [account.id])):
        raise AlsoElsewhere
    return account


def _password() -> str:
    return secrets.token_urlsafe(12)


def _sign_out(session: Session, account: Account) -> None:
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def _record(session: Session, kind: str, account: Account, actor: Actor | None, **facts: Any) -> None:
    events.record(session, kind, account.id, actor=actor.id if actor else None, **facts)
