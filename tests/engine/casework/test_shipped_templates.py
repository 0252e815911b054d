"""The templates of papers as they come: each can be filled and names only what its form asks for."""

import re
from pathlib import Path

import pytest

from engine import papers
from engine.papers.catalogue import FOLDER
from tests.scenarios.bundles import PROCESSES, processes


@pytest.mark.parametrize("key", [key for key in papers.catalogue() if key not in ("cover", "index")])
def test_a_shipped_template_can_be_filled_with_nothing(key: str) -> None:
    """An administrator tries a template with a sample before there is any case of its kind."""
    blocks = papers.fill(papers.shipped_template(key), {"title": "示例"})
    assert blocks[0].kind == "title"
    assert [one for one in blocks if ">" in "".join(one.texts)] == [], "a line that ends with a tag took in the next"


@pytest.mark.parametrize("bundle", [
    "police-handover", "protection", "fraud", "labour", "land", "hazard", "judicial-confirm", "court-handover",
    "leader-reception", "consumer", "petition-intake", "petition-handle", "petition-review", "counselling", "watch",
    "errand", "correction", "standards", "campaign", "patrol", "roster", "reward",
])  # fmt: skip
def test_every_paper_of_a_special_procedure_has_a_template_of_its_own(bundle: str) -> None:
    known = {key for key in papers.catalogue() if (FOLDER / f"{key}.paper").is_file()}
    asked = {
        task.form_key
        for diagram in (PROCESSES / bundle).glob("*.bpmn")
        for process in processes(diagram).values()
        for task in process.user_tasks
    }
    assert asked - known - papers.internal() - {None} == set()


@pytest.mark.parametrize("path", sorted(FOLDER.glob("f-*.paper")), ids=lambda path: path.stem)
def test_a_template_names_only_answers_that_its_form_asks_for(path: Path) -> None:
    """A name that nobody asks for would print as nothing."""
    asked = (PROCESSES.parent / "forms" / "library" / f"{path.stem}.form.json").read_text(encoding="utf-8")
    named = set(re.findall(r"\ba\.(\w+)", path.read_text(encoding="utf-8")))
    assert {name for name in named if f'"key": "{name}"' not in asked and f'"path": "{name}"' not in asked} == set()
