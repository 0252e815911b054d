"""The betsy suite (uniba-dsg/betsy) as our engine can play it: its made-up scripts become FEEL that keeps a log."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

FOLDER = Path(__file__).resolve().parents[4] / "shared" / "conformance" / "betsy"
BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"

THROWS_ERROR = "betsy.throw_error"
"""The operation that stands for the script THROW_ERROR."""

SCRIPTS = {
    "CREATE_LOG_FILE": ("log", "[]"),
    "CREATE_MARKER_FILE": ("marker", "true"),
    "INCREMENT_INTEGER_VARIABLE": ("integerVariable", "integerVariable + 1"),
    "SET_STRING_DATA": ("data", '"String"'),
    "LOG_DATA": ("log", 'if data = "String" then append(log, "DATA_correct") else log'),
    "WAIT_TEN_SECONDS": ("waited", "true"),
    "CREATE_TIMESTAMP_LOG_1": ("started", "true"),
    "CREATE_TIMESTAMP_LOG_2": ("started", "true"),
}
BOTH = "INCREMENT_INTEGER_VARIABLE_AND_LOG"
CONDITION = re.compile(r'(!?)test\.contains\("(\w+)"\)>?')  # one file has a stray > behind it


@dataclass(frozen=True)
class Case:
    """One diagram with its tests: variables in, the multiset of log entries out."""

    id: str
    file: str
    tests: tuple[dict[str, Any], ...]

    @property
    def looks_for_marker(self) -> bool:
        """Whether the suite asks for the marker here; elsewhere it is left lying about."""
        return any("MARKER_exists" in test["expected"] for test in self.tests)

    def diagram(self) -> bytes:
        """The diagram, its scripts and conditions in FEEL."""
        root = etree.fromstring((FOLDER / self.file).read_bytes())
        for script in list(root.iter(f"{{{BPMN}}}script")):
            _translate(script)
        for tag in ("conditionExpression", "condition"):
            for condition in root.iter(f"{{{BPMN}}}{tag}"):
                condition.text = CONDITION.sub(_contains, (condition.text or "").strip())
        for number in root.iter(f"{{{BPMN}}}loopCardinality"):
            number.text = (number.text or "").strip().removeprefix("${").removesuffix("}")
        return etree.tostring(root)


def cases() -> list[Case]:
    """All cases; none where the suite is not there."""
    catalogue = FOLDER / "betsy_cases.json"
    if not catalogue.exists():
        return []
    found = json.loads(catalogue.read_text(encoding="utf-8"))["cases"]
    return [Case(one["id"], one["file"], tuple(one["tests"])) for one in found]


def _contains(found: re.Match[str]) -> str:
    text = f'contains(test, "{found[2]}")'
    return f"not({text})" if found[1] else text


def _translate(script: etree._Element) -> None:
    """Put what a script stands for into the extension elements of its task, where the dialect looks for it."""
    task, word = script.getparent(), (script.text or "").strip()
    assert task is not None
    task.remove(script)
    extension = etree.Element(f"{{{BPMN}}}extensionElements")
    task.insert(0, extension)
    if word == "THROW_ERROR":
        etree.SubElement(extension, f"{{{ZEEBE}}}taskDefinition", type=THROWS_ERROR)
    elif word == BOTH:
        mapping = etree.SubElement(extension, f"{{{ZEEBE}}}ioMapping")
        etree.SubElement(mapping, f"{{{ZEEBE}}}output", source="=integerVariable + 1", target="integerVariable")
        etree.SubElement(mapping, f"{{{ZEEBE}}}output", source='=append(log, "INCREMENT_correct")', target="log")
    else:
        name, expression = SCRIPTS.get(word, ("log", f'append(log, "{word}")'))
        etree.SubElement(extension, f"{{{ZEEBE}}}script", expression=f"={expression}", resultVariable=name)
