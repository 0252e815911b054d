"""Identity numbers at rest: encrypted (AES-256-GCM), and findable by a keyed hash without being readable."""

import hmac

from engine import sealed
from engine.keys import key
from engine.sealed import PREFIX as PREFIX

CONTEXT = b"hejie identity number"


def seal(number: str) -> str:
    """An identity number as it is stored; what is sealed already stays as it is."""
    return sealed.seal(number, under="identity", context=CONTEXT)


def unseal(stored: str) -> str:
    """The identity number that was stored. ValueError where it was altered or sealed with another key."""
    return sealed.unseal(stored, under="identity", context=CONTEXT)


def blind_index(number: str) -> bytes:
    """What finds equal numbers without telling them: HMAC-SHA-256 under a key of its own, 16 bytes."""
    return hmac.digest(key("identity-index"), number.upper().encode(), "sha256")[:16]
