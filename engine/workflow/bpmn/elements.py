"""Reading one flow node: its attributes, extensions, event, loop and data."""

from dataclasses import dataclass, field

from lxml import etree

from engine.feel import Expression
from engine.sentences import S_
from engine.workflow.bpmn.data import Data
from engine.workflow.bpmn.dialect import Dialect
from engine.workflow.bpmn.document import BPMN, Document, child, flag, line_of, local, plain
from engine.workflow.bpmn.events import event_of
from engine.workflow.bpmn.loops import loop
from engine.workflow.bpmn.model import SUB_PROCESSES, Element

MOST_TOKENS = 1000
"""The largest quantity of tokens that an activity may wait for or send."""
RESOURCES = {"resourceRole", "performer", "humanPerformer", "potentialOwner"}


@dataclass
class Elements:
    """The flow nodes of a file as they are read."""

    document: Document
    data: Data = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.data = Data(self.document)
        self._handlers = dict(_associations(self.document.root))

    def read(self, element: etree._Element, kind: str, scope: str) -> Element:
        """One flow node. What is wrong with it goes into the document's findings."""
        document, dialect = self.document, Dialect(self.document, element)
        self.count += 1
        dialect.check()
        self._check_resources(element)
        assigned, schedule = dialect.one("assignmentDefinition"), dialect.one("taskSchedule")
        decision, called = dialect.one("calledDecision"), dialect.one("calledElement")
        operation, ad_hoc = dialect.one("taskDefinition"), dialect.one("adHoc")
        documentation = child(element, "documentation")
        script, result = _script(document, element, dialect.one("script"))
        looped = loop(document, element, dialect, self.data)
        carried = self.data.carried(element, kind, looped=looped is not None)
        return Element(
            id=element.get("id") or f"{kind}-{self.count}",
            type=kind,
            name=" ".join((element.get("name") or "").split()),
            scope=scope,
            line=line_of(element),
            documentation=(documentation.text or "").strip() if documentation is not None else "",
            properties={one.get("name", ""): one.get("value", "") for one in dialect.all("property")},
            form_key=_attribute(dialect.one("formDefinition"), "formId", "formKey"),
            candidate_groups=document.value(element, _attribute(assigned, "candidateGroups")),
            candidate_users=document.value(element, _attribute(assigned, "candidateUsers")),
            assignee=document.value(element, _attribute(assigned, "assignee")),
            due_date=document.value(element, _attribute(schedule, "dueDate")),
            operation=operation.get("type") if operation is not None else None,
            retries=_retries(document, element, operation),
            called_decision=decision.get("decisionId") if decision is not None else None,
            called_process=_called(element, called),
            all_variables=called is None or flag(called, "propagateAllChildVariables", default=True),
            all_parent_variables=called is None or flag(called, "propagateAllParentVariables", default=True),
            script=script,
            result_variable=decision.get("resultVariable") if decision is not None else result,
            inputs=dialect.mappings("input"),
            outputs=dialect.mappings("output"),
            data_inputs=tuple(carried.inputs),
            data_outputs=tuple(carried.outputs),
            default=plain(element.get("default")) or None,
            event=event_of(document, element, kind),
            attached_to=(plain(element.get("attachedToRef")) or None) if kind == "boundaryEvent" else None,
            interrupting=flag(element, "isInterrupting" if kind == "startEvent" else "cancelActivity", default=True),
            triggered_by_event=kind in SUB_PROCESSES and flag(element, "triggeredByEvent"),
            instantiate=flag(element, "instantiate"),
            direction=element.get("gatewayDirection", ""),
            parallel_start=element.get("eventGatewayType") == "Parallel",
            for_compensation=flag(element, "isForCompensation") and not flag(element, "triggeredByEvent"),
            handler=self._handlers.get(element.get("id", "")) if kind == "boundaryEvent" else None,
            activation=document.inner(element, element, "activationCondition"),
            completion=document.inner(element, element, "completionCondition"),
            active_elements=_active_elements(document, element, ad_hoc),
            sequential=element.get("ordering") == "Sequential",
            cancel_remaining=flag(element, "cancelRemainingInstances", default=True),
            start_quantity=_quantity(document, element, "startQuantity"),
            completion_quantity=_quantity(document, element, "completionQuantity"),
            loop=looped,
        )

    def _check_resources(self, element: etree._Element) -> None:
        for one in element:
            if local(one) in RESOURCES:
                text = S_("Who does this is not read from BPMN's resource roles here.")
                hint = S_("Give its candidate groups (zeebe:assignmentDefinition).")
                self.document.warn("resource-role", text, element, hint)
                return


