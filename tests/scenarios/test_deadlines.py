"""Every deadline of the catalogue is run by a step of some process, and what diagrams name is in the catalogue."""

import re
from collections.abc import Iterator

import pytest

from engine import dmn, feel
from engine.casework.operations import LENGTHS
from engine.deadlines import shipped
from engine.feel import Expression
from tests.scenarios.bundles import DIAGRAMS, PROCESSES, processes

CATALOGUE = {one["key"]: one for one in shipped.catalogue()}
STARTS = ("deadline.start", "case.accept")


def _named() -> Iterator[tuple[str, str]]:
    """Operations about deadlines with the keys that they name, in diagrams or in the tables that diagrams ask."""
    for diagram in DIAGRAMS:
        for process in processes(diagram).values():
            for element in process.elements.values():
                if element.operation and element.operation.startswith(("deadline.", "case.accept")):
                    value = dict(element.inputs).get("deadline")
                    text = value.source if isinstance(value, Expression) else str(value)
                    yield from ((element.operation, key) for key in CATALOGUE if key == text or f'"{key}"' in text)
                    if isinstance(value, Expression) and "rule." in text:
                        yield from ((element.operation, key) for key in _in_tables(diagram.parent.name))


def _in_tables(bundle: str) -> list[str]:
    texts = [path.read_text("utf-8") for path in (PROCESSES / bundle).glob("*.dmn") if dmn.parse(path.read_bytes())]
    return [key for key in CATALOGUE if any(f'"{key}"' in text for text in texts)]


NAMED = set(_named())


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_deadline_of_the_catalogue_is_started_and_met_by_a_process(key: str) -> None:
    assert {operation for operation, named in NAMED if named == key} & set(STARTS), CATALOGUE[key]["law"]


def _started() -> Iterator[tuple[str, str, str, set[tuple[str, str]]]]:
    """Each step that starts deadlines: process, step, deadline, and the articles that the step or its timer names."""
    for diagram in DIAGRAMS:
        for process in processes(diagram).values():
            elements = process.elements.values()
            timers = {one.properties.get("hejie.deadline"): one.properties.get("hejie.law", "") for one in elements}
            for element in elements:
                if element.operation != "deadline.start":
                    continue
                value = dict(element.inputs)["deadline"]
                text = value.source if isinstance(value, Expression) else f'"{value}"'
                keys = _in_tables(diagram.parent.name) if "rule." in text else CATALOGUE
                for key in keys:
                    if "rule." in text or f'"{key}"' in text:
                        named = element.properties.get("hejie.law") or timers.get(key, "")
                        yield process.key, element.id, key, _articles(named)


def _articles(law: str) -> set[tuple[str, str]]:
    """Statute and article, each article by itself; a rule without articles by its name alone."""
    said = (one.strip().partition(" §") for one in law.split("；") if one.strip())
    return {(name, number) for name, _, rest in said for number in re.findall(r"\d+(?:\(.\))?", rest) or [""]}


@pytest.mark.parametrize(("process", "step", "key", "named"), list(_started()))
def test_a_step_that_starts_a_deadline_names_its_article(
    process: str, step: str, key: str, named: set[tuple[str, str]]
) -> None:
    """Whoever reads the diagram sees by which article the time runs: on the step, or on the timer that watches it."""
    assert named & _articles(CATALOGUE[key]["law"]), CATALOGUE[key]["law"]


@pytest.mark.parametrize("key", [key for key, one in CATALOGUE.items() if one["duty_of"] not in ("citizen",)])
def test_a_duty_ends_where_it_is_done(key: str) -> None:
    """A right of a citizen ends with its day; the duty of an organ is met by a step, or by the agreement (LENGTHS)."""
    assert ("deadline.meet", key) in NAMED or key in LENGTHS


@pytest.mark.parametrize(("word", "operation"), [("extend", "deadline.extend"), ("suspend", "deadline.suspend"),
                                                 ("restart", "deadline.restart")])  # fmt: skip
def test_what_the_law_lets_happen_to_a_deadline_has_a_step(word: str, operation: str) -> None:
    allowed = {key for key, one in CATALOGUE.items() if word in one["rule"]}
    assert allowed - {key for done, key in NAMED if done == operation} == set()


COLOURS = {"RED": "red", "ORANGE": "orange", "YELLOW": "yellow", "GREEN": "yellow", "BLUE": "blue"}


@pytest.mark.parametrize(("risk", "key"), COLOURS.items())
def test_the_time_told_for_looking_at_a_hazard_is_that_of_its_timer(risk: str, key: str) -> None:
    """What triage tells (told.json) and what the diagram's own timer keeps are one; the law sets no deadline here."""
    told = {one["key"]: one["duration"] for one in shipped.told()}
    (diagram,) = (one for one in DIAGRAMS if one.stem == "hazard")
    timer = processes(diagram)["hazard"].elements["verify-late"].event
    assert timer and isinstance(timer.value, Expression)
    wanted = feel.compile_expression(f'duration("{told[f"hazard.verify.{key}"]}")')
    assert timer.value.evaluate({"risk": risk}) == wanted.evaluate({})
