"""The kinds of error that the product knows, by meaning and never by HTTP status.

A subclass says what happened (`message`, one sentence for people, translated where it is shown), under a stable
`code`. Facts for the sentence and for machines are keyword arguments: ``TaskNotOpen(task=task_id)``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import psycopg
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from engine.sentences import S_, Sentence


def N_(text: str) -> str:  # noqa: N802 - gettext's own name for "translate this later"
    """Mark a sentence for translation; it is translated where it is shown."""
    return text


@dataclass(frozen=True)
class FieldError:
    """One wrong field: where it is (JSON pointer), a stable code, and a sentence with its parameters."""

    pointer: str
    code: str
    message: str
    params: tuple[tuple[str, Any], ...] = ()

    @property
    def sentence(self) -> Sentence:
        """What is wrong, with its parameters."""
        return Sentence(self.message, **dict(self.params))


class DomainError(Exception):
    """Something that a person or another system asked for cannot be done."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = N_("This cannot be done.")

    def __init__(self, detail: str | None = None, *, fields: Sequence[FieldError] = (), **facts: Any) -> None:
        super().__init__(detail or self.message)
        self.detail = detail
        self.fields = tuple(fields)
        self.facts = facts

    @property
    def sentence(self) -> Sentence:
        """What the error says, with its facts."""
        if isinstance(self.detail, Sentence):
            return self.detail
        text = self.detail or self.message
        return Sentence(text, **self.facts) if "%(" in text else Sentence(text)


class NotFound(DomainError):
    """There is nothing here, or nothing that this person may see: the answer is the same."""

    code = "not-found"
    message = N_("There is nothing here that you may see. Check the address or ask the person who sent it.")


class Forbidden(DomainError):
    """The person is known and may see the thing, but may not do this to it."""

    code = "forbidden"
    message = N_("Your role does not allow this.")


class Conflict(DomainError):
    """Somebody or something was faster, or the thing is no longer in a state that allows this."""

    code = "conflict"
    message = N_("This has changed in the meantime. Look at it again, then decide.")


class Invalid(DomainError):
    """What was sent cannot be accepted as it is; `fields` says where."""

    code = "invalid"
    message = N_("Some answers are missing or wrong.")


class Unavailable(DomainError):
    """A part that is needed does not answer now; later it may."""

    code = "unavailable"
    message = N_("This is not available right now. Try again in a few minutes.")


def code_of(error: Exception) -> str:
    """The stable code of an error, or its kind where it has none of ours (SQLAlchemy's `code` names a page to read)."""
    code = None if isinstance(error, SQLAlchemyError) else getattr(error, "code", None)
    return str(code or type(error).__name__)


def said_by(error: Exception) -> str:
    """What an error says; a sentence, wherever it can be said in the reader's language.

    Of the database's errors only the first line is told: statement and detail hold what people wrote.
    """
    if isinstance(error, DomainError):
        return error.sentence
    if isinstance(error, DBAPIError) and isinstance(error.orig, psycopg.Error):
        said = error.orig.diag.message_primary or type(error.orig).__name__
        return S_("The database refuses this: %(why)s.", why=said)
    first = error.args[0] if error.args else ""
    return first if isinstance(first, Sentence) else str(error) or type(error).__name__
