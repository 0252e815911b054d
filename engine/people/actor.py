"""Who acts: a person with roles in divisions, the public, or the system itself."""

from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True)
class Held:
    """A role held in a division and all below it."""

    role: str
    division: str
    path: str


@dataclass(frozen=True)
class Actor:
    """Whoever asks. `id` is the account's id as text; empty for the public. `covers` are those who are away today and
    for whom they stand in, by id. `first_password`: they have yet to choose a password of their own.
    `second_factor`: they show a code at sign-in, too."""

    id: str
    name: str
    locale: str | None = None
    memberships: tuple[Held, ...] = field(default=())
    covers: tuple[str, ...] = field(default=())
    first_password: bool = False
    second_factor: bool = False

    PUBLIC: ClassVar["Actor"]
    SYSTEM: ClassVar["Actor"]

    @property
    def roles(self) -> frozenset[str]:
        """The roles held anywhere."""
        return frozenset(held.role for held in self.memberships)

    def holds(self, role: str, path: str) -> bool:
        """Whether the role is held in the division of a path, or above it."""
        return any(
            one.role == role and (path == one.path or path.startswith(one.path + "/")) for one in self.memberships
        )

    def has(self, role: str) -> bool:
        """Whether the role is held anywhere."""
        return role in self.roles


Actor.PUBLIC = Actor("", "")
Actor.SYSTEM = Actor("system", "system")
