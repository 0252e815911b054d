"""How much one instance may hold, and one command may do: a diagram that floods becomes an incident."""

from engine.sentences import S_
from engine.workflow.facing import StepFailed
from engine.workflow.tokens import Token, TokenTree

MAX_STEPS = 10_000
"""How many steps one command may lead to."""
MAX_TOKENS = 5_000
"""From how many live tokens on an instance gets no more; those that are there can go on and end."""
MAX_FIRED = 500
"""How many timers of one instance fire in one tick; the next tick goes on."""


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


def begins(token: Token) -> bool:
    """Whether a token stands where a scope or an event's branch begins, which makes an instance grow."""
    return token.element.type in ("startEvent", "boundaryEvent")
