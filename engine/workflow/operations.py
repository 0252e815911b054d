"""Operations: the verbs that a service task may use, by the name in its `zeebe:taskDefinition type`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Call:
    """Who calls an operation: the transaction, the instance with its event stream, and the element."""

    session: Session
    instance_id: UUID
    stream: UUID
    element_id: str
    at: datetime
    actor: str | None


@dataclass(frozen=True)
class Errand:
    """What an operation that reaches out of the house is told instead of a Call: it has no transaction.

    `key` is the same at each attempt, so that another system can tell a repetition.
    """

    key: UUID
    instance_id: UUID
    stream: UUID
    element_id: str
    at: datetime


@dataclass(frozen=True)
class Operation:
    """A verb for diagrams: its names for people, and its parameters with what each means (English, Chinese).

    One that reaches `outside` of the house is done by a worker, outside of any transaction.
    """

    name: str
    title: str
    title_zh: str
    parameters: Mapping[str, str]
    run: Callable[..., Any] = field(repr=False)
    outside: bool = False


OPERATIONS: dict[str, Operation] = {}


def operation(
    name: str, *, title: str, title_zh: str, parameters: Mapping[str, str] | None = None, outside: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function `(call, **parameters)` an operation; what it returns is mapped by the task's output mappings.

    One that reaches `outside` is given an Errand for its call.
    """

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        OPERATIONS[name] = Operation(name, title, title_zh, parameters or {}, function, outside)
        return function

    return register
