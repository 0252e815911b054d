"""BPMN 2.0 diagrams: read, normalise, check, compile. A diagram means what BPMN says, or it is refused."""

from engine.workflow.bpmn.compiling import check_model, compile_model, verdicts
from engine.workflow.bpmn.findings import Finding, ModelRefused
from engine.workflow.bpmn.model import Element, EventDefinition, Flow, Loop, Model, Process, StartEvent

__all__ = [
    "Element",
    "EventDefinition",
    "Finding",
    "Flow",
    "Loop",
    "Model",
    "ModelRefused",
    "Process",
    "StartEvent",
    "check_model",
    "compile_model",
    "verdicts",
]
