"""Reading BPMN 2.0 files: standard elements and the zeebe dialect, into processes. Nothing is dropped silently.

Normalises as it reads: flows without an id get one, prefixed references and `eventDefinitionRef` are resolved, link
events become flows.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lxml import etree
from SpiffWorkflow.specs import WorkflowSpec

from engine import feel
from engine.feel import Expression, FeelSyntaxError
from engine.workflow.bpmn.findings import Finding
from engine.workflow.bpmn.model import (
    ACTIVITIES,
    GATEWAYS,
    SCOPES,
    Element,
    EventDefinition,
    Flow,
    Loop,
    Model,
    Process,
    Value,
)

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
MAX_BYTES = 5_000_000
EVENTS = {"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
NODES = ACTIVITIES | GATEWAYS | EVENTS
ENDING = {"error", "terminate"}
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
REFUSED = {
    "complexGateway": "Use exclusive, inclusive or parallel gateways.",
    "adHocSubProcess": "Draw the order with gateways, or use a sub-process.",
    "transaction": "Use a sub-process with error events.",
}
SILENT = {
    "sequenceFlow", "laneSet", "documentation", "extensionElements", "textAnnotation", "association", "group",
    "dataObject", "dataObjectReference", "dataStoreReference", "incoming", "outgoing", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "monitoring", "auditing", "category", "artifact",
    "ioBinding", "supportedInterfaceRef", "resourceRole", "performer", "potentialOwner", "humanPerformer",
    "correlationSubscription", "supports",
}  # fmt: skip
EVENT_KINDS = {
    "timerEventDefinition": "timer",
    "messageEventDefinition": "message",
    "signalEventDefinition": "signal",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "conditionalEventDefinition": "conditional",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
}


@dataclass
class Reading:
    """A file being read: its tree, its named root elements, and what is to be said of it."""

    root: etree._Element
    findings: list[Finding] = field(default_factory=list)

    def refuse(self, rule: str, message: str, element: etree._Element | None, hint: str) -> None:
        """Add an error."""
        identity = element.get("id") if element is not None else None
        self.findings.append(Finding("error", rule, message, identity, line_of(element), hint))

    def expression(self, element: etree._Element, text: str) -> Expression | None:
        """FEEL, with or without its leading =."""
        try:
            return feel.compile_expression(text.strip().removeprefix("=").strip())
        except FeelSyntaxError as error:
            self.refuse("expression", f"“{text.strip()}” is not FEEL: {error}.", element, "Correct the expression.")
            return None

    def value(self, element: etree._Element, text: str | None) -> Value:
        """FEEL where the text begins with =, else the text itself."""
        if text is None or not text.strip():
            return None
        return self.expression(element, text) if text.strip().startswith("=") else text.strip()

    def referred(self, reference: str | None, kind: str) -> etree._Element | None:
        """The root element that a (perhaps prefixed) reference names."""
        name = (reference or "").rpartition(":")[2]
        return next((one for one in self.root.iterchildren(f"{{{BPMN}}}{kind}") if one.get("id") == name), None)


def read(xml: bytes) -> tuple[Model | None, list[Finding]]:
    """Read a file: the model as far as it could be read, and the findings."""
    root, findings = _root(xml)
    if root is None:
        return None, findings
    reading = Reading(root, findings)
    found: dict[str, Process] = {}
    for element in root.iterchildren(f"{{{BPMN}}}process"):
        if not _flag(element, "isExecutable", default=True) and len(list(root.iterchildren(f"{{{BPMN}}}process"))) > 1:
            continue
        if not any(_local(child) in NODES | REFUSED.keys() for child in element):
            continue
        process = _process(reading, element)
        found[process.key] = process
    for element in root:
        if (kind := GLOBAL_TASKS.get(_local(element))) is not None:
            task = _element(reading, element, kind, "")
            found[task.id] = Process(task.id, task.name, {task.id: task}, {}, spec=WorkflowSpec(task.id))
    if not found:
        reading.refuse("no-process", "The file holds no process that could run.", root, "Draw a process with steps.")
    return Model(found), reading.findings


def _root(xml: bytes) -> tuple[etree._Element | None, list[Finding]]:
    def refused(rule: str, message: str, line: int | None, hint: str) -> tuple[None, list[Finding]]:
        return None, [Finding("error", rule, message, None, line, hint)]

    if len(xml) > MAX_BYTES:
        return refused("too-large", "The file is larger than 5 MB.", None, "Split the diagram.")
    upper = xml[:2000].upper()
    if b"<!DOCTYPE" in upper or b"<!ENTITY" in xml.upper():
        line = xml[: max(xml.upper().find(b"<!"), 0)].count(b"\n") + 1
        return refused("dtd", "A document type (DTD) or entity is not allowed.", line, "Remove the <!DOCTYPE …> part.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        return refused("xml", f"This is not well-formed XML: {error.msg}.", error.lineno, "Save the diagram again.")
    if root.tag != f"{{{BPMN}}}definitions":
        name = etree.QName(root)
        return refused(
            "namespace", f"The root element is {name.localname} of {name.namespace or 'no namespace'}, not BPMN 2.0.",
            line_of(root), f"A BPMN file begins with definitions in {BPMN}.",
        )  # fmt: skip
    return root, []


def _process(reading: Reading, process: etree._Element) -> Process:
    elements: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    _scope(reading, process, "", elements, flows)
    lanes = _lanes(process)
    for element_id, lane in lanes.items():
        if element_id in elements:
            elements[element_id] = replace(elements[element_id], lane=lane)
    _join_links(reading, elements, flows)
    names = tuple(one.get("name") or one.get("id") or "" for one in process.iter(f"{{{BPMN}}}lane"))
    spec = WorkflowSpec(process.get("id"))
    return Process(process.get("id", ""), process.get("name") or "", elements, flows, names, spec=spec)


def _scope(
    reading: Reading, parent: etree._Element, scope: str, elements: dict[str, Element], flows: dict[str, Flow]
) -> None:
    for child in parent:
        kind = _local(child)
        if kind in REFUSED:
            reading.refuse("unsupported", f"A {kind} cannot run here exactly.", child, REFUSED[kind])
        elif kind in NODES:
            element = _element(reading, child, kind, scope)
            if element.id in elements:
                reading.refuse(
                    "duplicate-id", f"The id {element.id} is used twice.", child, "Give each an id of its own."
                )
            elements[element.id] = element
            if kind == "subProcess":
                _scope(reading, child, element.id, elements, flows)
        elif kind == "sequenceFlow":
            _flow(reading, child, flows)
        elif (
            kind
            and etree.QName(child).namespace == BPMN
            and kind not in SILENT
            and not kind.endswith("oopCharacteristics")
        ):
            reading.refuse("unsupported", f"A {kind} cannot run here.", child, "Remove it or draw it another way.")


def _flow(reading: Reading, element: etree._Element, flows: dict[str, Flow]) -> None:
    source, target = _plain(element.get("sourceRef")), _plain(element.get("targetRef"))
    condition = element.find(f"{{{BPMN}}}conditionExpression")
    text = condition.text if condition is not None else None
    compiled = reading.expression(element, text) if text and text.strip() else None
    identity = element.get("id") or f"{source}-to-{target}-{len(flows)}"
    flows[identity] = Flow(identity, source, target, element.get("name") or "", compiled)


def _element(reading: Reading, element: etree._Element, kind: str, scope: str) -> Element:
    dialect = _Dialect(reading, element)
    assigned = dialect.one("assignmentDefinition")
    schedule = dialect.one("taskSchedule")
    decision, called, script = dialect.one("calledDecision"), dialect.one("calledElement"), dialect.one("script")
    operation = dialect.one("taskDefinition")
    documentation = element.find(f"{{{BPMN}}}documentation")
    expression, result = _script(reading, element, script)
    if decision is not None:
        result = decision.get("resultVariable")
    _check_dialect(reading, element, dialect)
    if element.get("eventGatewayType") == "Parallel":
        hint = "Draw a parallel gateway before the events."
        reading.refuse("event-gateway", "A parallel event-based gateway cannot run here.", element, hint)
    return Element(
        id=element.get("id") or f"{kind}-{element.sourceline}",
        type=kind,
        name=" ".join((element.get("name") or "").split()),
        scope=scope,
        line=line_of(element),
        documentation=(documentation.text or "").strip() if documentation is not None else "",
        properties={one.get("name", ""): one.get("value", "") for one in dialect.all("property")},
        form_key=_attribute(dialect.one("formDefinition"), "formId", "formKey"),
        candidate_groups=reading.value(element, _attribute(assigned, "candidateGroups")),
        candidate_users=reading.value(element, _attribute(assigned, "candidateUsers")),
        assignee=reading.value(element, _attribute(assigned, "assignee")),
        due_date=reading.value(element, _attribute(schedule, "dueDate")),
        follow_up_date=reading.value(element, _attribute(schedule, "followUpDate")),
        operation=operation.get("type") if operation is not None else None,
        retries=_retries(reading, element, operation),
        called_decision=decision.get("decisionId") if decision is not None else None,
        called_process=called.get("processId") if called is not None else _plain(element.get("calledElement")) or None,
        all_variables=called is None or _flag(called, "propagateAllChildVariables", default=True),
        all_parent_variables=called is None or _flag(called, "propagateAllParentVariables", default=True),
        script=expression,
        result_variable=result,
        inputs=dialect.mappings("input"),
        outputs=dialect.mappings("output"),
        default=_plain(element.get("default")) or None,
        event=_event(reading, element) if kind in EVENTS else _task_event(reading, element),
        attached_to=_plain(element.get("attachedToRef")) or None,
        interrupting=_flag(element, "isInterrupting" if kind == "startEvent" else "cancelActivity", default=True),
        triggered_by_event=_flag(element, "triggeredByEvent"),
        instantiate=_flag(element, "instantiate"),
        start_quantity=_quantity(reading, element, "startQuantity"),
        completion_quantity=_quantity(reading, element, "completionQuantity"),
        loop=_loop(reading, element, dialect),
    )


def _script(
    reading: Reading, element: etree._Element, script: etree._Element | None
) -> tuple[Expression | None, str | None]:
    if script is not None:
        return reading.expression(element, script.get("expression", "")), script.get("resultVariable")
    plain = element.find(f"{{{BPMN}}}script")
    if plain is None or not (plain.text or "").strip():
        return None, None
    language = (element.get("scriptFormat") or "feel").lower()
    if "feel" not in language:
        hint = "Write it in FEEL, or use a service task."
        reading.refuse("script-language", f"Scripts in {element.get('scriptFormat')} are not run.", element, hint)
        return None, None
    return reading.expression(element, plain.text or ""), element.get("resultVariable")


def _event(reading: Reading, element: etree._Element) -> EventDefinition:
    given = [child for child in element if _local(child).endswith("EventDefinition")]
    for reference in element.iterchildren(f"{{{BPMN}}}eventDefinitionRef"):
        name = _plain(reference.text)
        given += [one for one in reading.root if one.get("id") == name]
    if not given:
        return EventDefinition("none")
    parts = [_definition(reading, element, one) for one in given]
    if len(parts) == 1:
        return parts[0]
    parts.sort(key=lambda part: part.kind in ENDING)  # what ends the scope is thrown after all else
    return EventDefinition("multiple", parts=tuple(parts), parallel=_flag(element, "parallelMultiple"))


def _definition(reading: Reading, element: etree._Element, definition: etree._Element) -> EventDefinition:
    kind: Any = EVENT_KINDS.get(_local(definition))
    match kind:
        case "timer":
            return _timer(reading, element, definition)
        case "message":
            return _message(reading, element, definition.get("messageRef"))
        case "signal" | "error" | "escalation":
            return EventDefinition(kind, _code(reading, element, definition, kind))
        case "conditional":
            condition = definition.find(f"{{{BPMN}}}condition")
            text = condition.text if condition is not None else None
            return EventDefinition("conditional", value=reading.expression(element, text or "false"))
        case "link":
            return EventDefinition("link", definition.get("name") or "")
        case "terminate":
            return EventDefinition("terminate")
    reading.refuse("unsupported", f"A {_local(definition)} cannot run here.", element, "Use another kind of event.")
    return EventDefinition("none")


def _task_event(reading: Reading, element: etree._Element) -> EventDefinition | None:
    reference = element.get("messageRef")
    return _message(reading, element, reference) if reference else None


def _timer(reading: Reading, element: etree._Element, definition: etree._Element) -> EventDefinition:
    for tag, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        found = definition.find(f"{{{BPMN}}}{tag}")
        if found is not None and (found.text or "").strip():
            timer: Any = kind
            return EventDefinition("timer", timer=timer, value=reading.value(element, found.text))
    reading.refuse("timer", "The timer says no date, duration or cycle.", element, "Give it a time such as P30D.")
    return EventDefinition("timer", timer="duration", value="PT0S")


def _message(reading: Reading, element: etree._Element, reference: str | None) -> EventDefinition:
    message = reading.referred(reference, "message")
    if message is None:
        reading.refuse(
            "message", "The event names no message.", element, "Choose the message that it waits for or sends."
        )
        return EventDefinition("message", "")
    subscription = next((one for one in message.iter() if _local(one) == "subscription"), None)
    key = subscription.get("correlationKey") if subscription is not None else None
    name = message.get("name") or message.get("id") or ""
    return EventDefinition("message", name, reading.expression(element, key) if key else None)


def _code(reading: Reading, element: etree._Element, definition: etree._Element, kind: str) -> str | None:
    referred = reading.referred(definition.get(f"{kind}Ref"), kind)
    if referred is None:
        if kind == "signal":
            reading.refuse("signal", "The event names no signal.", element, "Choose the signal.")
        return None
    code = referred.get(f"{kind}Code") if kind != "signal" else None
    return code or referred.get("name") or referred.get("id")


def _loop(reading: Reading, element: etree._Element, dialect: "_Dialect") -> Loop | None:
    standard = element.find(f"{{{BPMN}}}standardLoopCharacteristics")
    if standard is not None:
        maximum = standard.get("loopMaximum")
        if maximum is not None and not (maximum.isdigit() and int(maximum) > 0):
            reading.refuse(
                "loop-maximum", f"A loop cannot run {maximum} times at most.", element, "Give a number above 0."
            )
            maximum = None
        return Loop(
            "standard",
            condition=_inner(reading, element, standard, "loopCondition"),
            test_before=_flag(standard, "testBefore"),
            maximum=int(maximum) if maximum else None,
        )
    many = element.find(f"{{{BPMN}}}multiInstanceLoopCharacteristics")
    if many is None:
        return None
    if many.get("behavior", "All") != "All":
        reading.refuse(
            "behavior", "Throwing events per instance (behavior) cannot run here.", element, "Leave it at All."
        )
    cardinality = _inner(reading, element, many, "loopCardinality")
    if cardinality is not None and cardinality.source.lstrip().startswith("-"):
        reading.refuse("cardinality", "A negative number of instances makes no sense.", element, "Give 0 or more.")
    given = next((one for one in many.iter() if _local(one) == "loopCharacteristics"), None)
    collection, item, output, element_out = None, None, None, None
    if given is not None:
        if text := given.get("inputCollection"):
            collection = reading.expression(element, text)
        item, output = given.get("inputElement"), given.get("outputCollection")
        if text := given.get("outputElement"):
            element_out = reading.expression(element, text)
    reference = many.find(f"{{{BPMN}}}loopDataInputRef")
    if reference is not None and (reference.text or "").strip():
        collection = reading.expression(element, _plain(reference.text))
        data_item = many.find(f"{{{BPMN}}}inputDataItem")
        item = (data_item.get("name") or data_item.get("id")) if data_item is not None else item
    if cardinality is None and collection is None:
        reading.refuse(
            "multi-instance", "It does not say how many instances.", element, "Give a number or a collection."
        )
    return Loop(
        "sequential" if _flag(many, "isSequential") else "parallel",
        condition=_inner(reading, element, many, "completionCondition"),
        cardinality=cardinality,
        collection=collection,
        item=item,
        output_collection=output,
        output_element=element_out,
    )


def _inner(reading: Reading, element: etree._Element, parent: etree._Element, name: str) -> Expression | None:
    found = parent.find(f"{{{BPMN}}}{name}")
    text = (found.text or "").strip() if found is not None else ""
    return reading.expression(element, text) if text else None


def _check_dialect(reading: Reading, element: etree._Element, dialect: "_Dialect") -> None:
    """Refuse what the dialect could say and this engine would not do."""
    for kind in ("executionListener", "taskListener"):
        if dialect.one(kind) is not None:
            hint = "Draw a service task before or after the step."
            reading.refuse("listener", "Listeners are not called here.", element, hint)
    for kind in ("calledElement", "calledDecision", "formDefinition"):
        found = dialect.one(kind)
        if found is None:
            continue
        if found.get("bindingType", "latest") != "latest":
            text = "Only the newest version of what is called can be used here."
            reading.refuse("binding", text, element, "Choose latest as its binding.")
        if (found.get("processId") or found.get("decisionId") or "").startswith("="):
            text = "What is called must be named, not worked out while running."
            reading.refuse("called-expression", text, element, "Name it, or draw a gateway with one call each.")


def _retries(reading: Reading, element: etree._Element, operation: etree._Element | None) -> int:
    text = (operation.get("retries") if operation is not None else None) or "3"
    if text.isdigit() and int(text) > 0:
        return int(text)
    reading.refuse("retries", f"{text} is no number of attempts.", element, "Give a number above 0.")
    return 1


def _quantity(reading: Reading, element: etree._Element, name: str) -> int:
    text = element.get(name, "1")
    if text.isdigit() and int(text) > 0:
        return int(text)
    reading.refuse("quantity", f"A {name} of {text} makes no sense.", element, "Give a number above 0.")
    return 1


def _lanes(process: etree._Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for reference in lane.iterchildren(f"{{{BPMN}}}flowNodeRef"):
            found[_plain(reference.text)] = lane.get("name") or lane.get("id") or ""
    return found


def _join_links(reading: Reading, elements: dict[str, Element], flows: dict[str, Flow]) -> None:
    """A link throw event goes on at the catch event of the same name (BPMN 2.0 §10.5.1)."""
    linked = [one for one in elements.values() if one.event and one.event.kind == "link"]
    for source in (one for one in linked if one.type == "intermediateThrowEvent"):
        name = source.event.name if source.event else None
        targets = [
            one
            for one in linked
            if one.type == "intermediateCatchEvent" and one.scope == source.scope
            if one.event and one.event.name == name
        ]  # fmt: skip
        if len(targets) != 1:
            text = f"The link “{name}” has {len(targets)} places to go on."
            finding = Finding(
                "error", "link", text, source.id, source.line, "Draw exactly one link catch event of the name."
            )
            reading.findings.append(finding)
            continue
        identity = f"{source.id}-link-{targets[0].id}"
        flows[identity] = Flow(identity, source.id, targets[0].id)


class _Dialect:
    """The zeebe extensions of one element."""

    def __init__(self, reading: Reading, element: etree._Element) -> None:
        self.reading, self.element = reading, element
        holder = element.find(f"{{{BPMN}}}extensionElements")
        self.found = list(holder.iter()) if holder is not None else []

    def one(self, name: str) -> etree._Element | None:
        return next(iter(self.all(name)), None)

    def all(self, name: str) -> Iterable[etree._Element]:
        return [one for one in self.found if isinstance(one.tag, str) and _local(one) == name]

    def mappings(self, name: str) -> tuple[tuple[str, Expression | str], ...]:
        made: list[tuple[str, Expression | str]] = []
        for one in self.all(name):
            source = self.reading.value(self.element, one.get("source"))
            if source is not None:
                made.append((one.get("target", ""), source))
        return tuple(made)


def line_of(element: etree._Element | None) -> int | None:
    """The line of the file that an element begins at."""
    line = element.sourceline if element is not None else None
    return line if isinstance(line, int) else None


def _attribute(element: etree._Element | None, *names: str) -> str | None:
    if element is None:
        return None
    return next((element.get(name) for name in names if element.get(name)), None)


def _flag(element: etree._Element, name: str, *, default: bool = False) -> bool:
    """An attribute of type xsd:boolean, which may be written as true, false, 1 or 0."""
    text = element.get(name)
    return default if text is None else text.strip() in ("true", "1")


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _plain(reference: str | None) -> str:
    """A reference without its namespace prefix."""
    return (reference or "").strip().rpartition(":")[2]


assert SCOPES <= NODES
