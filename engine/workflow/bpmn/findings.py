"""What the checker says of a diagram."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from engine.sentences import Sentence


@dataclass(frozen=True)
class Finding:
    """One finding: how bad, which rule (a stable id), what, where, and what to do."""

    severity: Literal["error", "warning"]
    rule: str
    message: Sentence
    element_id: str | None
    line: int | None
    hint: Sentence
    file: str = ""


class ModelRefused(Exception):
    """A diagram would not run as BPMN says; the findings tell why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{found.element_id or found.line}: {found.message}" for found in findings))
        self.findings = tuple(findings)


class Placed(Protocol):
    """What a finding can be about: it has an id and a line."""

    @property
    def id(self) -> str:
        """The id in the diagram."""

    @property
    def line(self) -> int | None:
        """The line of the file."""


def error(about: Placed, rule: str, message: Sentence, hint: Sentence) -> Finding:
    """Something would not run as BPMN says."""
    return Finding("error", rule, message, about.id, about.line, hint)


def warning(about: Placed, rule: str, message: Sentence, hint: Sentence) -> Finding:
    """Something would surprise."""
    return Finding("warning", rule, message, about.id, about.line, hint)
