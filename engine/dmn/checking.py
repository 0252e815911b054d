"""What can be said of a decision model without running it."""

from dataclasses import dataclass
from typing import Literal

from engine.dmn.model import Model

POLICIES = {"UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}


@dataclass(frozen=True)
class Finding:
    """One finding: where, which rule, what, and how bad."""

    element_id: str | None
    rule: str
    message: str
    severity: Literal["error", "warning"]


def check(model: Model) -> list[Finding]:
    """The findings of a model that could be read."""
    findings: list[Finding] = []
    for table in model.tables.values():
        if table.hit_policy not in POLICIES:
            findings.append(Finding(table.id, "hit-policy", f"There is no hit policy {table.hit_policy}.", "error"))
        if not table.rules:
            findings.append(Finding(table.id, "no-rules", "The table has no rules and decides nothing.", "warning"))
        seen: dict[tuple[str, ...], str] = {}
        for rule in table.rules:
            key = tuple(test.source if test else "-" for test in rule.tests)
            if key in seen:
                text = f"It asks the same as rule {seen[key]}."
                findings.append(Finding(rule.id, "same-conditions", text, "warning"))
            seen.setdefault(key, rule.id)
    return findings
