"""Secret keys, in files outside the database: a copied database tells no identity number and signs nothing.

Each key is made when it is first needed. Back the folder up apart from the database: without it, what was sealed with
it is lost. Every host of an installation needs the same folder (HEJIE_KEYS).
"""

import os
import secrets
from functools import cache
from pathlib import Path

from engine.config import settings

LENGTH = 32


def key(name: str) -> bytes:
    """The key of a name: 32 random bytes."""
    return _read(settings().keys / f"{name}.key")


@cache
def _read(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    return path.read_bytes()


def _make(path: Path) -> None:
    """Write a new key whole under another name first, so that two processes starting at once end with one key."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(LENGTH))
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    finally:
        draft.unlink()
