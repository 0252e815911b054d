"""What there is to see of an instance's tokens: where each is, what it waits for, which variables are its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from engine.sentences import read
from engine.workflow.facing import Incident, Place, Subscription, WaitingTask
from engine.workflow.tokens import FAILED, STARTED, WAITING, Token, TokenTree, context, only_watches

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


def tasks(tree: TokenTree) -> list[WaitingTask]:
    """The user tasks that wait."""
    return [_task(token) for token in tree.all() if token.state == WAITING and "task" in token.internal_data]


def subscriptions(tree: TokenTree) -> list[Subscription]:
    """The messages and signals that are waited for."""
    return [
        Subscription(token.id, kind, name, key, token.element_id)
        for token in tree.all()
        if token.state == WAITING and "catch" in token.internal_data
        for kind, name, key in [token.internal_data["catch"]]
    ]


def incidents(tree: TokenTree) -> list[Incident]:
    """The steps that failed."""
    return [
        Incident(token.id, token.element_id, code, read(message))
        for token in tree.all()
        if token.state == FAILED
        for code, message in [token.internal_data["incident"]]
    ]


def places(tree: TokenTree) -> list[Place]:
    """Where tokens are, with every scope that holds one."""
    return [Place(token.id, token.process.ref, token.element_id) for token in tree.all() if _is_place(token)]


def _is_place(token: Token) -> bool:
    return not (token.is_root or "part" in token.internal_data or only_watches(token))


def _task(token: Token) -> WaitingTask:
    waits: Mapping[str, Any] = token.internal_data["task"]
    element = token.element
    return WaitingTask(
        id=token.id,
        element_id=element.id,
        process_ref=token.process.ref,
        name=element.name or element.id,
        form_key=element.form_key,
        candidate_groups=tuple(waits["groups"]),
        candidate_users=tuple(waits["users"]),
        assignee=waits["assignee"],
        due=waits["due"],
        element=element,
        variables=context(token),
    )
