"""The twelve rules against formalism, as far as they can be read from forms, tables and figures."""

import re
from pathlib import Path

import pytest

import forms
from engine.config import ROOT
from engine.ledger.figures import FIGURES
from engine.migrations.models import metadata
from forms.definition import Answer, DynamicList, every

LIBRARY = sorted((ROOT / "forms" / "library").glob("*.form.json"))
PERSONAL = {"sex", "ethnic_group", "birth_date", "occupation", "address", "id_number"}
COUNTED = re.compile(r"rate$|score|rank|points|streak|check_?in|mileage|online_time|latitude|track_")
PLACES = {"division.latitude", "upload.latitude"}
"""Where a village lies, and where a photo was taken that belongs to a record: of a place, no track of anybody."""


def answers(path: Path) -> list[Answer]:
    form = forms.load(path.read_bytes())
    return [part for part in every(form.fields) if isinstance(part, Answer)]


def test_rule_2_a_report_asks_three_things_and_no_more() -> None:
    report = ROOT / "forms" / "library" / "f-report.form.json"
    assert len([one for one in answers(report) if one.required]) <= 3


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
def test_rule_2_what_is_required_says_why(path: Path) -> None:
    assert [one.key for one in answers(path) if one.required and not (one.why.zh and one.why.en)] == []


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: path.name)
def test_rule_4_personal_questions_may_be_declined(path: Path) -> None:
    asked = [one for one in answers(path) if one.path[-1] in PERSONAL]
    assert [one.key for one in asked if one.required and not one.may_decline] == []


def test_rule_2_who_looked_and_asked_nobody_names_nobody() -> None:
    """An empty row of a list that needs none would be refused for its missing name."""
    form = forms.load((ROOT / "forms" / "library" / "f8-investigation.form.json").read_bytes())
    [asked] = [part for part in every(form.fields) if isinstance(part, DynamicList)]
    assert (asked.repetitions, asked.min_items) == (0, 0)


def test_rules_3_and_5_nothing_keeps_a_rate_a_rank_or_a_track_of_anybody() -> None:
    kept = [
        f"{table.name}.{column.name}"
        for table in metadata.tables.values()
        for column in table.columns
        if COUNTED.search(column.name)
    ]
    assert [one for one in kept if one not in PLACES] == []


def test_rules_1_and_5_no_ledger_or_figure_has_a_table_of_its_own() -> None:
    assert [name for name in metadata.tables if re.search(r"ledger|figure|statistic|report_sheet", name)] == []


def test_rule_3_no_figure_is_about_a_person() -> None:
    assert not [key for key, (name, meaning, _) in FIGURES.items() if re.search("by (mediator|person|worker)", meaning)]


def test_rule_7_closing_reasons_are_told_apart() -> None:
    from engine.cases.dictionary import dictionary

    told = dictionary()["outcome"]
    assert {"performed", "not_performed", "handed_over", "withdrawn", "unreachable", "not_accepted"} <= set(told)
    assert len({names[0] for names in told.values()}) == len(told)
