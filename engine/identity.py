"""Identity numbers at rest: encrypted (AES-256-GCM), and findable by a keyed hash without being readable."""

import base64
import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.keys import key

PREFIX = "sealed:1:"
NONCE = 12
CONTEXT = b"hejie identity number"


def seal(number: str) -> str:
    """An identity number as it is stored; what is sealed already stays as it is."""
    if number.startswith(PREFIX):
        return number
    nonce = secrets.token_bytes(NONCE)
    sealed = AESGCM(key("identity")).encrypt(nonce, number.encode(), CONTEXT)
    return PREFIX + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(stored: str) -> str:
    """The identity number that was stored. ValueError where it was altered or sealed with another key."""
    if not stored.startswith(PREFIX):
        return stored
    raw = base64.urlsafe_b64decode(stored.removeprefix(PREFIX))
    try:
        return AESGCM(key("identity")).decrypt(raw[:NONCE], raw[NONCE:], CONTEXT).decode()
    except InvalidTag:
        raise ValueError("This identity number cannot be opened with the key in use.") from None


def blind_index(number: str) -> bytes:
    """What finds equal numbers without telling them: HMAC-SHA-256 under a key of its own, 16 bytes."""
    return hmac.digest(key("identity-index"), number.upper().encode(), "sha256")[:16]
