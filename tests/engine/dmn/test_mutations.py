"""Whatever is done to a model's XML, reading, checking and asking it end in a value, a finding or an error of ours."""

import copy
from contextlib import suppress
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import dmn, feel
from engine.config import ROOT

TRIAGE = (ROOT / "processes" / "intake" / "triage.dmn").read_bytes()
TEXTS = ["", "(", "-", "null", "1..", "[1..2", "function(a) a", "for x in", '"a",', "not(", "?", "x.y", "1 +"]
VALUES = ["", "x", "#x", "tNone", "UNIQUE", "Java", "1", "true", "P"]


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 5))
def test_a_mutated_model_never_breaks_the_engine(random: Random, mutations: int) -> None:
    root = etree.fromstring(TRIAGE)
    for _ in range(mutations):
        mutate(root, random)
    content = etree.tostring(root)
    with suppress(dmn.DmnError):
        model = dmn.parse(content)
        for found in dmn.check(content):
            assert found.message and found.severity in ("error", "warning")
        for name in list(model.names()):
            with suppress(feel.FeelBudgetExceeded, feel.FeelError):
                feel.to_json(model.decide(name, {"facts": ["dispute"], "subject": "family"}).value)


def mutate(root: etree._Element, random: Random) -> None:
    """Remove, copy, move, rename or rewrite one element or attribute."""
    elements = [one for one in root.iter() if isinstance(one.tag, str) and one is not root]
    element, other = random.choice(elements), random.choice(elements)
    parent = element.getparent()
    assert parent is not None
    match random.randrange(6):
        case 0:
            parent.remove(element)
        case 1 if element.attrib:
            del element.attrib[random.choice(sorted(element.attrib))]
        case 2 if element.attrib:
            element.set(random.choice(sorted(element.attrib)), random.choice(VALUES))
        case 3:
            parent.append(copy.deepcopy(other))
        case 4:
            element.text = random.choice(TEXTS)
        case _:
            element.tag = other.tag
