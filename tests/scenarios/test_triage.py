"""The triage table decides example reports as the law wants (reports.json)."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import forms
from engine import clock, dmn, feel
from engine.cases.dictionary import options, words
from engine.casework import formbook
from engine.config import ROOT

REPORTS = {
    one["id"]: one
    for one in json.loads(Path(__file__).with_name("reports.json").read_text(encoding="utf-8"))["reports"]
}
CONTENT = (ROOT / "processes" / "intake" / "triage.dmn").read_text(encoding="utf-8")
TABLE = dmn.parse(CONTENT.encode())

# What a duty officer would tick for each report; the report's own words stand in reports.json.
FACTS: dict[str, dict[str, Any]] = {
    "T01": {"facts": ["dispute"], "subject": "neighbours"},
    "T02": {"facts": ["dispute"], "subject": "house_land", "land_question": "unknown"},
    "T03": {"facts": ["danger_now", "hazard", "vulnerable"], "subject": "h_geology"},
    "T05": {"facts": ["domestic_violence", "injury_treated"], "subject": "family"},
    "T07": {"facts": ["crime_suspected", "weapon", "injury_treated"], "subject": "damage"},
    "T09": {"facts": ["in_procedure"], "subject": "contract"},
    "T12": {"facts": ["dispute"], "subject": "labour"},
    "T14": {"facts": ["organ_decides"], "subject": "expropriation"},
    "T16": {"facts": ["suggestion", "hazard"], "subject": "h_drowning"},
    "T17": {"facts": ["same_matter"], "subject": "other"},
    "T20": {"facts": ["danger_now"], "subject": "finance"},
    "T31": {"facts": ["agreed"], "subject": "farm_forest", "land_question": "title"},
}

OFFERED = {"levels": options("level"), "categories": options("category")}


def decided(**facts: Any) -> dict[str, Any]:
    given = {"facts": [], "subject": None, "land_question": None, "people_count": "few", **facts}
    return dict(TABLE.decide("triage", given).value)


def test_every_example_report_is_tried() -> None:
    assert set(FACTS) == set(REPORTS)


@pytest.mark.parametrize("number", FACTS)
def test_example_report_is_routed_as_expected(number: str) -> None:
    expected = REPORTS[number]
    found = decided(**FACTS[number])
    assert found["gate"] in expected["gate"].split("/")
    assert found["risk"] == expected["risk"]
    code = expected["category"].split(" ")[0].split("→")[0]
    if code[:1] in "DH" and code[1:].isdigit():
        assert code.startswith(found["category"]) or found["category"].startswith(code)


FRESH = {
    one["id"]: one
    for one in json.loads(Path(__file__).with_name("fresh_reports.json").read_text(encoding="utf-8"))["reports"]
}


@pytest.mark.parametrize(
    ("subject", "times"),
    [("expropriation", ["admin.sue", "enforce.apply"]), ("official", ["admin.sue", "enforce.apply"]),
     ("contract", ["appeal.judgment", "appeal.ruling", "enforce.apply"])],
)  # fmt: skip
def test_fifteen_days_to_sue_follow_a_reconsideration_decision(subject: str, times: list[str]) -> None:
    """行政诉讼法 §45."""
    assert decided(facts=["in_procedure"], subject=subject)["deadlines"] == times


@pytest.mark.parametrize("number", FRESH)
def test_fresh_report_is_triaged_to_gate_risk_level_category_and_deadlines(number: str) -> None:
    expected = FRESH[number]
    found = decided(**expected["ticked"])
    assert {name: found[name] for name in ("gate", "risk", "level", "category", "deadlines")} == {
        name: expected[name] for name in ("gate", "risk", "level", "category", "deadlines")
    }, expected["text"]


LEVELS = {
    "T01": "village", "T02": "town", "T03": "town", "T05": "organ", "T07": "organ", "T09": "organ", "T12": "county",
    "T14": "county", "T16": "town", "T17": "town", "T20": "organ", "T31": "organ",
}  # fmt: skip
DEADLINES = {
    "T01": ["pm.soft"], "T02": ["pm.soft", "land.title.sue"], "T03": ["hazard.report", "hazard.verify.red"],
    "T05": ["dv.order"], "T07": ["police.transfer"], "T09": ["appeal.judgment", "appeal.ruling", "enforce.apply"],
    "T14": ["pet.notice.office", "reconsider.apply"],
    "T16": ["hazard.verify.yellow"], "T17": ["pet.handle"], "T20": ["fraud.police", "fraud.stop"],
    "T31": ["land.title.sue", "pm.confirm.window"],
}  # fmt: skip


@pytest.mark.parametrize("number", LEVELS)
def test_example_report_comes_to_the_level_that_handles_it(number: str) -> None:
    assert decided(**FACTS[number])["level"] == LEVELS[number]


@pytest.mark.parametrize("number", DEADLINES)
def test_example_report_brings_the_deadlines_of_its_way(number: str) -> None:
    assert decided(**FACTS[number])["deadlines"] == DEADLINES[number]


def test_labour_tells_of_mediation_and_of_the_years_limit() -> None:
    """劳动争议调解仲裁法 §§14, 27, 29, 43, 50."""
    assert decided(**FACTS["T12"])["deadlines"] == [
        "pm.labour", "labour.apply", "labour.arb.accept", "labour.arb", "labour.sue",
    ]  # fmt: skip


def test_danger_at_home_is_hidden_as_well_as_urgent() -> None:
    """反家庭暴力法 §14: the gate is G0, and the road is the sealed one."""
    found = decided(facts=["danger_now", "weapon", "domestic_violence"], subject="family")
    assert (found["gate"], found["route"]) == ("G0", "protection")


@pytest.mark.parametrize(
    ("fact", "route"),
    [
        ("child_harmed", "protection"), ("domestic_violence", "protection"), ("sexual_harm", "police"),
        ("crime_suspected", "police"), ("public_order", "police"),
    ],
)  # fmt: skip
def test_violence_is_never_sent_to_mediation(fact: str, route: str) -> None:
    """未成年人保护法 §11; 反家庭暴力法 §§13–17; 刑事诉讼法 §110: protection tells the police at once and seals."""
    assert decided(facts=[fact, "dispute"], subject="family")["route"] == route


def test_every_gate_is_asked_in_order() -> None:
    """G0 to G11: the first that fits decides, and says by which article and why."""
    facts = {
        "G0": "danger_now", "G1": "child_harmed", "G2": "domestic_violence", "G3": "crime_suspected",
        "G4": "public_order", "G5": "in_procedure", "G6": "against_official", "G7": "organ_decides", "G8": "hazard",
        "G9": "same_matter", "G10": "suggestion", "G11": "dispute",
    }  # fmt: skip
    ticked = list(facts.values())
    for gate, fact in facts.items():
        found = decided(facts=ticked, subject="neighbours")
        assert found["gate"] == gate
        assert found["law"] and found["reason"] and found["reason_en"]
        ticked.remove(fact)


@pytest.mark.parametrize("fact", ["danger_now", "child_harmed", "domestic_violence", "sexual_harm", "crime_suspected",
                                  "public_order", "in_procedure", "against_official", "organ_decides"])  # fmt: skip
def test_what_may_not_be_mediated_is_not_offered_mediation(fact: str) -> None:
    """G0 to G7: the form's choice leaves mediation out, so that nobody can send it there by hand."""
    form = forms.load((ROOT / "forms" / "library" / "f-route.form.json").read_bytes(), compile=feel.compile_expression)
    context = {**OFFERED, "proposal": decided(facts=[fact, "dispute"], subject="neighbours")}
    raw = {"route": "civil", "risk": "RED", "level": "town", "other_reason": "双方都想私了"}
    result = forms.validate(form, raw, evaluate=formbook.evaluate, today=clock.today(), context=context)
    assert [error.pointer for error in result.errors] == ["/route"]


