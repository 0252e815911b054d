"""What is wrong with a form's file; the rules and their sentences stand in sentences.toml."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from forms.messages import RULES
from forms.texts import Label, Locale


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with a form's file. `field` is the id of the component, empty for the form itself."""

    rule: str
    field: str = ""
    params: tuple[tuple[str, str | Label], ...] = ()

    @property
    def severity(self) -> Literal["error", "warning"]:
        """``error`` refuses the form; ``warning`` does not."""
        return RULES[self.rule].severity

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.says("en")

    @property
    def hint(self) -> str:
        """What to do, in English."""
        return self.advises("en")

    def says(self, locale: Locale) -> str:
        """What is wrong, for a reader."""
        return RULES[self.rule].message.filled(locale, dict(self.params))

    def advises(self, locale: Locale) -> str:
        """What to do about it, for a reader."""
        return RULES[self.rule].hint.filled(locale, dict(self.params))


class FormInvalid(Exception):
    """This file is no form that can be used; `findings` says where and why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("; ".join(f"{finding.field or 'form'}: {finding.message}" for finding in findings))
        self.findings = tuple(findings)
