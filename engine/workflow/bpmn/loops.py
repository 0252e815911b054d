"""Reading how often an activity is done: standard loops and multi-instance, in BPMN's own words and zeebe's."""

from typing import Any

from lxml import etree

from engine.feel import Expression
from engine.sentences import S_
from engine.workflow.bpmn.data import Data, variable_of
from engine.workflow.bpmn.dialect import Dialect
from engine.workflow.bpmn.document import Document, child, flag, local, plain
from engine.workflow.bpmn.events import event, referred_event
from engine.workflow.bpmn.model import EventDefinition, Loop

Throws = tuple[tuple[Expression | None, EventDefinition], ...]


def loop(document: Document, element: etree._Element, dialect: Dialect, data: Data) -> Loop | None:
    """How often an activity is done; None for once."""
    standard, many = (child(element, f"{kind}LoopCharacteristics") for kind in ("standard", "multiInstance"))
    if standard is not None and many is not None:
        text = S_("It is a loop and has several instances at once; the standard has one of them (§10.3.8).")
        document.refuse(
            "two-loops", text, element, S_("Remove one, or put the step into a sub-process with the other.")
        )
    if standard is not None:
        return _standard(document, element, standard)
    return None if many is None else _multi_instance(document, element, many, data)


def _standard(document: Document, element: etree._Element, standard: etree._Element) -> Loop:
    maximum = standard.get("loopMaximum")
    if maximum is not None and not (maximum.isdecimal() and int(maximum) > 0):
        text = S_("A loop cannot run %(maximum)s times at most.", maximum=maximum)
        document.refuse("loop-maximum", text, element, S_("Give a number above 0."))
        maximum = None
    condition = document.inner(element, standard, "loopCondition")
    if condition is None and maximum is None:
        text = S_("The loop says neither a condition nor a maximum: it is done once.")
        document.warn("loop-endless", text, element, S_("Say while what it goes on, or remove the loop."))
    return Loop("standard", condition, flag(standard, "testBefore"), int(maximum) if maximum else None)


def _multi_instance(document: Document, element: etree._Element, many: etree._Element, data: Data) -> Loop:
    cardinality = document.inner(element, many, "loopCardinality")
    if cardinality is not None and cardinality.source.lstrip().startswith("-"):
        text = S_("A negative number of instances makes no sense.")
        document.refuse("cardinality", text, element, S_("Give 0 or more."))
    given = next((one for one in many.iter() if local(one) == "loopCharacteristics"), None)
    collection, item, output, result = None, None, None, None
    if given is not None:
        if written := given.get("inputCollection"):
            collection = document.expression(element, written)
        item, output = given.get("inputElement"), given.get("outputCollection")
        if written := given.get("outputElement"):
            result = document.expression(element, written)
    if (reference := _text(many, "loopDataInputRef")) is not None:
        collection = document.expression(element, data.source_of(element, reference))
        item = _item(many, "inputDataItem") or item
    if (reference := _text(many, "loopDataOutputRef")) is not None:
        output = data.target_of(element, reference)
        if name := _item(many, "outputDataItem"):
            result = document.expression(element, name)
    if cardinality is None and collection is None:
        text = S_("It does not say how many instances.")
        document.refuse("multi-instance", text, element, S_("Give a number or a collection."))
    if cardinality is not None and collection is not None:
        text = S_("It says both a number and a collection: how many instances is not clear.")
        document.refuse("multi-instance", text, element, S_("Keep one of them."))
    behavior, throws = _behavior(document, element, many)
    return Loop(
        "sequential" if flag(many, "isSequential") else "parallel",
        condition=document.inner(element, many, "completionCondition"),
        cardinality=cardinality,
        collection=collection,
        item=item,
        output_collection=output,
        output_element=result,
        behavior=behavior,
        throws=throws,
    )


def _behavior(document: Document, element: etree._Element, many: etree._Element) -> tuple[Any, Throws]:
    """Which events the instances throw when they are through."""
    behavior = many.get("behavior", "All").lower()
    if behavior in ("none", "one"):
        reference = many.get(f"{behavior}BehaviorEventRef")
        thrown = referred_event(document, element, reference) if reference else None
        if thrown is None:
            text = S_("With the behavior %(behavior)s it must be said which event is thrown.", behavior=behavior)
            document.refuse(
                "behavior-event",
                text,
                element,
                S_("Set %(behavior)sBehaviorEventRef, or leave behavior at All.", behavior=behavior),
            )
            return "all", ()
        return behavior, ((None, thrown),)
    if behavior != "complex":
        return "all", ()
    found = []
    for definition in many:
        if local(definition) == "complexBehaviorDefinition":
            condition = document.inner(element, definition, "condition")
            holder = child(definition, "event")
            if condition is None or holder is None:
                text = S_("A complex behavior needs a condition and an event.")
                document.refuse("behavior-event", text, element, S_("Say both, or leave behavior at All."))
            else:
                found.append((condition, event(document, holder)))
    return "complex", tuple(found)


def _text(parent: etree._Element, name: str) -> str | None:
    found = child(parent, name)
    return plain(found.text) or None if found is not None else None


def _item(parent: etree._Element, name: str) -> str | None:
    return variable_of(child(parent, name))
