"""The DMN technology compatibility kit (dmn-tck/tck) as its typed values in JSON tell it: one case a test."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from engine import dmn, feel

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "dmn"
LITERALS = {
    name: feel.compile_expression(source)
    for name, source in {
        "date": "date(text)",
        "time": "time(text)",
        "dateTime": "date and time(text)",
        "duration": "duration(text)",
    }.items()
}
TOLERANCE = Decimal("1e-8")
"""The kit's own comparison of numbers allows as much."""


@dataclass(frozen=True)
class Case:
    """One test: what is asked of which model, with which input data, and what must come out."""

    id: str
    file: str
    asked: str
    inputs: Mapping[str, Any]
    expected: Any
    error: bool


def cases() -> Iterator[Case]:
    """All cases; none where the suite is not there."""
    for path in sorted(FOLDER.glob("*.json")):
        found = json.loads(path.read_text(encoding="utf-8"))
        for test in found["tests"]:
            name = f"{path.stem}/{test['id']}"
            yield Case(name, found["file"], test["decision"], test["inputs"], test["expected"], test["error"])


@cache
def model(file: str) -> dmn.Model:
    """A model of the suite."""
    return dmn.parse((FOLDER / file).read_bytes())


def value(typed: Any) -> Any:
    """A value as FEEL has it, from the suite's JSON."""
    match typed:
        case {"@type": str(kind), "value": text}:
            return LITERALS[kind].evaluate({"text": text})
        case Mapping():
            return {key: value(inner) for key, inner in typed.items()}
        case list():
            return [value(inner) for inner in typed]
    return feel.from_json(typed)


def same(found: Any, expected: Any) -> bool:
    """Whether a value is what the suite expects."""
    match expected:
        case Mapping():
            keys = isinstance(found, Mapping) and found.keys() == expected.keys()
            return keys and all(same(found[key], inner) for key, inner in expected.items())
        case list():
            length = isinstance(found, list | tuple) and len(found) == len(expected)
            return length and all(map(same, found, expected))
        case bool() | None | str():
            return type(found) is type(expected) and found == expected
        case int() | Decimal():
            number = isinstance(found, int | Decimal) and not isinstance(found, bool)
            return number and abs(found - expected) <= TOLERANCE
    return feel.evaluate("a = b", {"a": found, "b": expected}) is True