@pytest.mark.parametrize("fact", ["danger_now", "child_harmed", "domestic_violence", "crime_suspected", "in_procedure"])
def test_no_way_round_through_land(fact: str) -> None:
    """What stopped at G0 to G6 does not come to mediation over the land process either."""
    form = forms.load((ROOT / "forms" / "library" / "f-route.form.json").read_bytes(), compile=feel.compile_expression)
    context = {**OFFERED, "proposal": decided(facts=[fact, "dispute"], subject="neighbours")}
    raw = {"route": "land", "risk": "RED", "level": "town", "other_reason": "也有地的事"}
    result = forms.validate(form, raw, evaluate=formbook.evaluate, today=clock.today(), context=context)
    assert [error.pointer for error in result.errors] == ["/route"]


def test_a_dispute_may_be_mediated() -> None:
    form = forms.load((ROOT / "forms" / "library" / "f-route.form.json").read_bytes(), compile=feel.compile_expression)
    context = {**OFFERED, "proposal": decided(facts=["dispute"], subject="neighbours")}
    raw = {"route": "civil", "risk": "BLUE", "level": "village"}
    assert forms.validate(form, raw, evaluate=formbook.evaluate, today=clock.today(), context=context).ok


def test_title_goes_to_the_government_and_encroachment_to_mediation() -> None:
    """土地管理法 §14: who owns it is decided by the government."""
    assert decided(facts=["dispute"], subject="house_land", land_question="title")["gate"] == "G7"
    assert decided(facts=["dispute"], subject="house_land", land_question="encroachment")["gate"] == "G11"


