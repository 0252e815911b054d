"""What there is to see of an instance's tokens: where each is, what it waits for, which variables are its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.workflow.tokens import FAILED, STARTED, WAITING, Token, TokenTree, only_watches

PERSON, WORKER, TIMER, MESSAGE, SIGNAL = "person", "worker", "timer", "message", "signal"
CONDITION, OTHERS, INSIDE, REPAIR = "condition", "others", "inside", "repair"


@dataclass(frozen=True)
class LiveToken:
    """A token as an administrator sees it.

    `waits_for` is person, worker, timer, message, signal, condition, others (tokens that a gateway joins), inside (what
    is within it) or repair. `due` is a timer's moment, `name` a message's, signal's or job's name. `armed` says that it
    only watches: a boundary event, or the start of an event sub-process. A process's own token has no `element_id`.
    """

    id: UUID
    around: UUID | None
    process_ref: str
    element_id: str
    waits_for: str
    due: datetime | None
    name: str | None
    key: str | None
    armed: bool
    variables: Mapping[str, Any]


def tokens(tree: TokenTree) -> list[LiveToken]:
    """All live tokens, those around others first."""
    return [_seen(token) for token in tree.all()]


def _seen(token: Token) -> LiveToken:
    data = token.internal_data
    _, name, key = data.get("catch", (None, None, None))
    return LiveToken(
        id=token.id,
        around=token.parent.id if token.parent is not None else None,
        process_ref=token.process.ref,
        element_id=token.element_id,
        waits_for=_waits_for(token),
        due=data["timer"]["due"] if "timer" in data else None,
        name=name or (token.element.operation if "job" in data else None),
        key=key,
        armed=only_watches(token),
        variables=dict(token.data),
    )


def _waits_for(token: Token) -> str:
    data = token.internal_data
    if token.state == FAILED:
        return REPAIR
    if token.state == STARTED or token.is_root:
        return INSIDE
    assert token.state == WAITING
    for mark, word in (("task", PERSON), ("job", WORKER), ("timer", TIMER), ("was", CONDITION)):
        if mark in data:
            return word
    if "catch" in data:
        return MESSAGE if data["catch"][0] == "message" else SIGNAL
    return OTHERS
