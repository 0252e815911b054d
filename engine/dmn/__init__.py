"""DMN decision models on FEEL (DMN 1.2 to 1.5): read, checked, decided."""

from engine.dmn.checking import Finding, check
from engine.dmn.model import Decision, DecisionResult, DmnError, Model
from engine.dmn.reading import parse

__all__ = ["Decision", "DecisionResult", "DmnError", "Finding", "Model", "check", "parse"]