def _associations(root: etree._Element) -> list[tuple[str, str]]:
    """What each end of an association is drawn to, in both directions: compensation handlers hang on them."""
    ends = [(plain(one.get("sourceRef")), plain(one.get("targetRef"))) for one in root.iter(f"{{{BPMN}}}association")]
    compensating = {one.get("id") for one in root.iter() if _is_for_compensation(one)}
    both = ends + [(target, source) for source, target in ends]
    return [(source, target) for source, target in both if target in compensating]


def _is_for_compensation(element: etree._Element) -> bool:
    """Whether an element is an activity for compensation only."""
    return isinstance(element.tag, str) and flag(element, "isForCompensation")


def _called(element: etree._Element, called: etree._Element | None) -> str | None:
    named = called.get("processId") if called is not None else None
    return named or plain(element.get("calledElement")) or None


def _active_elements(document: Document, element: etree._Element, ad_hoc: etree._Element | None) -> Expression | None:
    if ad_hoc is None:
        return None
    if ad_hoc.get("outputCollection") or ad_hoc.get("outputElement"):
        text = S_("The results of an ad-hoc sub-process are not collected here.")
        document.refuse("ad-hoc-output", text, element, S_("Map the outputs of its steps instead."))
    chosen = ad_hoc.get("activeElementsCollection")
    return document.expression(element, chosen) if chosen else None


def _script(
    document: Document, element: etree._Element, script: etree._Element | None
) -> tuple[Expression | None, str | None]:
    if script is not None:
        return document.expression(element, script.get("expression", "")), script.get("resultVariable")
    written = child(element, "script")
    if written is None or not (written.text or "").strip():
        return None, None
    language = (element.get("scriptFormat") or element.get("scriptLanguage") or "feel").lower()
    if "feel" not in language:
        hint = S_("Write it in FEEL, or use a service task.")
        document.refuse("script-language", S_("Scripts in %(language)s are not run.", language=language), element, hint)
        return None, None
    return document.expression(element, written.text or ""), element.get("resultVariable")


def _retries(document: Document, element: etree._Element, operation: etree._Element | None) -> int:
    text = (operation.get("retries") if operation is not None else None) or "3"
    if text.isdecimal() and len(text) <= len(str(MOST_TOKENS)) and 0 < int(text) <= MOST_TOKENS:
        return int(text)
    document.refuse(
        "retries", S_("%(text)s is no number of attempts.", text=text), element, S_("Give a number above 0.")
    )
    return 1


def _quantity(document: Document, element: etree._Element, name: str) -> int:
    text = element.get(name, "1")
    if text.isdecimal() and len(text) <= len(str(MOST_TOKENS)) and 0 < int(text) <= MOST_TOKENS:
        return int(text)
    document.refuse(
        "quantity",
        S_("A %(name)s of %(text)s makes no sense.", name=name, text=text),
        element,
        S_("Give a number from 1 to %(most)s.", most=MOST_TOKENS),
    )
    return 1


def _attribute(element: etree._Element | None, *names: str) -> str | None:
    if element is None:
        return None
    return next((element.get(name) for name in names if element.get(name)), None)
