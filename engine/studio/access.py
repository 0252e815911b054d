"""Who may use the studio."""

from engine.casework.errors import AdministratorsOnly
from engine.people.actor import Actor


def require(actor: Actor) -> None:
    """Raises AdministratorsOnly for anybody else."""
    if not actor.has("admin"):
        raise AdministratorsOnly
