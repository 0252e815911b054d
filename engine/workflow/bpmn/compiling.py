"""The three doors of a diagram in order: read and normalise, check, compile."""

from dataclasses import replace

from engine.workflow.bpmn.checking import check
from engine.workflow.bpmn.findings import Finding, ModelRefused
from engine.workflow.bpmn.model import Model
from engine.workflow.bpmn.reading import read


def check_model(xml: bytes, *, source_name: str = "") -> list[Finding]:
    """Everything to be said of a file; never raises for bad input."""
    model, findings = read(xml)
    if model is not None:
        findings = [*findings, *(found for process in model.processes.values() for found in check(process))]
    return [replace(found, file=source_name) for found in findings]


def compile_model(xml: bytes, *, source_name: str = "") -> Model:
    """The processes of a file. Raises ModelRefused where anything would not run as BPMN says."""
    model, findings = read(xml)
    if model is not None:
        findings = [*findings, *(found for process in model.processes.values() for found in check(process))]
    errors = [replace(found, file=source_name) for found in findings if found.severity == "error"]
    if model is None or errors:
        raise ModelRefused(errors)
    return model
