"""The reference page says what is true: each of its examples is carried out."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine import feel
from engine.deadlines import shipped
from engine.feel.functions import FUNCTIONS

PAGE = Path(__file__).parents[3] / "docs" / "feel.md"
EXAMPLE = re.compile(r"^\| `(?P<expression>.+)` \| `(?P<gives>.+)` \|$", re.MULTILINE)
EXAMPLES = [
    (found["expression"].replace("\\|", "|"), found["gives"].replace("\\|", "|"))
    for found in EXAMPLE.finditer(PAGE.read_text(encoding="utf-8"))
]


def _due(key: str, start: Any) -> date | None:
    return date(2027, 1, 22) if (key, start) == ("pet.handle", date(2026, 11, 23)) else None


@pytest.mark.parametrize(("expression", "gives"), EXAMPLES, ids=[one for one, _ in EXAMPLES])
def test_example(expression: str, gives: str) -> None:
    runtime = feel.Runtime(calendar=shipped.calendar(), deadline=_due)
    found, wanted = (feel.evaluate(source, {}, runtime=runtime) for source in (expression, gives))
    assert feel.to_json(found) == feel.to_json(wanted)


def test_page_shows_every_function() -> None:
    shown = "\n".join(expression for expression, _ in EXAMPLES)
    missing = {name for name in FUNCTIONS if not re.search(rf"\b{name}\(", shown)} - {"and", "or"}
    assert missing == set()
