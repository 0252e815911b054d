"""Scenario files: what they hold, or what is wrong with their shape (docs/scenarios.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import yaml

from engine import clock
from engine.sentences import S_, Sentence, where

PLAIN = frozenset({"advance"})
"""The words of steps that need a value; all others need names and values below them."""


class Malformed(ValueError):
    """A file that holds no scenarios."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class ScenarioFile:
    """When its clock begins (None: now), the models that it names (None: those beside it), and its scenarios."""

    begins_at: datetime | None
    models: list[str] | None
    scenarios: list[dict[str, Any]]


def read(content: bytes) -> ScenarioFile:
    """What a file holds. Raises Malformed."""
    try:
        given = yaml.safe_load(content)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Malformed(S_("This is not YAML: %(problem)s", problem=where(error))) from None
    listed = given.get("scenarios") if isinstance(given, dict) else None
    if not isinstance(listed, list):
        raise Malformed(S_("There are no scenarios in this file."))
    for number, scenario in enumerate(listed, start=1):
        _check(number, scenario)
    return ScenarioFile(_instant(given.get("clock")), _names(given.get("deploy")), listed)


def _check(number: int, scenario: object) -> None:
    steps = scenario.get("steps") if isinstance(scenario, dict) else None
    if not isinstance(steps, list):
        raise Malformed(S_("Scenario %(scenario)s has no list of steps.", scenario=number))
    for place, step in enumerate(steps, start=1):
        if not is_step(step):
            raise Malformed(
                S_(
                    "Step %(step)s of scenario %(scenario)s is no single word with what it needs below it.",
                    step=place,
                    scenario=number,
                )
            )
        if (name := _odd_name(step)) is not None:
            text = S_(
                "Step %(step)s of scenario %(scenario)s: YAML reads a name as “%(name)s”, not as text. "
                "Put it in quotes.",
                step=place, scenario=number, name=name,
            )  # fmt: skip
            raise Malformed(text)


def _odd_name(given: object) -> object | None:
    """A name that YAML takes for a number or a truth value, such as yes; None where all are text."""
    if isinstance(given, Mapping):
        odd = [name for name in given if not isinstance(name, str)]
        return odd[0] if odd else _odd_name(list(given.values()))
    for one in given if isinstance(given, list) else ():
        if (found := _odd_name(one)) is not None:
            return found
    return None


def is_step(step: object) -> bool:
    """Whether this is one word with what it needs."""
    if not isinstance(step, Mapping) or len(step) != 1:
        return False
    [(word, needs)] = step.items()
    return isinstance(word, str) and (word in PLAIN or isinstance(needs, Mapping))


def _instant(given: object) -> datetime | None:
    if given is None:
        return None
    try:
        instant = given if isinstance(given, datetime) else datetime.fromisoformat(str(given))
    except ValueError:
        raise Malformed(S_("The clock is no moment such as 2026-03-01T08:00:00+08:00.")) from None
    return instant if instant.tzinfo else instant.replace(tzinfo=clock.ZONE)


def _names(given: object) -> list[str] | None:
    if given is None:
        return None
    if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
        raise Malformed(S_("What is to be deployed is no list of file names."))
    return given
