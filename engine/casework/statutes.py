"""Which deadlines of the law a bundle carries: where some do, a second administrator must approve its change."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from engine.deadlines import queries as deadlines
from engine.workflow import definitions
from engine.workflow.bpmn import ModelRefused, compile_model

STATUTORY = "S"


def carried(session: Session, files: Mapping[str, bytes]) -> list[str]:
    """The statutory deadlines and timers that some files name: keys of the catalogue, elements marked S."""
    found: set[str] = set()
    of_the_law = deadlines.of_the_law(session)
    for name, content in files.items():
        match definitions.kind_of(name):
            case definitions.PROCESS:
                found |= set(_in_diagram(content, of_the_law))
            case definitions.BUNDLE:
                found |= set(_in_bundle(content))
    return sorted(found)


def touched(session: Session, files: Mapping[str, bytes]) -> list[str]:
    """What files carry, or the versions in force of the processes that they would replace."""
    keys = {key for name, content in files.items() for key in _processes(name, content)}
    newest = (definitions.versions(session, definitions.PROCESS, key)[:1] for key in keys)
    replaced = {f"{one.key}.bpmn": one.content for found in newest for one in found}
    return sorted({*carried(session, files), *carried(session, replaced)})


def _processes(name: str, content: bytes) -> list[str]:
    if definitions.kind_of(name) != definitions.PROCESS:
        return []
    try:
        return list(compile_model(content).processes)
    except ModelRefused:
        return []


def _in_diagram(content: bytes, of_the_law: Collection[str]) -> Iterator[str]:
    try:
        processes = compile_model(content).processes.values()
    except ModelRefused:
        return
    for process in processes:
        for element in process.elements.values():
            named = [element.properties.get("hejie.deadline"), *(value for _, value in element.inputs)]
            yield from (str(key) for key in named if isinstance(key, str) and key in of_the_law)
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