def test_a_table_without_facts_proposes_no_route_and_says_what_to_ask() -> None:
    found = decided()
    assert (found["gate"], found["route"], found["deadlines"]) == (None, None, [])
    assert found["reason"] and found["reason_en"]


def test_every_code_of_the_dictionary_is_reached() -> None:
    """Each category of disputes and hazards is named by some report, so that none can only be typed in afterwards."""
    reached = {one["category"] for one in FRESH.values()} | {decided(**facts)["category"] for facts in FACTS.values()}
    assert reached == set(words("zh")["category"])


def test_every_answer_of_the_form_means_something_to_the_table() -> None:
    """A fact, a subject or a count that the table does not know would be ticked in vain."""
    form = json.loads((ROOT / "forms" / "library" / "f-triage.form.json").read_text(encoding="utf-8"))
    offered = {one["value"] for field in form["components"] for one in field.get("values", ())}
    plain = {"few"}  # fewer than five: no rule of its own
    assert {one for one in offered - plain if f'"{one}"' not in CONTENT} == set()


REPORTS_OF_RULE: dict[str, list[dict[str, Any]]] = {}
for _given in (*(one["ticked"] for one in FRESH.values()), *FACTS.values()):
    _all = {"facts": [], "subject": None, "land_question": None, "people_count": "few", **_given}
    for _fired in TABLE.decide("triage", _all).fired:
        REPORTS_OF_RULE.setdefault(_fired.rule, []).append(_all)

RULES = re.compile(r"<rule id=.*?</rule>", re.DOTALL)


@pytest.mark.parametrize("number", range(len(RULES.findall(CONTENT))))
def test_no_rule_can_go_without_a_report_that_tells(number: int) -> None:
    """Each rule of the five tables, taken away alone, sends some report elsewhere."""
    rule = RULES.findall(CONTENT)[number]
    told = REPORTS_OF_RULE.get(re.match(r'<rule id="([^"]+)"', rule)[1], [])  # type: ignore[index]
    without = dmn.parse(CONTENT.replace(rule, "").encode())
    assert any(without.decide("triage", given).value != decided(**given) for given in told), rule


@pytest.mark.parametrize(("people", "risk"), [("few", "BLUE"), ("ten", "ORANGE"), ("thirty", "RED")])
def test_many_people_raise_the_risk(people: str, risk: str) -> None:
    assert decided(facts=["dispute"], subject="neighbours", people_count=people)["risk"] == risk


def test_a_report_of_danger_without_ticks_is_decided_without_warnings() -> None:
    """The history of a case on the fast road holds the rules that fired, not complaints about what was not asked."""
    given = {"facts": ["danger_now"], "subject": None, "land_question": None, "people_count": "few", "kind": "hazard"}
    outcome = TABLE.decide("triage", {**given, "urgency": "danger_place"})
    assert outcome.value["gate"] == "G0" and not outcome.warnings
