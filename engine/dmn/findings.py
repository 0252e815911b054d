"""What can be said of a decision model: findings on the file, and warnings of one evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.sentences import S_, Sentence

NOTHING = Sentence("")
CORRECT = S_("Correct the file.")


@dataclass(frozen=True)
class Finding:
    """One finding on a file: how bad, which rule, what, where (element id and line), what to do.

    Of a gap or overlap also where it lies, written as a table's cells would be, the numbers of the rules, and an
    example input.
    """

    severity: Literal["error", "warning"]
    rule: str
    message: Sentence
    element_id: str | None = None
    line: int | None = None
    hint: Sentence = NOTHING
    box: str = ""
    rules: tuple[int, ...] = ()
    example: Any = None


FAULTS = frozenset({"several-rules", "different-results", "wrong-type", "output-not-allowed", "broken-expression"})
"""The codes of warnings for which the model or the data is at fault: a null that follows from one decides nothing."""


@dataclass(frozen=True)
class DmnWarning:
    """Why a value became null in one evaluation: a stable code, the element, and a sentence."""

    code: str
    element_id: str | None
    message: Sentence

    def __str__(self) -> str:
        return f"{self.element_id}: {self.message}" if self.element_id else self.message


class DmnError(Exception):
    """A decision model cannot be read, or has no decision of that name: why, and where.

    `findings` lists all that is wrong with the file.
    """

    def __init__(
        self,
        message: Sentence,
        *,
        element_id: str | None = None,
        line: int | None = None,
        findings: Sequence[Finding] = (),
        hint: Sentence = CORRECT,
    ) -> None:
        super().__init__(S_("%(element)s: %(message)s", element=element_id, message=message) if element_id else message)
        self.element_id = element_id
        self.line = line
        self.findings = tuple(findings) or (Finding("error", "dmn-invalid", message, element_id, line, hint),)
