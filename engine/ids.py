"""Identifiers that sort by time (UUID version 7, RFC 9562 §5.7), made here: no row must be written to know one."""

import secrets
import time
from uuid import UUID


def new_id() -> UUID:
    """A fresh id: 48 bits of Unix milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    random = secrets.randbits(74)
    value = millis << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    return UUID(int=value)
