"""Reading BPMN 2.0 files: standard elements and the zeebe dialect, into processes. Nothing is dropped silently.

Normalises as it reads: flows without an id get one, prefixed references and `eventDefinitionRef` are resolved, link
events become flows.
"""

from collections.abc import Mapping
from dataclasses import replace

from lxml import etree
from SpiffWorkflow.specs import WorkflowSpec

from engine.sentences import S_
from engine.workflow.bpmn.dialect import ZEEBE, Dialect
from engine.workflow.bpmn.document import BPMN, Document, child, flag, line_of, local, open_document, plain
from engine.workflow.bpmn.elements import Elements
from engine.workflow.bpmn.events import EVENTS
from engine.workflow.bpmn.findings import Finding
from engine.workflow.bpmn.model import ACTIVITIES, GATEWAYS, SUB_PROCESSES, Element, Flow, Model, Process

NODES = ACTIVITIES | GATEWAYS | EVENTS
GLOBAL_TASKS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalScriptTask": "scriptTask",
    "globalBusinessRuleTask": "businessRuleTask",
}
SILENT = {
    "laneSet", "documentation", "extensionElements", "textAnnotation", "association", "group", "dataObject",
    "dataObjectReference", "dataStoreReference", "incoming", "outgoing", "ioSpecification", "property",
    "dataInputAssociation", "dataOutputAssociation", "monitoring", "auditing", "category", "artifact", "ioBinding",
    "supportedInterfaceRef", "resourceRole", "performer", "potentialOwner", "humanPerformer", "supports",
    "completionCondition",
}  # fmt: skip

BOOLEAN = ("true", "false", "1", "0")
BOOLEANS = (
    "cancelActivity", "cancelRemainingInstances", "instantiate", "isExecutable", "isForCompensation", "isInterrupting",
    "isSequential", "parallelMultiple", "testBefore", "triggeredByEvent", "waitForCompletion",
)  # fmt: skip
VALUES = dict.fromkeys(BOOLEANS, BOOLEAN) | {
    "behavior": ("None", "One", "All", "Complex"),
    "eventGatewayType": ("Exclusive", "Parallel"),
    "gatewayDirection": ("Unspecified", "Converging", "Diverging", "Mixed"),
    "ordering": ("Parallel", "Sequential"),
}
"""The attributes that say what happens and have one of a few values."""


def read(xml: bytes) -> tuple[Model | None, list[Finding]]:
    """Read a file: the model as far as it could be read, and the findings."""
    document, findings = open_document(xml)
    if document is None:
        return None, findings
    _check_ids(document)
    _check_ends(document)
    _check_values(document)
    _check_placeholders(document)
    language = document.root.get("expressionLanguage")
    if language and "feel" not in language.lower():
        text = S_("The file says that its expressions are %(language)s; they are read as FEEL.", language=language)
        document.warn("expression-language", text, document.root, S_("Write them in FEEL and remove the language."))
    elements = Elements(document)
    found: dict[str, Process] = {}
    for process in _executable(document):
        one = _process(document, elements, process)
        found[one.key] = one
    for root in document.root:
        if (kind := GLOBAL_TASKS.get(local(root))) is not None:
            task = elements.read(root, kind, "")
            found[task.id] = Process(task.id, task.name, {task.id: task}, {}, spec=WorkflowSpec(task.id))
    if not found:
        hint = S_("Draw a process with steps.")
        document.refuse("no-process", S_("The file holds no process that could run."), document.root, hint)
    return Model(found), document.findings


def _check_ids(document: Document) -> None:
    """Every id once, and what is referred to by id is there."""
    seen: dict[str, etree._Element] = {}
    items = {one.get("id") for one in document.root.iterchildren(f"{{{BPMN}}}itemDefinition")}
    for one in document.root.iter(f"{{{BPMN}}}*"):
        identity = one.get("id")
        if identity is not None and seen.setdefault(identity, one) is not one:
            document.refuse(
                "duplicate-id",
                S_("The id %(identity)s is used twice.", identity=identity),
                one,
                S_("Give each an id of its own."),
            )
        for attribute in ("itemSubjectRef", "itemRef"):
            item = plain(one.get(attribute))
            if item and item not in items:
                text = S_("There is no item definition %(item)s.", item=item)
                document.warn("unknown-reference", text, one, S_("Define it, or remove the reference."))


