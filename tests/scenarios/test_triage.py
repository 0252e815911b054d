"""The triage table decides example reports as the law wants (cases.json beside the domain's description)."""

import json
from typing import Any

import pytest

from engine import dmn
from engine.config import ROOT

CASES = ROOT.parent / "shared" / "domain" / "cases.json"
TABLE = dmn.parse((ROOT / "processes" / "intake" / "triage.dmn").read_bytes())

# What a duty officer would tick for each report; the report's own words stand in cases.json.
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
    "T31": {"facts": ["organ_decides"], "subject": "farm_forest", "land_question": "title"},
}


def decided(**facts: Any) -> dict[str, Any]:
    given = {"facts": [], "subject": None, "land_question": None, "people_count": "few", **facts}
    return dict(TABLE.decide("triage", given).value)


@pytest.mark.skipif(
    not CASES.exists(), reason="The example reports (shared/domain/cases.json) are not beside this checkout."
)
@pytest.mark.parametrize("number", FACTS)
def test_example_report_is_routed_as_expected(number: str) -> None:
    expected = next(case for case in json.loads(CASES.read_text(encoding="utf-8"))["cases"] if case["id"] == number)
    found = decided(**FACTS[number])
    assert found["gate"] in expected["gate"].split("/")
    assert found["risk"] == expected["risk"]
    code = expected["category"].split(" ")[0].split("→")[0]
    if code[:1] in "DH" and code[1:].isdigit():
        assert code.startswith(found["category"]) or found["category"].startswith(code)


def test_violence_is_never_sent_to_mediation() -> None:
    for fact in ("child_harmed", "domestic_violence", "sexual_harm", "crime_suspected", "public_order"):
        assert decided(facts=[fact, "dispute"], subject="family")["route"] == "police", fact


def test_title_goes_to_the_government_and_encroachment_to_mediation() -> None:
    """土地管理法 §14: who owns it is decided by the government."""
    assert decided(facts=["dispute"], subject="house_land", land_question="title")["gate"] == "G7"
    assert decided(facts=["dispute"], subject="house_land", land_question="encroachment")["gate"] == "G11"


def test_a_table_without_facts_proposes_no_route() -> None:
    assert decided()["route"] is None


@pytest.mark.parametrize(("people", "risk"), [("few", "BLUE"), ("ten", "ORANGE"), ("thirty", "RED")])
def test_many_people_raise_the_risk(people: str, risk: str) -> None:
    assert decided(facts=["dispute"], subject="neighbours", people_count=people)["risk"] == risk
