"""Short texts at rest that a copied database must not tell: encrypted (AES-256-GCM), each purpose with its own key."""

import base64
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine.keys import key

PREFIX = "sealed:1:"
NONCE = 12


def seal(text: str, *, under: str, context: bytes) -> str:
    """A text as it is stored, under the key of a name; what is sealed already stays as it is."""
    if text.startswith(PREFIX):
        return text
    nonce = secrets.token_bytes(NONCE)
    return PREFIX + base64.urlsafe_b64encode(nonce + AESGCM(key(under)).encrypt(nonce, text.encode(), context)).decode()


def unseal(stored: str, *, under: str, context: bytes) -> str:
    """The text that was stored. ValueError where it was altered or sealed with another key."""
    if not stored.startswith(PREFIX):
        return stored
    raw = base64.urlsafe_b64decode(stored.removeprefix(PREFIX))
    try:
        return AESGCM(key(under)).decrypt(raw[:NONCE], raw[NONCE:], context).decode()
    except InvalidTag:
        raise ValueError("What is sealed here cannot be opened with the key in use.") from None
