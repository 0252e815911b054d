"""DMN decision models on FEEL (DMN 1.1 to 1.5): read, checked, decided."""

from engine.dmn.checking import check
from engine.dmn.findings import FAULTS, DmnError, DmnWarning, Finding
from engine.dmn.model import Decision, DecisionResult, Model
from engine.dmn.reading import imported_by, namespace_of, parse

__all__ = [
    "FAULTS",
    "Decision",
    "DecisionResult",
    "DmnError",
    "DmnWarning",
    "Finding",
    "Model",
    "check",
    "imported_by",
    "namespace_of",
    "parse",
]