REFERRING = {
    "participant": ("processRef",),
    "messageFlow": ("sourceRef", "targetRef"),
    "association": ("sourceRef", "targetRef"),
    "lane": ("flowNodeRef",),
}
"""What is drawn around a process, and what it refers to; nothing runs differently for it."""


def _check_ends(document: Document) -> None:
    """What pools, lanes, message flows and associations refer to is there; other files of BPMN are not read along."""
    known = {one.get("id") for one in document.root.iter()}
    for kind, words in REFERRING.items():
        for one in document.root.iter(f"{{{BPMN}}}{kind}"):
            written = [one.get(word) or inner.text for word in words for inner in one.iterchildren(f"{{{BPMN}}}{word}")]
            written += [one.get(word) for word in words]
            for reference in dict.fromkeys(plain(text) for text in written if text):
                if reference not in known:
                    said = S_("It refers to %(reference)s, which is not in the file.", reference=reference)
                    document.warn("unknown-reference", said, one, S_("Draw it anew, or remove it."))
    for one in document.root.iterchildren(f"{{{BPMN}}}import"):
        if one.get("importType") == BPMN:
            text = S_("What %(location)s holds is not read along.", location=one.get("location", "—"))
            document.warn("import", text, one, S_("Deploy that file as well, and remove the import."))


def _check_values(document: Document) -> None:
    """Words that the schema lists are those: another would be taken for one of them."""
    for one in document.root.iter(f"{{{BPMN}}}*"):
        for attribute, allowed in VALUES.items():
            value = one.get(attribute)
            if value is not None and value.strip() not in allowed:
                text = S_("%(attribute)s cannot be “%(value)s”.", attribute=attribute, value=value)
                document.refuse("attribute-value", text, one, S_("Allowed: %(allowed)s.", allowed=", ".join(allowed)))


SPOKEN = {
    "callActivity": ("calledElement",),
    "message": ("name",),
    "signal": ("name",),
    "error": ("errorCode",),
    "escalation": ("escalationCode",),
}
"""What is called or caught, by BPMN's own words; of the dialect's words every attribute counts."""


def _check_placeholders(document: Document) -> None:
    """No placeholder of another engine's language stands where it would be taken as it is."""
    for one in document.root.iter(f"{{{BPMN}}}*", f"{{{ZEEBE}}}*"):
        read = SPOKEN.get(local(one), ()) if etree.QName(one).namespace == BPMN else one.attrib
        for attribute in read:
            said = one.get(attribute) or ""
            if ("${" in said or "#{" in said) and not said.startswith("="):
                text = S_("“%(text)s” is an expression of another language: it would be taken as it stands.", text=said)
                at = next((around for around in (one, *one.iterancestors()) if around.get("id")), one)
                document.refuse("expression", text, at, S_("Write it in FEEL, with = before it, or as it shall stand."))


def _executable(document: Document) -> list[etree._Element]:
    """The processes that can run: all with steps in them, of several not those marked as not executable."""
    processes = list(document.root.iterchildren(f"{{{BPMN}}}process"))
    if len(processes) > 1:
        processes = [one for one in processes if flag(one, "isExecutable", default=True)]
    for process in processes:
        if not process.get("id"):
            document.refuse(
                "missing-id", S_("The process has no id."), process, S_("Give it one: it is started by its id.")
            )
    return [one for one in processes if one.get("id") and _has_steps(one)]


def _has_steps(process: etree._Element) -> bool:
    return any(local(step) in NODES for step in process.iterchildren(f"{{{BPMN}}}*"))


