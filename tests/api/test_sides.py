"""A party's own code on the pages and through REST: from the slip to the choice, and never a word of who reported."""

import re
from collections.abc import Callable
from html import unescape
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from engine import db
from engine.cases import parties
from engine.cases.models import Case
from engine.people.models import FailedSignIn
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do, do_all
from tests.factories import LAND

Signed = Callable[[str], Browser]
WORDS, NAME, NEIGHBOUR, PHONE = "稀见字句占了李家的地", "示例司马邻", "0915-3300021", "0915-3300077"
SECRETS = (WORDS, NAME, NEIGHBOUR, "3300021", "示例甲", "0915-3300088", "稀见的地点")
CODE = re.compile(r'<strong class="code">(\w{10})</strong>')


@pytest.fixture
def visitor(client: FlaskClient) -> Browser:
    """Somebody without an account."""
    return Browser(client, {"Accept-Language": "zh"})


@pytest.fixture
def respondent(report: Report, system: System) -> tuple[str, str]:
    """A neighbour's report that waits for its mediator to be chosen: the ids of its case and respondent."""
    told = {
        **LAND,
        "what": WORDS,
        "where": "钟宝镇民主村稀见的地点",
        "reporter_name": NAME,
        "reporter_phone": NEIGHBOUR,
    }
    case_id = str(report(told)["id"])
    for element, login in (("triage", "duty"), ("confirm", "duty"), ("consent", "mediator"), ("register", "mediator")):
        do(system(login), case_id, element)
    with db.transaction() as session:
        case = session.get_one(Case, UUID(case_id))
        sides = {one.role: one for one in parties.of_case(session, case.id)}
        parties.put(session, case, None, {"phone": "0915-3300088"}, sides["applicant"])
        parties.put(session, case, None, {"phone": PHONE}, sides["respondent"])
        return case_id, str(sides["respondent"].id)


def slip(browser: Browser, case_id: str, party_id: str) -> str:
    """The code on a fresh slip."""
    page = f"/cases/{case_id}/parties/{party_id}"
    made = browser.send(page, {}, to=f"{page}/code")
    assert made.status_code == 200 and "no-store" in made.headers["Cache-Control"]
    found = CODE.search(made.text)
    assert found, made.text
    return found[1]


def test_a_party_goes_from_the_slip_to_the_choice(
    visitor: Browser, respondent: tuple[str, str], signed_in: Signed, system: System
) -> None:
    case_id, party_id = respondent
    mediator = signed_in("mediator")
    assert f"/parties/{party_id}#code" in mediator.get(f"/cases/{case_id}").text
    proof = {"code": slip(mediator, case_id, party_id), "phone": PHONE}
    page = visitor.send("/follow", proof)
    assert page.status_code == 200 and "您的调解" in page.text and proof["code"] not in page.request.url
    asked = visitor.send("/follow", {**proof, "_action": "open"}, to="/follow/side/choose")
    wanted = system("mediator2").get("/api/v1/me").get_json()["id"]
    assert wanted in asked.text
    chosen = visitor.send(
        "/follow", {**proof, "mediator": wanted, "idempotency_key": "0123456789abcdef"}, to="/follow/side/choose"
    )
    assert "已经记下" in chosen.text
    for text in (page.text, asked.text, chosen.text):
        assert [one for one in SECRETS if one in unescape(text)] == []
    told = mediator.get(f"/cases/{case_id}", headers={"Accept-Language": "zh"}).text
    assert all(one in told for one in ("给了当事人查询码：被申请人", "当事人选了调解员：被申请人"))
    file = told[told.index('id="file"') : told.index('id="parties"')]
    assert "示例调解员·民主村二" in file and wanted not in file, "the file names whom they want"
    task = re.search(r"/tasks/[0-9a-f-]{36}", told)
    assert task and "被申请人: 示例调解员·民主村二" in mediator.get(task[0], headers={"Accept-Language": "zh"}).text
    assert (
        mediator.send(
            f"/cases/{case_id}/parties/{party_id}", {}, to=f"/cases/{case_id}/parties/{party_id}/code/withdrawal"
        ).status_code
        == 303
    )
    assert visitor.send("/follow", proof).status_code == 404


