"""What a draft changes: by element where a file has ids, by line where it has none."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from lxml import etree
from sqlalchemy.orm import Session

from engine.studio import bundles
from engine.studio.models import Draft
from engine.workflow import definitions

Verb = Literal["added", "removed", "changed", "moved"]
DRAWING = ("http://www.omg.org/spec/BPMN/20100524/DI", "https://www.omg.org/spec/DMN/20191111/DMNDI/")
CONTEXT = 2
SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_blank_text=True)


@dataclass(frozen=True)
class Change:
    """What became of one element: its id, its name where it has one; `moved` is said of the drawing alone."""

    verb: Verb
    id: str
    name: str
    type: str


@dataclass(frozen=True)
class FileChange:
    """What became of a file: of its elements, or of its lines (a unified diff)."""

    name: str
    verb: Verb
    elements: tuple[Change, ...] = ()
    lines: tuple[str, ...] = ()


def against_force(session: Session, draft: Draft) -> list[FileChange]:
    """What a draft would change of what is in force; files that it lost stay in force and are not told."""
    after = {one.name: one.content for one in draft.files}
    before = {one.file_name: one.content for one in bundles.in_force(session, draft.bundle, after)}
    return compared(before, after)


def compared(before: dict[str, bytes], after: dict[str, bytes]) -> list[FileChange]:
    """What is otherwise in the files of `after`."""
    return [_file(name, before.get(name), after[name]) for name in sorted(after) if before.get(name) != after[name]]


def _file(name: str, before: bytes | None, after: bytes) -> FileChange:
    if before is None:
        return FileChange(name, "added")
    if definitions.kind_of(name) in (definitions.PROCESS, definitions.DECISION):
        try:
            elements = tuple(_elements(before, after))
        except etree.XMLSyntaxError:
            elements = ()
        if elements:
            return FileChange(name, "changed", elements=elements)
    old, new = (content.decode("utf-8", "replace").splitlines() for content in (before, after))
    lines = difflib.unified_diff(old, new, lineterm="", n=CONTEXT)
    return FileChange(name, "changed", lines=tuple(lines)[2:])


def _elements(before: bytes, after: bytes) -> Iterator[Change]:
    old, old_drawn = _parts(before)
    new, new_drawn = _parts(after)
    for key in sorted(old.keys() | new.keys()):
        element = new.get(key, old.get(key))
        assert element is not None
        verb: Verb | None = None
        if key not in old or key not in new:
            verb = "added" if key in new else "removed"
        elif _said(old[key]) != _said(new[key]):
            verb = "changed"
        elif old_drawn.get(key) != new_drawn.get(key):
            verb = "moved"
        if verb:
            yield Change(verb, key, element.get("name") or "", etree.QName(element).localname)


def _parts(content: bytes) -> tuple[dict[str, etree._Element], dict[str, bytes]]:
    """The elements with ids, and how each is drawn."""
    root = etree.fromstring(content, SAFE)
    known: dict[str, etree._Element] = {}
    drawn: dict[str, bytes] = {}
    for element in root.iter(etree.Element):
        of = element.get("bpmnElement") or element.get("dmnElementRef")
        if of:
            drawn[of] = b"".join(etree.tostring(inner, method="c14n") for inner in element)
        elif element.get("id") and etree.QName(element).namespace not in DRAWING:
            known[str(element.get("id"))] = element
    return known, drawn


def _said(element: etree._Element) -> str:
    """What an element says itself, without what its parts with ids say, and without which flows touch it."""
    inside = []
    for child in element.iterchildren(etree.Element):
        if child.get("id") is None and etree.QName(child).localname not in ("incoming", "outgoing", "flowNodeRef"):
            inside.append(_said(child))
    text = (element.text or "").strip()
    return f"{element.tag}{sorted(element.attrib.items())}{text}[{''.join(inside)}]"
