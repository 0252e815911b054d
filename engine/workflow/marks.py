"""The marks of a token: what it waits for and how far it is, as they stand in the state beside its variables."""

from collections.abc import Sequence
from typing import Any, TypedDict

Record = dict[str, Any]
"""A completed activity: `element`, its `data`, the records `done` within it; `partial` if it was still running."""


class Marks(TypedDict, total=False):
    """Each is there only where it says something."""

    # how it came, and how far it is
    flow: str  # the sequence flow over which it came
    through: bool  # the step is done, and only leaving is left
    again: bool  # it is tried again: that it has come was said before
    incident: Sequence[str]  # why the step failed: a code, and what is said
    attached: bool  # the boundary events of the activity are armed

    # what it waits for
    task: dict[str, Any]  # a person: groups, users, assignee, due
    job: bool  # a worker
    timer: dict[str, Any]  # a time: `moments.first`
    catch: Sequence[Any]  # a message or signal: kind, name, key (None: any)
    was: bool  # a condition: whether it held when it was looked at last
    gathering: bool  # further tokens, for a start quantity
    watch: bool  # it stands for the start of an event sub-process that has not happened
    part: int  # it stands for this one of several event definitions
    heard: dict[str, Any]  # what parts that have happened brought

    # the rounds of an activity
    inner: int  # it is this round
    items: Sequence[Any] | None  # what the rounds are about
    total: int  # how many there will be
    begun: int
    completed: int

    # scopes
    activated: dict[str, list[str]]  # complex gateways that wait for their other flows: those that have come
    reset: bool  # it leaves a complex gateway that begins anew
    rest: list[str]  # the steps of an ad-hoc part that have not begun
    closing: bool  # the ad-hoc part ends
    messages_left: int  # how many messages the act may still lead to

    # compensation
    done: list[Record]  # what was completed within, and can be undone
    undo: list[Record]  # what is still to be undone, the last one first
    undoing: bool  # the scope is there to undo what was within
    aside: bool  # it undoes beside the token that has gone on
    cancelling: bool  # what it undoes is a transaction that is cancelled
