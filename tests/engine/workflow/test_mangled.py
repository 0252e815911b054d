"""Diagrams that somebody's hand or tool has damaged: the checker says what is wrong and never breaks."""

from random import Random

import pytest
from lxml import etree

from engine.config import ROOT
from engine.workflow import bpmn
from engine.workflow.bpmn.document import BPMN
from engine.workflow.bpmn.reading import GLOBAL_TASKS, NODES

DIAGRAMS = [path.read_bytes() for path in sorted((ROOT / "processes").glob("*/*.bpmn"))]
TAGS = sorted({*NODES, *GLOBAL_TASKS, "sequenceFlow", "standardLoopCharacteristics", "timerEventDefinition", "lane"})
WORDS = ("attachedToRef", "default", "isForCompensation", "triggeredByEvent", "startQuantity", "ordering")
TEXTS = ("", "=1 +", "true", "-1", "R/PT0S", "null", "=null", "中")


def mangled(dice: Random) -> bytes:
    """One of the product's diagrams with a few elements renamed, removed, moved, or told nonsense."""
    root = etree.fromstring(dice.choice(DIAGRAMS))
    elements = [one for one in root.iter(f"{{{BPMN}}}*") if one is not root]
    for _ in range(dice.randint(1, 4)):
        one, other = dice.choice(elements), dice.choice(elements)
        match dice.randrange(6):
            case 0:
                one.tag = f"{{{BPMN}}}{dice.choice(TAGS)}"
            case 1 if one.getparent() is not None:
                one.getparent().remove(one)
            case 2 if one.attrib:
                del one.attrib[dice.choice(sorted(one.attrib))]
            case 3:
                one.set(dice.choice(WORDS), dice.choice(["true", "x", "2", other.get("id", "y")]))
            case 4:
                one.text = dice.choice(TEXTS)
            case 5 if one is not other and one not in other.iterancestors() and other not in one.iterancestors():
                one.append(other)
    return etree.tostring(root)


@pytest.mark.parametrize("seed", range(60))
def test_a_damaged_diagram_is_told_what_is_wrong_or_compiles(seed: int) -> None:
    content = mangled(Random(seed))
    if not [found for found in bpmn.check_model(content) if found.severity == "error"]:
        assert bpmn.compile_model(content).processes
