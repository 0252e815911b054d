"""Who is who."""

import re
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session

from engine import clock, statements
from engine.errors import N_, NotFound
from engine.people.actor import Actor, Held
from engine.people.commands import token_hash
from engine.people.models import Absence, Account, Membership, SignIn, Unit
from engine.statements import Statement

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class AccountUnknown(NotFound):
    """There is no such person here, or their account is closed."""

    code = "account-unknown"
    message = N_("There is no such colleague here. Choose one from the list.")


def _on(day: Any) -> tuple[ColumnElement[bool], ...]:
    """The conditions that a membership counts on a day."""
    return Membership.from_day <= day, Membership.to_day.is_(None) | (Membership.to_day >= day)


def _covered(day: Any) -> Any:
    """The condition that an absence covers a day."""
    return and_(Absence.from_day <= day, Absence.to_day >= day, Absence.ended_at.is_(None))


# One row a membership, in one go and without the ORM: every request asks this first.
_SIGNED_IN = Statement(
    select(
        Account.id,
        Account.name,
        Account.locale,
        Account.first_password,
        Account.second_factor.is_not(None),
        func.array(
            select(Absence.account_id)
            .where(Absence.cover_id == Account.id, _covered(bindparam("today", type_=Date)))
            .correlate(Account)
            .scalar_subquery()
        ),
        Membership.role,
        Membership.division,
        Membership.path,
    )
    .join(SignIn, SignIn.account_id == Account.id)
    .outerjoin(Membership, and_(Membership.account_id == Account.id, *_on(bindparam("today", type_=Date))))
    .where(SignIn.token_hash == bindparam("token"), SignIn.expires_at > bindparam("now"), Account.active)
)


def actor_of_session(session: Session, token: str) -> Actor | None:
    """The actor whose token this is; None if it is unknown or over."""
    asked = {"token": token_hash(token), "now": clock.now(), "today": clock.today()}
    found = statements.rows(session, _SIGNED_IN, asked)
    if not found:
        return None
    account, name, locale, first_password, second_factor, covers, *_ = found[0]
    held = tuple(Held(*held) for _, _, _, _, _, _, *held in found if held[0])
    return Actor(str(account), name, locale, held, tuple(map(str, covers)), first_password, second_factor)


def actor_of(session: Session, account: Account) -> Actor:
    """An account as an actor, with the roles it holds today."""
    rows = session.scalars(select(Membership).where(Membership.account_id == account.id, *_on(clock.today())))
    held = tuple(Held(one.role, one.division, one.path) for one in rows)
    away = select(Absence.account_id).where(Absence.cover_id == account.id, _covered(clock.today()))
    return Actor(str(account.id), account.name, account.locale or None, held, tuple(map(str, session.scalars(away))))


def actors_of(session: Session, accounts: Collection[Account]) -> list[Actor]:
    """Several accounts as actors with the roles they hold today, by one statement; whom they cover is left out."""
    query = select(Membership).where(Membership.account_id.in_([one.id for one in accounts]), *_on(clock.today()))
    held: dict[UUID, list[Held]] = {}
    for one in session.scalars(query):
        held.setdefault(one.account_id, []).append(Held(one.role, one.division, one.path))
    return [Actor(str(one.id), one.name, one.locale or None, tuple(held.get(one.id, ()))) for one in accounts]


def actor_by_login(session: Session, login: str) -> Actor:
    """The actor of a login."""
    return actor_of(session, session.scalars(select(Account).where(Account.login == login)).one())


def actor_by_id(session: Session, account_id: str) -> Actor:
    """The actor of an account's id as text. Raises AccountUnknown."""
    try:
        account = session.get(Account, UUID(account_id))
    except ValueError:
        account = None
    if account is None or not account.active:
        raise AccountUnknown
    return actor_of(session, account)


