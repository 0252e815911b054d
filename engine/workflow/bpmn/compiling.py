"""The three doors of a diagram in order: read and normalise, check, compile."""

from dataclasses import replace

from engine.workflow.bpmn import soundness
from engine.workflow.bpmn.checking import check
from engine.workflow.bpmn.findings import Finding, ModelRefused
from engine.workflow.bpmn.model import Model
from engine.workflow.bpmn.reading import read


def check_model(xml: bytes, *, source_name: str = "") -> list[Finding]:
    """Everything to be said of a file, with the reasons against its soundness; never raises for bad input."""
    model, findings = _read_and_check(xml)
    if model is not None and not _errors(findings):
        findings += [found for process in model.processes.values() for found in soundness.verdict(process)[1]]
    return [replace(found, file=source_name) for found in findings]


def verdicts(xml: bytes) -> dict[str, soundness.Verdict]:
    """Of each process of a file whether it can always end; nothing where the file would be refused anyway."""
    model, findings = _read_and_check(xml)
    if model is None or _errors(findings):
        return {}
    return {key: soundness.verdict(process)[0] for key, process in model.processes.items()}


def compile_model(xml: bytes, *, source_name: str = "") -> Model:
    """The processes of a file. Raises ModelRefused where anything would not run as BPMN says."""
    model, findings = _read_and_check(xml)
    errors = [replace(found, file=source_name) for found in _errors(findings)]
    if model is None or errors:
        raise ModelRefused(errors)
    return model


def _read_and_check(xml: bytes) -> tuple[Model | None, list[Finding]]:
    model, findings = read(xml)
    checked = (found for process in model.processes.values() for found in check(process)) if model else ()
    return model, [*findings, *checked]


def _errors(findings: list[Finding]) -> list[Finding]:
    return [found for found in findings if found.severity == "error"]
