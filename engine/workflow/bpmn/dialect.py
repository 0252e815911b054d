"""The extensions of an element: the zeebe dialect, and what other vendors write and this engine would not do."""

from collections.abc import Iterable

from lxml import etree

from engine.feel import Expression
from engine.sentences import S_
from engine.workflow.bpmn.document import BPMN, Document, child, local
from engine.workflow.bpmn.model import GATEWAYS

ZEEBE = "http://camunda.org/schema/zeebe/1.0"
UNSAID = (
    "omg.org/spec", "www.w3.org/", "camunda.org/schema/modeler", "camunda.org/schema/zeebe", "bpmn.io/schema",
    "signavio.com", "trisotech.com", "hejie",
)  # fmt: skip
"""Namespaces that the engine reads, or that are about drawing and tools."""

MEANING = {
    "class", "delegateExpression", "expression", "type", "topic", "resultVariable", "resultVariableName", "collection",
    "elementVariable", "elementIndexVariable", "decisionRef", "caseRef", "calledElementBinding",
    "calledElementVersion", "calledElementType", "variableMappingClass", "variableMappingDelegateExpression",
    "mapDecisionResult", "inputOutput", "in", "out", "connector", "executionListener", "taskListener", "field",
    "errorEventDefinition", "formField", "failedJobRetryTimeCycle", "variableName", "variableEvents", "resource",
    "skipExpression", "triggerable", "onEntry-script", "onExit-script", "adHoc", "preScript", "postScript",
    "serviceTaskOperator", "scriptsOnInstances", "calledDecisionId", "eventListener", "initiator", "async-signal",
    "messagePayload", "messageVariable", "processVariableCorrelation",
}  # fmt: skip
"""What other engines' attributes and elements of these names say changes what happens."""

HARMLESS = {
    "asyncBefore", "asyncAfter", "async", "exclusive", "jobPriority", "taskPriority", "historyTimeToLive", "versionTag",
    "isStartableInTasklist", "properties", "property", "value", "label", "description", "metaData", "metaValue",
    "packageName", "version", "import", "global", "color", "diagramRelationId", "historyLevel",
    "correlationProperties", "documentation",
}  # fmt: skip


READ = {
    "assignmentDefinition", "taskSchedule", "calledDecision", "calledElement", "formDefinition", "taskDefinition",
    "adHoc", "script", "ioMapping", "input", "output", "properties", "property", "userTask", "loopCharacteristics",
    "subscription", "versionTag", "executionListeners", "executionListener", "taskListeners", "taskListener",
}  # fmt: skip
"""The words of the zeebe dialect that are read, or refused by a rule of their own."""

ACTS = {"serviceTask", "sendTask", "businessRuleTask", "scriptTask", "intermediateThrowEvent", "endEvent"}
PLACES = {
    "taskDefinition": ACTS, "calledDecision": {"businessRuleTask"}, "calledElement": {"callActivity"},
    "script": {"scriptTask"}, "adHoc": {"adHocSubProcess"}, "formDefinition": {"userTask"},
    "assignmentDefinition": {"userTask"}, "taskSchedule": {"userTask"},
}  # fmt: skip
"""Where words of the dialect are read; what says what shall be done is refused elsewhere, the rest is ignored."""
DOING = {"taskDefinition", "calledDecision", "calledElement", "script"}