def test_a_party_follows_through_rest_and_nobody_else_is_named(
    visitor: Browser, respondent: tuple[str, str], system: System
) -> None:
    case_id, party_id = respondent
    address = f"/api/v1/cases/{case_id}/parties/{party_id}/code"
    mediator, grid = system("mediator"), system("grid")
    assert grid.post(address).get_json()["code"] == "not-for-your-role"
    made = mediator.post(address)
    assert made.status_code == 201
    proof = {"tracking_code": made.get_json()["tracking_code"], "phone": PHONE}
    followed = visitor.post("/api/v1/mediations/follow", json=proof)
    assert followed.status_code == 200 and followed.get_json()["may"] == ["choose", "end"]
    wanted = system("mediator2").get("/api/v1/me").get_json()["id"]
    given = {**proof, "answers": {"mediator": wanted}}
    chosen = visitor.post("/api/v1/mediations/mediator", json=given)
    assert chosen.status_code == 200
    for answer in (followed, chosen):
        assert [one for one in SECRETS if one in str(answer.get_json())] == []
    wrong = visitor.post("/api/v1/mediations/mediator", json={**given, "answers": {"mediator": party_id}})
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "answers-invalid")
    assert visitor.post("/api/v1/reports/follow", json=proof).status_code == 404, "it is no reporter's code"
    assert mediator.delete(address).status_code == 204
    assert visitor.post("/api/v1/mediations/follow", json=proof).get_json()["code"] == "case-unknown"


def test_whoever_guesses_at_a_partys_code_waits(visitor: Browser, respondent: tuple[str, str], system: System) -> None:
    case_id, party_id = respondent
    code = system("mediator").post(f"/api/v1/cases/{case_id}/parties/{party_id}/code").get_json()["tracking_code"]
    for _ in range(5):
        assert visitor.send("/follow", {"code": code, "phone": NEIGHBOUR}).status_code == 404
        assert visitor.post("/api/v1/mediations/follow", json={"tracking_code": code, "phone": ""}).status_code == 404
    right = visitor.post("/api/v1/mediations/follow", json={"tracking_code": code, "phone": PHONE})
    assert (right.status_code, right.get_json()["code"]) == (429, "too-many-attempts")
    assert visitor.send("/follow", {"code": code, "phone": PHONE}, to="/follow/side/choose").status_code == 429
    with db.transaction() as session:
        assert all(code not in one.key for one in session.query(FailedSignIn)), "what was tried is stored nowhere"


def test_a_party_asks_a_mediator_to_stand_aside_on_the_page_and_through_rest(
    visitor: Browser, respondent: tuple[str, str], system: System
) -> None:
    case_id, party_id = respondent
    mediator, named = system("mediator"), system("mediator2").get("/api/v1/me").get_json()["id"]
    do(mediator, case_id, "mediator", mediator=named)
    do_all()
    code = mediator.post(f"/api/v1/cases/{case_id}/parties/{party_id}/code").get_json()["tracking_code"]
    proof = {"code": code, "phone": PHONE}
    asked = visitor.send("/follow", {**proof, "_action": "open"}, to="/follow/side/recuse").text
    assert named in asked and "示例调解员·民主村二" in asked and asked.count("<option") == 2, (
        "of those who mediate alone"
    )
    empty = visitor.send("/follow", {**proof, "mediator": named}, to="/follow/side/recuse")
    assert empty.status_code == 422 and PHONE in empty.text, "what was typed is still there"
    given = {"mediator": named, "ground": "other", "reason": "上次偏袒对方"}
    told = visitor.post(
        "/api/v1/mediations/recusal", json={"tracking_code": code, "phone": PHONE, "answers": given}
    )  # fmt: skip
    assert (told.status_code, told.get_json()["may"]) == (200, ["end"])
    early = visitor.post("/api/v1/mediations/rating", json={"tracking_code": code, "phone": PHONE, "answers": {}})
    assert (early.status_code, early.get_json()["code"]) == (409, "not-now")
    assert "上次偏袒对方" in str(mediator.get(f"/api/v1/cases/{case_id}/file").get_json())


def test_a_party_ends_the_mediation_on_the_page_and_through_rest(
    visitor: Browser, respondent: tuple[str, str], system: System
) -> None:
    """人民调解法 §23."""
    case_id, party_id = respondent
    code = system("mediator").post(f"/api/v1/cases/{case_id}/parties/{party_id}/code").get_json()["tracking_code"]
    proof = {"code": code, "phone": PHONE}
    asked = visitor.send("/follow", {**proof, "_action": "open"}, to="/follow/side/end")
    assert "I am sure" in asked.text or "我确定要终止调解" in asked.text
    unsure = visitor.send("/follow", {**proof, "reason": "unwilling"}, to="/follow/side/end")
    assert unsure.status_code == 422
    ended = visitor.send("/follow", {**proof, "reason": "unwilling", "sure": "true"}, to="/follow/side/end")
    assert ended.status_code == 200 and 'action="/follow/side/end"' not in ended.text
    again = {"tracking_code": code, "phone": PHONE, "answers": {"reason": "unwilling", "sure": True}}
    late = visitor.post("/api/v1/mediations/ending", json=again)
    assert (late.status_code, late.get_json()["code"]) == (409, "not-now")
