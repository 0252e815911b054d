"""Attempts that failed, by what they were for: whoever guesses passwords or tracking codes is slowed down."""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine import clock, db
from engine.errors import N_, Unavailable
from engine.people.models import FailedSignIn

WINDOW = timedelta(minutes=15)


class TooManyAttempts(Unavailable):
    """Too many failed attempts from this address, for this name, or with this code."""

    code = "too-many-attempts"
    message = N_("Too many attempts. Wait 15 minutes, then try again.")


def require_few(session: Session, limits: Mapping[str, int]) -> None:
    """Raises TooManyAttempts where one of these keys has failed as often as that within the last 15 minutes."""
    since = clock.now() - WINDOW
    counted = select(FailedSignIn.key, func.count()).where(FailedSignIn.key.in_(limits), FailedSignIn.at > since)
    if any(count >= limits[key] for key, count in session.execute(counted.group_by(FailedSignIn.key))):
        raise TooManyAttempts


def remember(keys: Iterable[str]) -> None:
    """An attempt has failed; written in a transaction of its own, since the refusal rolls the request's back."""
    with db.transaction() as apart:
        apart.execute(delete(FailedSignIn).where(FailedSignIn.at < clock.now() - WINDOW))
        apart.add_all(FailedSignIn(key=key, at=clock.now()) for key in keys)