class Dialect:
    """The zeebe extensions of one element."""

    def __init__(self, document: Document, element: etree._Element) -> None:
        self.document, self.element = document, element
        holder = child(element, "extensionElements")
        inside = holder.iter() if holder is not None else []
        self.found = [one for one in inside if isinstance(one.tag, str) and etree.QName(one).namespace == ZEEBE]

    def one(self, name: str) -> etree._Element | None:
        """The first extension of a name."""
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> Iterable[etree._Element]:
        """All extensions of a name."""
        return [one for one in self.found if local(one) == name]

    def mappings(self, name: str) -> tuple[tuple[str, Expression | str], ...]:
        """The input or output mappings: target and source."""
        made: list[tuple[str, Expression | str]] = []
        for one in self.all(name):
            source, target = self.document.value(self.element, one.get("source")), (one.get("target") or "").strip()
            if not target or not (one.get("source") or "").strip():
                text = S_("A mapping says no source.") if target else S_("A mapping says no target.")
                self.document.refuse("mapping", text, self.element, S_("Say from what, and into which variable."))
            elif source is not None:
                made.append((target, source))
        return tuple(made)

    def check(self) -> None:
        """Refuse what the dialect or another vendor's could say and this engine would not do."""
        self._check_zeebe()
        for name in sorted(self._foreign()):
            if name in MEANING:
                text = S_(
                    "“%(name)s” is another vendor's word for what shall happen here; this engine would not do it.",
                    name=name,
                )
                hint = S_("Say it in BPMN or the zeebe dialect, and remove it.")
                self.document.refuse("foreign-extension", text, self.element, hint)
            elif name not in HARMLESS:
                text = S_("“%(name)s” is another vendor's word and is ignored here.", name=name)
                hint = S_("Say it in BPMN or the zeebe dialect, or remove it.")
                self.document.warn("foreign-extension", text, self.element, hint)

    def _check_zeebe(self) -> None:
        for kind in ("executionListener", "taskListener"):
            if self.one(kind) is not None:
                hint = S_("Draw a service task before or after the step.")
                self.document.refuse("listener", S_("Listeners are not called here."), self.element, hint)
        self._check_places()
        schedule = self.one("taskSchedule")
        if schedule is not None and schedule.get("followUpDate"):
            text = S_("“%(word)s” of the zeebe dialect is ignored here.", word="followUpDate")
            self.document.warn("foreign-extension", text, self.element, S_("Say it another way, or remove it."))
        form = self.one("formDefinition")
        if form is not None and not (form.get("formId") or form.get("formKey")):
            text = S_("The form is kept elsewhere: here the task has none.")
            self.document.warn("form-elsewhere", text, self.element, S_("Name a form that is deployed here (formId)."))
        self._check_words()
        operation = self.one("taskDefinition")
        if operation is not None and (operation.get("type") or "").startswith("="):
            text = S_("The operation must be named, not worked out while running.")
            self.document.refuse(
                "called-expression", text, self.element, S_("Name it, or draw a gateway with one each.")
            )
        for kind in ("calledElement", "calledDecision", "formDefinition"):
            found = self.one(kind)
            if found is None:
                continue
            if found.get("bindingType", "latest") != "latest":
                text = S_("Only the newest version of what is called can be used here.")
                self.document.refuse("binding", text, self.element, S_("Choose latest as its binding."))
            if (found.get("processId") or found.get("decisionId") or "").startswith("="):
                text = S_("What is called must be named, not worked out while running.")
                hint = S_("Name it, or draw a gateway with one call each.")
                self.document.refuse("called-expression", text, self.element, hint)

    def _check_places(self) -> None:
        """Words of the dialect that stand where they are not read."""
        name = local(self.element).removeprefix("global")
        kind = name[:1].lower() + name[1:]
        for word, kinds in PLACES.items():
            if self.one(word) is None or kind in kinds:
                continue
            text = S_("“%(word)s” is not read at a %(kind)s.", word=word, kind=kind)
            hint = S_("Put it at a step of its kind, or remove it.")
            if word in DOING:
                self.document.refuse("misplaced", text, self.element, hint)
            else:
                self.document.warn("misplaced", text, self.element, hint)

    def _check_words(self) -> None:
        """What the dialect can say and is not read here."""
        words = {
            local(one) for one in (*self.found, *_said_inside(self.element)) if etree.QName(one).namespace == ZEEBE
        }
        if "conditionalFilter" in words:
            hint = S_("Put it into the condition.")
            self.document.refuse(
                "foreign-extension", S_("A filter of changes is not looked at here."), self.element, hint
            )
        for word in sorted(words - READ - {"conditionalFilter"}):
            text = S_("“%(word)s” of the zeebe dialect is ignored here.", word=word)
            self.document.warn("foreign-extension", text, self.element, S_("Say it another way, or remove it."))
        if local(self.element) in GATEWAYS and self.one("ioMapping") is not None:
            self.document.refuse(
                "mapping", S_("A gateway has no mappings."), self.element, S_("Map at the step before it.")
            )
        if local(self.element) in ("startEvent", "boundaryEvent") and self.one("input") is not None:
            text = S_("A start or boundary event has no input mappings: no token is at it while it waits.")
            self.document.refuse("mapping", text, self.element, S_("Use output mappings, or map at the step after it."))

    def _foreign(self) -> set[str]:
        """The names of other vendors' attributes and elements: on the element, its definitions and its extensions."""
        names: set[str] = set()
        for one in (self.element, *_said_inside(self.element)):
            namespace = etree.QName(one).namespace
            if namespace != BPMN and _is_foreign(namespace):
                names.add(local(one))
            for attribute in one.attrib:
                name = etree.QName(attribute)
                if name.namespace and _is_foreign(name.namespace):
                    names.add(name.localname)
        return names


def _said_inside(element: etree._Element) -> list[etree._Element]:
    """What belongs to an element itself: its extensions (outermost), event definitions and loop characteristics."""
    found: list[etree._Element] = []
    for one in element.iterchildren(etree.Element):
        name = local(one)
        if name == "extensionElements":
            found += list(one.iterchildren(etree.Element))
        elif name.endswith(("EventDefinition", "oopCharacteristics")):
            found.append(one)
            found += [inner for held in one.iterchildren(f"{{{BPMN}}}extensionElements") for inner in held]
    return [one for one in found if isinstance(one.tag, str)]


def _is_foreign(namespace: str | None) -> bool:
    return namespace is not None and namespace != BPMN and not any(known in namespace for known in UNSAID)
