"""How much one instance may hold, and one act may lead to: a diagram that floods becomes an incident.

Instances that call each other by messages and signals are held by what is left of one act (of a person, another system,
a time): what an instance sends shares what is left to it, so that a chain ends, and a tree as well.
"""

from typing import Final

from engine.sentences import S_
from engine.workflow.facing import StepFailed
from engine.workflow.tokens import Token, TokenTree

MAX_STEPS = 10_000
"""How many steps one command may lead to."""
MAX_TOKENS = 5_000
"""From how many live tokens on an instance gets no more; those that are there can go on and end."""
MAX_FIRED = 500
"""How many timers of one instance fire in one tick; the next tick goes on."""
MAX_MESSAGES = 20_000
"""How many messages and signals one act may lead to, in all instances together."""
LEFT: Final = "messages_left"


def require_steps(taken: int) -> None:
    """Raises StepFailed where a command has led to more steps than it may: a round without a wait."""
    if taken > MAX_STEPS:
        raise StepFailed("too-many-steps", S_("The diagram goes round and round without waiting for anything."))


def require_room(tree: TokenTree, more: int) -> None:
    """Raises StepFailed where an instance would get more tokens than it may hold."""
    if len(tree.tasks) + more > MAX_TOKENS:
        text = S_(
            "More than %(most)s tokens at once: the diagram makes more than it ends. End some, then try again.",
            most=MAX_TOKENS,
        )
        raise StepFailed("too-many-tokens", text)


def allow_messages(tree: TokenTree, left: int | None) -> None:
    """Say how many messages an instance may still send by what has just happened to it; None: as by a new act."""
    tree.root.internal_data.pop(LEFT, None)
    if left is not None:
        tree.root.internal_data[LEFT] = left


def messages_left(tree: TokenTree) -> int:
    """How many messages an instance may still send by what has happened to it last."""
    left: int = tree.root.internal_data.get(LEFT, MAX_MESSAGES)
    return left


def require_messages(tree: TokenTree, more: int) -> None:
    """Raises StepFailed where instances call each other without end."""
    if messages_left(tree) < more:
        text = S_(
            "One act has led to %(most)s messages already: processes call each other without waiting for anybody. "
            "Mend the diagrams, then try again.",
            most=MAX_MESSAGES,
        )
        raise StepFailed("too-many-messages", text)


def begins(token: Token) -> bool:
    """Whether a token stands where a scope or an event's branch begins, which makes an instance grow."""
    return token.element.type in ("startEvent", "boundaryEvent")
