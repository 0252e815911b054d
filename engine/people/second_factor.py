"""A second factor at sign-in: six digits from an app, new every thirty seconds (TOTP, RFC 6238).

Whoever wants one sets it up for themselves; HEJIE_SECOND_FACTOR names the roles that cannot do without. A phone that
is lost costs a visit to an administrator: a new password takes the factor off.
"""

import hmac
from datetime import timedelta
from uuid import UUID

import pyotp
from sqlalchemy.orm import Session

from engine import clock, events, sealed
from engine.config import settings
from engine.errors import N_, Conflict, Forbidden, Invalid
from engine.people import attempts
from engine.people.actor import Actor
from engine.people.models import Account
from engine.people.roles import ROLES

PER_ACCOUNT = 5
PERIOD = timedelta(seconds=30)
ISSUER = "Hejie"
SHORTEST = 32
"""Characters of Base32: 160 bits (RFC 4226 §4)."""


class SecondFactorNeeded(Invalid):
    """Name and password fit, and the account asks for a code beside them."""

    code = "second-factor-needed"
    message = N_("Enter the six digits that your app shows for this account.")


class SecondFactorWrong(Invalid):
    """The code is not the one of now, or was used before."""

    code = "second-factor-wrong"
    message = N_("These are not the six digits of now. Wait for the next ones, and check the time of your phone.")


class SecondFactorUnfit(Invalid):
    """The secret that was to be set up is none."""

    code = "second-factor-unfit"
    message = N_("The secret must be Base32 with at least 32 characters. Reload the page and take the new one.")


class SecondFactorThere(Conflict):
    """Another one is set up; who comes by with an open session does not put theirs in its place."""

    code = "second-factor-there"
    message = N_("A second factor is set up already. Take it off with its code first, then set up the other one.")


class SecondFactorMissing(Forbidden):
    """A role of the actor demands a second factor, and none is set up."""

    code = "second-factor-missing"
    message = N_(
        "Your role asks for a second factor at sign-in. Set it up first, on the page of your account or with "
        "PUT /api/v1/me/second-factor."
    )


def demanded(actor: Actor) -> bool:
    """Whether a role of theirs cannot do without."""
    return bool(actor.roles & settings().second_factor)


def require_known_roles() -> None:
    """Raises ValueError where the setting names a role that nobody can hold: it would protect nothing."""
    if unknown := sorted(settings().second_factor - ROLES.keys()):
        raise ValueError(f"HEJIE_SECOND_FACTOR names no role: {', '.join(unknown)}. Roles: {', '.join(ROLES)}")


def new_secret() -> str:
    """A secret for an app: 160 random bits in Base32."""
    return pyotp.random_base32()


def uri(account: str, secret: str) -> str:
    """What an app reads from a picture (otpauth)."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=ISSUER)


def login_of(session: Session, actor: Actor) -> str:
    """By which name an app lists the actor's account."""
    return session.get_one(Account, UUID(actor.id)).login


def set_up(session: Session, actor: Actor, secret: str, digits: str) -> None:
    """Ask the actor for a code from now on; the code of now shows that their app knows the secret.

    Raises SecondFactorThere, SecondFactorUnfit, SecondFactorWrong.
    """
    account = session.get_one(Account, UUID(actor.id), with_for_update=True)
    if account.second_factor is not None:
        raise SecondFactorThere
    secret = secret.replace(" ", "").upper()
    if len(secret) < SHORTEST or set(secret) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"):
        raise SecondFactorUnfit
    account.second_factor_step = _step(secret, digits, since=0)
    account.second_factor = sealed.seal(secret, under="second-factor", context=account.id.bytes)
    events.record(session, "account.second_factor_set", account.id, actor=actor.id)


def take_off(session: Session, actor: Actor, digits: str) -> None:
    """Ask for no code any more; a code shows that it is they. Raises SecondFactorWrong, TooManyAttempts."""
    account = session.get_one(Account, UUID(actor.id))
    require(session, account, digits)
    remove(account)
    events.record(session, "account.second_factor_removed", account.id, actor=actor.id)


def remove(account: Account) -> None:
    """An account without a second factor."""
    account.second_factor, account.second_factor_step = None, 0


def require(session: Session, account: Account, digits: str) -> None:
    """Ask for the code of now where the account has a second factor; each is good once.

    Raises SecondFactorNeeded, SecondFactorWrong, TooManyAttempts.
    """
    if account.second_factor is None:
        return
    session.refresh(account, with_for_update=True)
    if not digits.strip():
        raise SecondFactorNeeded
    failed = {f"code:{account.id}": PER_ACCOUNT}
    attempts.require_few(session, failed)
    secret = sealed.unseal(account.second_factor or "", under="second-factor", context=account.id.bytes)
    try:
        account.second_factor_step = _step(secret, digits, since=account.second_factor_step)
    except SecondFactorWrong:
        attempts.remember(failed)
        raise


def _step(secret: str, digits: str, *, since: int) -> int:
    """The period whose code this is: the one of now, or one beside it (RFC 6238 §5.2), later than the last used one."""
    now, asked = int(clock.now().timestamp() // PERIOD.total_seconds()), "".join(digits.split()).encode()
    for step in (now - 1, now, now + 1):
        if step > since and hmac.compare_digest(pyotp.HOTP(secret).at(step).encode(), asked):
            return step
    raise SecondFactorWrong
