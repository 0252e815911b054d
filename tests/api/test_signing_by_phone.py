"""A party signs from a phone that nobody is signed in with: pages and REST, what is refused, what is counted."""

import re
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from engine import db
from engine.cases.models import Party
from engine.notifications import codes
from engine.notifications.delivering import deliver
from engine.notifications.models import Delivery, PhoneCode
from tests.api.conftest import Browser
from tests.api.steps import Report, System, do
from tests.engine.notifications.receiving import Gateway, configured, gateway

SomeoneSigned = Callable[[str], Browser]


@pytest.fixture
def phones() -> Iterator[Gateway]:
    with gateway() as kept, configured(HEJIE_GATEWAY_URL=kept.url):
        yield kept


@pytest.fixture
def paper(report: Report, system: System) -> tuple[str, str, str]:
    """A case with a paper and a party who can be reached: the address of the paper, of its REST, and the party."""
    case = report()["id"]
    do(system("duty"), case, "triage")
    papers = system("duty").get(f"/api/v1/cases/{case}/papers").get_json()["items"]
    with db.transaction() as session:
        party = Party(id=uuid4(), case_id=UUID(case), role="applicant", name="示例人", phone="0915-3300011")
        session.add(party)
        party_id = str(party.id)
    paper = papers[0]["submission_id"]
    return f"/cases/{case}/papers/{paper}/sign", f"/api/v1/cases/{case}/papers/{paper}/codes", party_id


def arrived(phones: Gateway) -> str:
    """What the worker sends, as the phone shows it: the six digits."""
    with db.transaction() as session:
        for one in session.scalars(
            select(Delivery.id).where(Delivery.state == "waiting", Delivery.code_id.is_not(None))
        ):
            deliver(session, str(one))
    return re.findall(r"[0-9]{6}", phones.texts[-1])[0]


def test_a_party_reads_and_signs_on_their_own_phone(
    app: Flask, paper: tuple[str, str, str], signed_in: SomeoneSigned, phones: Gateway
) -> None:
    sign, _, party = paper
    sent = signed_in("duty").send(sign, {"do": "code", "signer": party, "locale": "zh"})
    assert sent.status_code == 303
    digits, address = arrived(phones), sent.location.partition("?")[0]
    assert digits not in sent.location
    own = Browser(app.test_client(), {})
    before = own.get(address).text
    assert "示例人" not in before, "without the code the page says nothing of a case"
    assert own.send(address, {"do": "open", "code": digits}).status_code == 200
    read = own.send(address, {"do": "paper", "code": digits})
    assert read.data.startswith(b"%PDF-")
    refused = own.send(address, {"do": "sign", "code": digits})
    assert refused.status_code == 422
    assert f'value="{digits}"' in refused.text, "nothing that was typed is lost"
    assert "0915****11" in own.send(address, {"do": "sign", "code": digits, "agreed": "yes"}).text
    again = own.client.get(address)
    assert "csrf" not in again.text.partition("<main")[2].partition("</main>")[0], "there is nothing to type any more"


def test_five_wrong_answers_and_the_code_is_over(
    app: Flask, paper: tuple[str, str, str], system: System, phones: Gateway
) -> None:
    _, rest, party = paper
    made = system("duty").post(rest, json={"party_id": party}).get_json()
    assert set(made) == {"id", "phone", "expires_at"}
    assert made["phone"] == "0915****11"
    digits = arrived(phones)
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    nobody, address = app.test_client(), f"/api/v1/signing/{made['id']}"
    for _ in range(codes.TRIES):
        assert nobody.post(address, json={"code": wrong, "agreed": True}).get_json()["code"] == "code-wrong"
    assert nobody.post(address, json={"code": digits, "agreed": True}).get_json()["code"] == "code-over"
    assert nobody.post(f"{address}/paper", json={"code": digits}).status_code == 409
    with db.transaction() as session:
        assert session.get_one(PhoneCode, UUID(made["id"])).tries == codes.TRIES


def test_through_rest_it_is_the_same_signature(
    app: Flask, paper: tuple[str, str, str], system: System, phones: Gateway
) -> None:
    _, rest, party = paper
    made = system("duty").post(rest, json={"party_id": party, "locale": "en"}).get_json()
    digits, nobody = arrived(phones), app.test_client()
    assert "Read the paper first" in phones.texts[-1]
    address = f"/api/v1/signing/{made['id']}"
    assert nobody.post(f"{address}/paper", json={"code": digits}).data.startswith(b"%PDF-")
    assert nobody.post(address, json={"code": digits, "agreed": False}).get_json()["code"] == "not-agreed"
    signed = nobody.post(address, json={"code": digits, "agreed": True})
    assert (signed.status_code, signed.get_json()["how"]) == (201, "code")
    assert system("mediator2").post(rest, json={"party_id": party}).status_code in (403, 404)


def test_a_house_without_a_gateway_says_so(
    paper: tuple[str, str, str], system: System, signed_in: SomeoneSigned
) -> None:
    sign, rest, party = paper
    assert system("duty").post(rest, json={"party_id": party}).get_json()["code"] == "no-gateway"
    assert 'value="code"' not in signed_in("duty").get(sign).text
