"""Which deadlines of the law a bundle carries: where some do, a second administrator must approve its change."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from sqlalchemy.orm import Session

from engine.casework.vocabulary import DEADLINES
from engine.workflow import definitions
from engine.workflow.bpmn import ModelRefused, compile_model

STATUTORY = "S"
OURS = "management"


def carried(files: Mapping[str, bytes]) -> list[str]:
    """The statutory deadlines and timers that some files name: keys of the catalogue, elements marked S."""
    found: set[str] = set()
    for name, content in files.items():
        match definitions.kind_of(name):
            case definitions.PROCESS:
                found |= set(_in_diagram(content))
            case definitions.BUNDLE:
                found |= set(_in_bundle(content))
    return sorted(found)


def touched(session: Session, files: Mapping[str, bytes]) -> list[str]:
    """What files carry, or the versions in force of the processes that they would replace."""
    keys = {key for name, content in files.items() for key in _processes(name, content)}
    newest = (definitions.versions(session, definitions.PROCESS, key)[:1] for key in keys)
    replaced = {f"{one.key}.bpmn": one.content for found in newest for one in found}
    return sorted({*carried(files), *carried(replaced)})


def _processes(name: str, content: bytes) -> list[str]:
    if definitions.kind_of(name) != definitions.PROCESS:
        return []
    try:
        return list(compile_model(content).processes)
    except ModelRefused:
        return []


def _in_diagram(content: bytes) -> Iterator[str]:
    try:
        processes = compile_model(content).processes.values()
    except ModelRefused:
        return
    for process in processes:
        for element in process.elements.values():
            named = [element.properties.get("hejie.deadline"), *(value for _, value in element.inputs)]
            yield from (str(key) for key in named if isinstance(key, str) and key in _of_the_law())
            if element.properties.get("hejie.mark") == STATUTORY:
                yield element.id


def _in_bundle(content: bytes) -> Iterator[str]:
    try:
        timers: Any = tomllib.loads(content.decode()).get("timers", {})
    except ValueError:
        return
    for section in timers.values() if isinstance(timers, dict) else ():
        for element, said in section.items() if isinstance(section, dict) else ():
            if isinstance(said, dict) and said.get("mark") == STATUTORY:
                yield element


@cache
def _of_the_law() -> frozenset[str]:
    entries = json.loads(DEADLINES.read_text("utf-8"))
    return frozenset(one["key"] for one in entries if one["duty_of"] != OURS)