def names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of accounts by their ids as text; what is no id is passed over."""
    wanted = {UUID(one) for one in ids if one and ID.fullmatch(one)}
    if not wanted:
        return {}
    return {
        str(key): name for key, name in session.execute(select(Account.id, Account.name).where(Account.id.in_(wanted)))
    }


def holders(session: Session, roles: Collection[str], path: str) -> list[Account]:
    """Who holds one of these roles today in a division or above it, by name."""
    held = select(Membership.account_id).where(
        Membership.role.in_(roles), Membership.path.in_(_above(path)), *_on(clock.today())
    )
    return list(session.scalars(select(Account).where(Account.active, Account.id.in_(held)).order_by(Account.name)))


def holders_within(session: Session, roles: Collection[str], paths: Collection[str]) -> list[Account]:
    """Who holds one of these roles today in one of some divisions or below, by name."""
    below = or_(*(or_(Membership.path == path, Membership.path.startswith(path + "/")) for path in paths))
    held = select(Membership.account_id).where(Membership.role.in_(roles), below, *_on(clock.today()))
    return list(session.scalars(select(Account).where(Account.active, Account.id.in_(held)).order_by(Account.name)))


def holding(session: Session, role: str) -> list[str]:
    """The ids, as text, of those who hold a role anywhere today."""
    held = select(Membership.account_id).where(Membership.role == role, *_on(clock.today()))
    return [str(one) for one in session.scalars(select(Account.id).where(Account.active, Account.id.in_(held)))]


def held_at(session: Session, path: str) -> list[str]:
    """The ids, as text, of those who hold any role in this very division today."""
    held = select(Membership.account_id).where(Membership.path == path, *_on(clock.today())).distinct()
    return [str(one) for one in session.scalars(held)]


def held_paths(session: Session, roles: Collection[str]) -> dict[str, set[str]]:
    """In which divisions each of some roles is held today by somebody whose account is open."""
    query = select(Membership.role, Membership.path).join(Account, Account.id == Membership.account_id)
    found: dict[str, set[str]] = {}
    for role, path in session.execute(
        query.where(Account.active, Membership.role.in_(roles), *_on(clock.today())).distinct()
    ):
        found.setdefault(role, set()).add(path)
    return found


def active(session: Session, ids: Iterable[str]) -> set[str]:
    """Those of some accounts, by id as text, that are open."""
    wanted = {UUID(one) for one in ids}
    return {str(one) for one in session.scalars(select(Account.id).where(Account.id.in_(wanted), Account.active))}


def away(session: Session, accounts: Collection[UUID], day: date) -> set[UUID]:
    """Those of some accounts who are away on a day."""
    query = select(Absence.account_id).where(Absence.account_id.in_(accounts), _covered(day))
    return set(session.scalars(query))


def there(day: date) -> ColumnElement[bool]:
    """The condition on organisations that they were not closed before a day."""
    return Unit.last_day.is_(None) | (Unit.last_day >= day)


def unit_for(session: Session, kind: str, path: str, on: date | None = None) -> Unit | None:
    """The nearest organisation of a kind in a division or above it, as it was on a day (today); of one that was closed
    before, its successor. Where one goes and another comes, the one that goes counts up to its last day."""
    day = on or clock.today()
    found = select(Unit).where(Unit.kind == kind, Unit.path.in_(_above(path)))
    for one in session.scalars(found.order_by(Unit.path.desc(), Unit.last_day.nulls_last())):
        if heir := _heir(session, one, day):
            return heir
    return None


def ended(session: Session, path: str) -> list[date]:
    """The last days of the organisations of a division and above it that were closed."""
    found = select(Unit.last_day).where(Unit.path.in_(_above(path)), Unit.last_day.is_not(None))
    return [day for day in session.scalars(found) if day]


def _heir(session: Session, unit: Unit | None, day: date) -> Unit | None:
    """An organisation if it was there on a day, else whoever had taken over by then."""
    while unit and unit.last_day and unit.last_day < day:
        unit = session.get(Unit, unit.successor_id) if unit.successor_id else None
    return unit


def duty_phones(session: Session, path: str | None = None) -> list[Unit]:
    """The organisations with a phone to call, near a division first."""
    query = select(Unit).where(Unit.phone != "", there(clock.today()))
    if path:
        query = query.where(Unit.path.in_(_above(path)))
    return list(session.scalars(query.order_by(Unit.path.desc(), Unit.kind)))


def _above(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts) + 1)]
