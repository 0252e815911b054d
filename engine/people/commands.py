"""Signing in and out, accounts and roles."""

import hashlib
import secrets
from datetime import date, timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine import clock
from engine.config import settings
from engine.errors import N_, Forbidden, Invalid
from engine.ids import new_id
from engine.people import attempts, second_factor
from engine.people.actor import Actor
from engine.people.models import Account, FailedSignIn, Membership, SignIn
from engine.people.roles import ROLES
from engine.people.second_factor import SecondFactorMissing
from engine.territory import queries as territory

PER_LOGIN, PER_ADDRESS = 5, 50
MIN_PASSWORD = 10


class SignInRefused(Invalid):
    """Login and password do not fit; which of them is not said."""

    code = "sign-in-refused"
    message = N_("Name or password is wrong. Check both and try again.")


class PasswordTooWeak(Invalid):
    """The new password is too short or too common, or no new one."""

    code = "password-too-weak"
    message = N_("Choose a password of at least 10 characters that is neither the name nor the one until now.")


class FirstPassword(Forbidden):
    """Whoever was told their password by somebody else chooses one of their own before anything else."""

    code = "first-password"
    message = N_(
        "You were told your password by somebody else. Choose one of your own first, on the page of your account or "
        "with PUT /api/v1/me/password."
    )


def sign_in(session: Session, login: str, password: str, address: str, digits: str = "") -> str:
    """Sign in and return the new token; `digits` is the code of a second factor.

    Raises SignInRefused, SecondFactorNeeded, SecondFactorWrong, TooManyAttempts.
    """
    return enter(session, known(session, login, password, address).id, address, digits)


def known(session: Session, login: str, password: str, address: str) -> Account:
    """The open account of a login and its password. Raises SignInRefused, TooManyAttempts.

    A failure is written in a transaction of its own: the refusal rolls the request's back.
    """
    failed = {f"login:{login}": PER_LOGIN, f"address:{address}": PER_ADDRESS}
    attempts.require_few(session, failed)
    account = session.scalar(select(Account).where(Account.login == login, Account.active))
    if not _fits(account.password_hash if account else _nobody(), password) or account is None:
        attempts.remember(failed)
        raise SignInRefused
    if _hasher().check_needs_rehash(account.password_hash):
        account.password_hash = _hasher().hash(password)
    return account


def account_of(session: Session, login: str) -> UUID:
    """The id of a login's account."""
    return session.scalars(select(Account.id).where(Account.login == login)).one()


def enter(session: Session, account_id: UUID, address: str, digits: str) -> str:
    """A new token for an account whose owner has shown the password. Raises SignInRefused, and as `sign_in` does."""
    account = session.get(Account, account_id)
    if account is None or not account.active:
        raise SignInRefused
    second_factor.require(session, account, digits)
    session.execute(delete(FailedSignIn).where(FailedSignIn.key == f"login:{account.login}"))
    token = secrets.token_urlsafe(32)
    now = clock.now()
    session.execute(delete(SignIn).where(SignIn.account_id == account.id, SignIn.expires_at <= now))
    lasts = timedelta(hours=settings().session_hours)
    session.add(
        SignIn(
            token_hash=token_hash(token), account_id=account.id, created_at=now, expires_at=now + lasts, address=address
        )
    )
    return token


def sign_out(session: Session, token: str) -> None:
    """End a session."""
    session.execute(delete(SignIn).where(SignIn.token_hash == token_hash(token)))


def token_hash(token: str) -> bytes:
    """How a token is kept."""
    return hashlib.sha256(token.encode()).digest()


def change_password(session: Session, actor: Actor, old: str, new: str) -> None:
    """Change one's own password; every session ends. Raises SignInRefused, PasswordTooWeak."""
    account = session.get_one(Account, UUID(actor.id))
    if not _fits(account.password_hash, old):
        raise SignInRefused
    if len(new) < MIN_PASSWORD or new in (account.login, old):
        raise PasswordTooWeak
    account.password_hash, account.first_password = _hasher().hash(new), False
    session.execute(delete(SignIn).where(SignIn.account_id == account.id))


def set_password(account: Account, password: str) -> None:
    """Give an account another password, which its owner has to change; whoever lost their phone gets in again."""
    account.password_hash, account.first_password = _hasher().hash(password), True
    second_factor.remove(account)


def require_password(session: Session, actor: Actor, password: str) -> None:
    """Raises SignInRefused unless this is the actor's own password: who signs shows again that it is they."""
    if not _fits(session.get_one(Account, UUID(actor.id)).password_hash, password):
        raise SignInRefused


def require_ready(actor: Actor) -> None:
    """Raises FirstPassword, SecondFactorMissing for whoever has something to do before anything opens."""
    if actor.first_password:
        raise FirstPassword
    if second_factor.demanded(actor) and not actor.second_factor:
        raise SecondFactorMissing


def set_locale(session: Session, actor: Actor, locale: str) -> None:
    """Remember a person's language."""
    session.get_one(Account, UUID(actor.id)).locale = "en" if locale == "en" else "zh"


def create_account(
    session: Session, login: str, name: str, password: str, *, locale: str = "", first_password: bool = False
) -> Account:
    """Make an account; `first_password`: its owner has to change the password."""
    account = Account(
        id=new_id(), login=login, name=name, password_hash=_hasher().hash(password), locale=locale,
        created_at=clock.now(), first_password=first_password,
    )  # fmt: skip
    session.add(account)
    session.flush()  # memberships point to it
    return account


def grant(
    session: Session, account: Account, role: str, division: str, *, since: date | None = None,
    until: date | None = None, employment: str = "",
) -> None:  # fmt: skip
    """Give a role in a division, from a day on (today where none is named) to another, as `full` or `part` time."""
    assert role in ROLES, role
    path, first = territory.division(session, division).path, since or clock.today()
    made = Membership(
        id=new_id(), account_id=account.id, role=role, division=division, path=path, from_day=first, to_day=until,
        employment=employment,
    )  # fmt: skip
    session.add(made)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    """A hash to compare with where there is no account, so that the answer takes as long."""
    return _hasher().hash(secrets.token_urlsafe(16))


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except Argon2Error:
        return False
