"""Every rule of the checker is explained in docs/checks.md, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from engine.config import ROOT

WORKFLOW = ROOT / "engine" / "workflow"
ABOVE = [ROOT / "engine" / "casework" / "vocabulary.py", ROOT / "engine" / "studio" / "judging.py"]
SOURCES = [*(WORKFLOW / "bpmn").glob("*.py"), *WORKFLOW.glob("*.py"), *ABOVE]
PLACE = {"refuse": 0, "warn": 0, "refused": 0, "error": 1, "warning": 1, "say": 1, "finding": 1, "Finding": 1}
"""Which argument of the functions that make findings is the rule."""


def rules(source: Path) -> Iterator[str]:
    for call in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        place = PLACE.get(name)
        if place is not None and len(call.args) > place + 1:
            argument = call.args[place]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def test_every_rule_is_explained_and_no_other() -> None:
    found = {rule for source in SOURCES for rule in rules(source)}
    lines = (ROOT / "docs" / "checks.md").read_text(encoding="utf-8").splitlines()
    first_cells = [line.split("|")[1] for line in lines if line.startswith("| `")]
    assert {rule for cell in first_cells for rule in re.findall(r"`([a-z-]+)`", cell)} == found
