"""A decision table as a sheet of texts, for people to read and edit: rows in, rows out, the rest of the file untouched.

What the texts mean is not judged here: whoever deploys the changed file has it checked.
"""

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from engine.dmn.elements import document
from engine.dmn.findings import DmnError
from engine.sentences import S_

Kind = Literal["input", "output", "note"]
ENTRY = {"input": "inputEntry", "output": "outputEntry", "note": "annotationEntry"}


@dataclass(frozen=True)
class Column:
    """What stands in a column: a condition on an input, a result, or a remark. `id` is that of its clause."""

    kind: Kind
    label: str
    expression: str = ""
    id: str = ""


@dataclass(frozen=True)
class Row:
    """One rule: its id (None: a new one) and a text for each column."""

    id: str | None
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """A decision table (DMN 1.5 §8.2): id and name of its decision, hit policy, columns, rules in order, its own id."""

    id: str
    name: str
    hit_policy: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    table: str = ""

    def has(self, element_id: str | None) -> bool:
        """Whether an id is that of the table or of one of its rules."""
        return element_id is not None and (element_id == self.table or any(row.id == element_id for row in self.rows))


def sheets(content: bytes) -> list[Sheet]:
    """Every decision table of a file, in its order. Raises DmnError."""
    return [_sheet(decision, table) for decision, table in _tables(document(content))]


def changed(content: bytes, decision_id: str, rows: Sequence[Row]) -> bytes:
    """The file with other rules in one table; rules that are not among `rows` are gone.

    Raises DmnError.
    """
    root = document(content)
    table = next((found for decision, found in _tables(root) if decision.get("id") == decision_id), None)
    if table is None:
        raise DmnError(S_("There is no decision table %(decision_id)s.", decision_id=decision_id))
    columns = tuple(_columns(table))
    known = {rule.get("id"): rule for rule in _children(table, "rule")}
    for rule in known.values():
        table.remove(rule)
    for row in rows:
        kept = known.get(row.id) if row.id else None
        table.append(_filled(_rule(table, known, root) if kept is None else kept, columns, row))
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8"))


def _tables(root: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    for decision in _children(root, "decision"):
        for table in _children(decision, "decisionTable"):
            yield decision, table


def _sheet(decision: etree._Element, table: etree._Element) -> Sheet:
    columns = tuple(_columns(table))
    rows = tuple(Row(rule.get("id"), tuple(_cells(rule, columns))) for rule in _children(table, "rule"))
    name = decision.get("name") or decision.get("id") or ""
    return Sheet(decision.get("id") or "", name, table.get("hitPolicy", "UNIQUE"), columns, rows, table.get("id") or "")


def _columns(table: etree._Element) -> Iterator[Column]:
    for found in _children(table, "input"):
        expression = next((_text(inner) for inner in _children(found, "inputExpression")), "")
        yield Column("input", found.get("label") or expression, expression, found.get("id") or "")
    for found in _children(table, "output"):
        name = found.get("name") or ""
        yield Column(
            "output", found.get("label") or name or table.get("outputLabel") or "", name, found.get("id") or ""
        )
    notes = list(_children(table, "annotation"))
    if notes:
        yield from (Column("note", found.get("name") or "") for found in notes)
    else:
        yield Column("note", "")  # the rule's own description


def _cells(rule: etree._Element, columns: Sequence[Column]) -> Iterator[str]:
    entries = {kind: iter(_children(rule, tag)) for kind, tag in ENTRY.items()}
    for column in columns:
        found = next(entries[column.kind], None)
        if found is not None:
            yield _text(found)
        elif column.kind == "note":
            yield next(((inner.text or "").strip() for inner in _children(rule, "description")), "")
        else:
            yield ""


def _filled(rule: etree._Element, columns: Sequence[Column], row: Row) -> etree._Element:
    entries = {kind: iter(list(_children(rule, tag))) for kind, tag in ENTRY.items()}
    for column, cell in zip(columns, row.cells, strict=True):
        found = next(entries[column.kind], None)
        if found is not None:
            _set_text(found, cell)
        elif column.kind == "note":
            _describe(rule, cell)
        else:
            _set_text(etree.SubElement(rule, _tag(rule, ENTRY[column.kind])), cell)
    return rule


def _rule(table: etree._Element, known: dict[str | None, etree._Element], root: etree._Element) -> etree._Element:
    """A new, empty rule with ids that the file does not have yet."""
    pattern = next(iter(known.values()), None)
    rule = copy.deepcopy(pattern) if pattern is not None else etree.Element(_tag(table, "rule"))
    taken = {element.get("id") for element in root.iter() if isinstance(element.tag, str)} | set(known)
    for element in rule.iter():
        if isinstance(element.tag, str) and (element is rule or element.get("id")):
            stem = re.sub(r"_[0-9]+$", "", element.get("id") or "rule")
            fresh = next(name for name in (f"{stem}_{number}" for number in range(2, 10_000)) if name not in taken)
            taken.add(fresh)
            element.set("id", fresh)
    known[rule.get("id")] = rule
    return rule


def _describe(rule: etree._Element, text: str) -> None:
    found = next(iter(_children(rule, "description")), None)
    if found is None:
        if not text:
            return
        found = etree.Element(_tag(rule, "description"))
        rule.insert(0, found)
    found.text = text


def _set_text(entry: etree._Element, text: str) -> None:
    found = next(iter(_children(entry, "text")), None)
    if found is None:
        found = etree.SubElement(entry, _tag(entry, "text"))
    found.text = text


def _text(entry: etree._Element) -> str:
    return next(((inner.text or "").strip() for inner in _children(entry, "text")), "")


def _children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    return (child for child in element if _name(child) == name)


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _tag(beside: etree._Element, name: str) -> str:
    namespace = etree.QName(beside).namespace
    return f"{{{namespace}}}{name}" if namespace else name
