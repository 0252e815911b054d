"""How often a service task is tried, and how long it rests between (`retries`, `hejie.backoff`)."""

import re
from datetime import timedelta

from engine.sentences import S_

PART = re.compile(r"PT?(?=\d)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?|P(?P<days>\d+)D")


def delays(text: str) -> tuple[timedelta, ...]:
    """The rests after each failure, `PT10S,PT1M`; the last repeats. Raises ValueError."""
    return tuple(_delay(part.strip()) for part in text.split(",") if part.strip())


def after(text: str, failures: int) -> timedelta:
    """The rest after the given number of failures (from 1)."""
    given = delays(text)
    return given[min(failures, len(given)) - 1] if given else timedelta()


def _delay(text: str) -> timedelta:
    found = PART.fullmatch(text)
    if found is None:
        raise ValueError(S_("“%(text)s” is no duration such as PT10S, PT5M or P1D.", text=text))
    return timedelta(**{unit: int(number) for unit, number in found.groupdict().items() if number})
