"""Words that must not be on file, in reasons and remarks: refused on pages and over REST, and nothing typed is lost."""

from uuid import UUID

from engine import db, events
from tests.api.conftest import Browser
from tests.api.steps import Report, System, at_triage, do, task_of
from tests.api.test_people_of_cases import SomeoneSigned
from tests.api.test_sessions import planned, soon

BLOCKED = ("他有前科", "他吸毒", "精神分裂症患者", "他有乙肝", "全家信教", "他是中共党员", "证号610927188506123017")
"""One of each kind of fact, and a number."""

UNIT = ("kind", "name", "name_en", "division", "abbreviation", "legal_basis", "fee", "phone")


def facts_of(case_id: str, kind: str) -> list[list[str]]:
    with db.transaction() as session:
        return [one.data["facts"] for one in events.of_stream(session, UUID(case_id)) if one.kind == kind]


def test_reasons_are_refused_over_rest(system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    task = f"/api/v1/tasks/{task_of(duty, case_id, 'triage')['id']}"
    county = system("county")
    colleague = system("duty2").get("/api/v1/me").get_json()["id"]
    assert duty.post(f"{task}/claim").status_code == 200
    for words in BLOCKED:
        for somebody, address, body in (
            (duty, f"{task}/release", {}),
            (duty, f"{task}/assign", {"assignee": colleague}),
            (duty, f"{task}/delegate", {"to": colleague}),
            (duty, f"{task}/signatures", {"people": [colleague]}),
            (county, f"/api/v1/cases/{case_id}/hold", {}),
        ):
            refused = somebody.post(address, json={**body, "reason": words})
            assert (refused.status_code, refused.get_json().get("code")) == (422, "words-blocked"), (address, words)
    assert county.post(f"/api/v1/cases/{case_id}/seal").status_code == 200
    refused = county.post(f"/api/v1/cases/{case_id}/unsealing", json={"reason": BLOCKED[0]})
    assert refused.get_json()["found"] == "前科"


def test_what_administrators_and_mediators_write_of_others_is_refused(library: None, system: System) -> None:
    admin, mediator = system("admin"), system("mediator")
    listed = admin.get("/api/v1/units").get_json()
    one, body = listed["mediators"][0], listed["items"][0]
    unit = {name: body[name] for name in UNIT}
    day, figure = "2031-05-05", {"metric": "人口", "year": 2020, "value": "1", "unit": "万人"}
    law = {"duration": "P30D", "rule": "", "law": "人民调解法 §33", "in_force_from": "2031-01-01"}
    for words in BLOCKED:
        for somebody, method, address, given in (
            (admin, "put", f"/api/v1/units/{body['id']}", {**unit, "name": words}),
            (admin, "post", f"/api/v1/units/{body['id']}/close", {"last_day": day, "reason": words}),
            (admin, "put", f"/api/v1/mediators/{one['account_id']}", {
                "unit_id": one["unit_id"], "specialities": [], "languages": ["local"], "skills": words
            }),
            (admin, "post", "/api/v1/calendar", {"first": day, "last": day, "working": False, "why": words}),
            (admin, "post", "/api/v1/deadlines/mediation.soft", {**law, "why": words}),
            (admin, "post", "/api/v1/published", {**figure, "method": words, "source": "公报"}),
            (mediator, "post", "/api/v1/mediators/declared", {"kind": "kin", "name": words, "phone": ""}),
        ):  # fmt: skip
            refused = getattr(somebody, method)(address, json=given)
            said = (refused.status_code, refused.get_json().get("code"))
            assert said == (422, "words-blocked"), (address, words, refused.get_json())


def test_what_is_said_is_marked_and_what_is_agreed_needs_a_ground(system: System, report: Report) -> None:
    duty, _, case_id = at_triage(system, report)
    do(duty, case_id, "triage")
    do(duty, case_id, "confirm")
    mediator = system("mediator")
    sitting = f"/api/v1/sittings/{planned(mediator, case_id)['id']}"
    moved = {"starts_at": soon(5), "place": "村委会", "reason": "他吸毒"}
    assert mediator.put(f"{sitting}/time", json=moved).get_json()["code"] == "words-blocked"
    noted = mediator.post(f"{sitting}/notes", json={"side": "applicant", "words": "他吸毒，还有前科"})
    assert noted.status_code == 201
    assert facts_of(case_id, "case.blocked_words_found") == [["drugs", "offences"]]
    clauses, clause = f"/api/v1/cases/{case_id}/clauses", {"by": "applicant", "words": "他去戒毒"}
    assert mediator.post(clauses, json=clause).get_json()["code"] == "facts-blocked"
    assert mediator.post(clauses, json={**clause, "keep_words": "subject"}).status_code == 201
    assert facts_of(case_id, "case.blocked_words_kept") == [["drugs"]]


def shown(page: str, words: str) -> bool:
    return f'value="{words}"' in page or f">{words}</textarea>" in page


def test_pages_show_again_what_was_typed(report: Report, system: System, signed_in: SomeoneSigned) -> None:
    made = report()
    case_id, words = str(made["id"]), BLOCKED[1]
    duty, county = signed_in("duty"), signed_in("county")
    task = f"/tasks/{task_of(system('duty'), case_id, 'triage')['id']}"
    duty.send(task, {}, to=f"{task}/claim")
    colleague = system("duty2").get("/api/v1/me").get_json()["id"]

    def refused(somebody: Browser, page: str, to: str, given: dict[str, str]) -> None:
        answer = somebody.send(page, {**given, "reason": words}, to=to)
        assert (answer.status_code, "“吸毒”" in answer.text, shown(answer.text, words)) == (422, True, True), to

    refused(duty, task, f"{task}/delegate", {"to": colleague})
    refused(duty, task, f"{task}/ask", {"person": colleague})
    assert county.send(f"/cases/{case_id}", {}, to=f"/cases/{case_id}/seal").status_code == 303
    refused(county, f"/cases/{case_id}", f"/cases/{case_id}/unseal", {})
