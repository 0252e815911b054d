"""The bundles of the product as the tests read them."""

import tomllib
from pathlib import Path
from typing import Any

import yaml
from lxml import etree

from engine.config import ROOT
from engine.workflow.bpmn import Process, compile_model

PROCESSES = ROOT / "processes"
BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
BPMNDI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"

BUNDLES = sorted(path.parent for path in PROCESSES.glob("*/bundle.toml"))
DIAGRAMS = sorted(PROCESSES.glob("*/*.bpmn"))
SCENARIO_FILES = sorted(PROCESSES.glob("*/scenarios/*.yaml"))


def toml(bundle: Path, name: str) -> dict[str, Any]:
    """One of a bundle's TOML files."""
    return tomllib.loads((bundle / name).read_text(encoding="utf-8"))


def tree(diagram: Path) -> etree._Element:
    """A diagram's XML."""
    return etree.parse(str(diagram)).getroot()


def processes(diagram: Path) -> dict[str, Process]:
    """A diagram's processes."""
    return dict(compile_model(diagram.read_bytes(), source_name=diagram.name).processes)


def scenario_names(file: Path) -> list[str]:
    """The names of the scenarios of a file."""
    return [scenario["name"] for scenario in yaml.safe_load(file.read_text(encoding="utf-8"))["scenarios"]]
