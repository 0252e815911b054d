"""Patterns that form authors write, run by RE2: its time is linear in the answer's length, whatever the pattern."""

from functools import lru_cache
from typing import Any

import re2

MAX_PATTERN = 200


@lru_cache(maxsize=512)
def compiled(pattern: str) -> Any:
    """A form's pattern as an RE2 program, for `fullmatch`. Raises re2.error where it is wrong."""
    options = re2.Options()
    options.log_errors = False
    return re2.compile(pattern, options)
