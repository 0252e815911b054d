"""Reading data: data objects are variables of their name, data associations carry them (BPMN 2.0 §10.4, §13.3.2).

An activity begins when its data inputs have a value; a data output without one is not carried. An association drawn
without saying what flows changes nothing. What reaches outside, such as a data store, is refused.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.sentences import S_
from engine.workflow.bpmn.document import BPMN, Document, child, local, plain
from engine.workflow.bpmn.model import DataFlow

AWARE = {"dataObject", "dataObjectReference", "dataInput", "dataOutput", "property", "dataStoreReference", "dataStore"}
PLACEHOLDER = "__targetRef_placeholder"
PATH = re.compile(r"[^\W\d][\w-]*(\.[^\W\d][\w-]*)*")


@dataclass
class Carried:
    """What the data associations of an activity carry into it and out of it."""

    inputs: list[DataFlow] = field(default_factory=list)
    outputs: list[DataFlow] = field(default_factory=list)


class Data:
    """The data elements of a file, by id."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found = {
            one.get("id"): one for one in document.root.iter() if local(one) in AWARE and one.get("id") is not None
        }

    def name_of(self, reference: str) -> str:
        """The variable that a data element stands for; what is no data element is a variable's own name."""
        element = self.found.get(reference)
        if element is None:
            return reference
        referred = self.found.get(plain(element.get("dataObjectRef")))
        return next((name for one in (referred, element) if (name := variable_of(one, named=True))), reference)

    def source_of(self, element: etree._Element, reference: str) -> str:
        """The variable that fills a data input of an activity: where its association comes from."""
        for source, target in self._ends(element, "dataInputAssociation"):
            if target == reference and source:
                return self.name_of(source)
        return self.name_of(reference)

    def target_of(self, element: etree._Element, reference: str) -> str:
        """The variable that a data output of an activity fills: where its association leads."""
        for source, target in self._ends(element, "dataOutputAssociation"):
            if source == reference and target:
                return self.name_of(target)
        return self.name_of(reference)

    def carried(self, element: etree._Element, kind: str, *, looped: bool) -> Carried:
        """What an element's data associations carry."""
        made = Carried()
        self._check_streaming(element)
        for one in element:
            direction = local(one)
            if direction in ("dataInputAssociation", "dataOutputAssociation"):
                self._associate(element, kind, one, made, looped=looped)
        return made

    def _associate(
        self, element: etree._Element, kind: str, one: etree._Element, made: Carried, *, looped: bool
    ) -> None:
        inwards = local(one) == "dataInputAssociation"
        source, target = _reference(one, "sourceRef"), _reference(one, "targetRef")
        flows = list(self._assignments(element, one, source)) or list(self._whole(element, one, source, target))
        if not flows or (looped and self._is_loops(element, source, target)):
            return
        if any(local(self.found[end]).startswith("dataStore") for end in (source, target) if end in self.found):
            hint = S_("Use a service task that reads or writes it, and remove the association.")
            self.document.refuse("data-store", S_("A data store is not read or written by itself."), element, hint)
        elif kind.endswith("Event"):
            text = S_("Here an event's data go by the names of its variables, not through data associations.")
            self.document.refuse("data-event", text, element, S_("Map the variables with input or output mappings."))
        elif inwards:
            made.inputs += flows
        else:
            made.outputs += flows

    def _whole(
        self, element: etree._Element, one: etree._Element, source: str | None, target: str | None
    ) -> Iterator[DataFlow]:
        """What an association without assignments carries: the whole value, transformed where it says so."""
        if source is None or target is None or PLACEHOLDER in (self.name_of(source), self.name_of(target)):
            return
        unknown = [end for end in (source, target) if end not in self.found]
        if unknown:
            hint = S_("Draw the association anew.")
            self.document.refuse(
                "data-reference", S_("There are no data %(reference)s.", reference=unknown[0]), element, hint
            )
            return
        transformed = self.document.inner(element, one, "transformation")
        name, to = self.name_of(source), self.name_of(target)
        if transformed is not None or name != to:
            yield DataFlow(name, to, transformed)

    def _assignments(self, element: etree._Element, one: etree._Element, source: str | None) -> Iterator[DataFlow]:
        for assignment in one.iterchildren(f"{{{BPMN}}}assignment"):
            value = self.document.inner(element, assignment, "from")
            to = child(assignment, "to")
            target = self.name_of(plain(to.text if to is not None else ""))
            if value is None or not PATH.fullmatch(target):
                text = S_("An assignment says what (from) goes into which variable (to).")
                self.document.refuse("data-assignment", text, element, S_("Write FEEL in from and a name in to."))
            else:
                yield DataFlow(self.name_of(source) if source else None, target, value)

    def _is_loops(self, element: etree._Element, source: str | None, target: str | None) -> bool:
        """Whether an association serves the collection of a multi-instance activity, which reads it by itself."""
        many = child(element, "multiInstanceLoopCharacteristics")
        if many is None:
            return False
        ends = {plain(one.text) for one in many if local(one) in ("loopDataInputRef", "loopDataOutputRef")}
        return bool(ends & {source, target})

    def _check_streaming(self, element: etree._Element) -> None:
        specification = child(element, "ioSpecification")
        for one in specification.iter() if specification is not None else ():
            if local(one).startswith("whileExecuting"):
                text = S_("Data are read at the beginning and written at the end of an activity, not in between.")
                self.document.refuse("data-streaming", text, element, S_("Remove whileExecuting."))

    def _ends(self, element: etree._Element, kind: str) -> Iterator[tuple[str | None, str | None]]:
        for one in element.iterchildren(f"{{{BPMN}}}{kind}"):
            yield _reference(one, "sourceRef"), _reference(one, "targetRef")


def variable_of(element: etree._Element | None, *, named: bool = False) -> str | None:
    """The name of a data element if a variable can bear it, else its id (with `named` nothing)."""
    name = element.get("name", "") if element is not None else ""
    if PATH.fullmatch(name):
        return name
    return None if named or element is None else element.get("id")


def _reference(association: etree._Element, name: str) -> str | None:
    found = child(association, name)
    return (plain(found.text) or None) if found is not None else None