def _process(document: Document, elements: Elements, process: etree._Element) -> Process:
    found: dict[str, Element] = {}
    flows: dict[str, Flow] = {}
    Dialect(document, process).check()
    _scope(document, elements, process, "", found, flows)
    for element_id, lane in _lanes(process).items():
        if element_id in found:
            found[element_id] = replace(found[element_id], lane=lane)
    _join_links(document, found, flows)
    names = tuple(one.get("name") or one.get("id") or "" for one in process.iter(f"{{{BPMN}}}lane"))
    spec = WorkflowSpec(process.get("id"))
    extensions = process.find(f"{{{BPMN}}}extensionElements")
    tag = next(
        (one.get("value") for one in (extensions if extensions is not None else ()) if local(one) == "versionTag"), None
    )
    key, name = process.get("id", ""), process.get("name") or ""
    return Process(key, name, found, flows, names, version_tag=tag, spec=spec)


def _scope(
    document: Document,
    elements: Elements,
    parent: etree._Element,
    scope: str,
    found: dict[str, Element],
    flows: dict[str, Flow],
) -> None:
    for one in parent.iterchildren(etree.Element):
        kind = local(one)
        if etree.QName(one).namespace != BPMN:
            text = S_(
                "A %(kind)s of %(namespace)s is no part of BPMN.",
                kind=kind,
                namespace=etree.QName(one).namespace or "—",
            )
            document.refuse("unsupported", text, one, S_("Remove it or draw it in BPMN."))
        elif kind in NODES:
            element = elements.read(one, kind, scope)
            found[element.id] = element
            if kind in SUB_PROCESSES:
                _scope(document, elements, one, element.id, found, flows)
        elif kind == "sequenceFlow":
            _flow(document, one, flows)
        elif kind == "correlationSubscription":
            text = S_("Correlation by correlation properties is not worked out here.")
            document.refuse("correlation", text, one, S_("Give the message a correlation key (zeebe:subscription)."))
        elif kind not in SILENT and not kind.endswith("teristics"):
            document.refuse(
                "unsupported",
                S_("A %(kind)s cannot run here.", kind=kind),
                one,
                S_("Remove it or draw it another way."),
            )


def _flow(document: Document, element: etree._Element, flows: dict[str, Flow]) -> None:
    Dialect(document, element).check()
    source, target = plain(element.get("sourceRef")), plain(element.get("targetRef"))
    condition = document.inner(element, element, "conditionExpression")
    written = child(element, "conditionExpression")
    if written is not None and not (written.text or "").strip() and len(written) == 0:
        text = S_("The flow's condition is empty: it is always taken.")
        document.warn("empty-condition", text, element, S_("Write the condition, or remove it."))
    identity = element.get("id") or f"{source}-to-{target}-{len(flows)}"
    flows[identity] = Flow(identity, source, target, element.get("name") or "", condition, line_of(element))


def _lanes(process: etree._Element) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for lane in process.iter(f"{{{BPMN}}}lane"):
        for reference in lane.iterchildren(f"{{{BPMN}}}flowNodeRef"):
            found[plain(reference.text)] = lane.get("name") or lane.get("id") or ""
    return found


def _join_links(document: Document, elements: dict[str, Element], flows: dict[str, Flow]) -> None:
    """A link throw event goes on at the catch event of the same name (BPMN 2.0 §10.5.1)."""
    linked = [one for one in elements.values() if one.event and one.event.kind == "link"]
    thrown = [one for one in linked if one.type == "intermediateThrowEvent"]
    caught = [one for one in linked if one.type == "intermediateCatchEvent"]
    for source in thrown:
        targets = [one for one in caught if one.scope == source.scope and _link(one) == _link(source)]
        if len(targets) == 1:
            identity = f"{source.id}-link-{targets[0].id}"
            flows[identity] = Flow(identity, source.id, targets[0].id)
            continue
        text = S_("The link “%(link)s” has %(targets)s places to go on.", link=_link(source), targets=len(targets))
        hint = S_("Draw exactly one link catch event of the name in the same process or sub-process.")
        document.findings.append(Finding("error", "link", text, source.id, source.line, hint))
    for target in caught:
        if not any(one.scope == target.scope and _link(one) == _link(target) for one in thrown):
            text = S_("No link leads to “%(link)s”.", link=_link(target))
            hint = S_("Draw a link throw event of the name, or a flow.")
            document.findings.append(Finding("error", "link", text, target.id, target.line, hint))


def _link(element: Element) -> str | None:
    return element.event.name if element.event else None
