"""A sealed case is invisible (docs/access.md): every address that can be read is read by everybody who may not see it.

The addresses are those of the application itself, so a new page is in the test as soon as it is there.
"""

from collections.abc import Iterator
from html import unescape
from itertools import product
from typing import Any
from urllib.parse import unquote
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select

from engine import db
from engine.cases import parties
from engine.cases.models import Case, Party, Submission
from engine.documents import commands as documents
from engine.documents.models import Document
from engine.workflow.models import Instance, UserTask
from tests.api.conftest import LAND, Browser
from tests.api.steps import Report, System, do
from tests.api.test_people_of_cases import SomeoneSigned
from tests.api.test_sessions import planned

NOT_THEIRS = ("grid2", "duty", "petition", "hazard", "leader", "admin", "volunteer", "")
"""Those without an open step of it: whoever has one works on the case as long as that is open."""
WORDS, NAME, PHONE = "稀见字句甲乙丙占了我家的地", "示例欧阳密", "0915-3300078"
KEYS = {"key": ("civil-dispute",), "process": ("civil-dispute",)}
ASKED = ("/search?q={}", "/ledger?words={}", "/api/v1/search?q={}", "/api/v1/ledger?words={}", "/work?words={}")


@pytest.fixture
def sealed(report: Report, system: System) -> tuple[UUID, dict[str, list[str]], set[str]]:
    """A sealed dispute in the middle of its way: its ids by the names that addresses give them, and what is secret."""
    made = report({**LAND, "what": WORDS, "reporter_name": NAME, "reporter_phone": PHONE})
    case_id, number = made["id"], made["number"]
    do(system("duty"), case_id, "triage")
    do(system("duty"), case_id, "confirm")
    mediator = system("mediator")
    sitting = planned(mediator, case_id, place="稀见的地点")
    do(mediator, case_id, "consent")
    do(mediator, case_id, "register")
    key = UUID(case_id)
    with db.transaction() as session:
        photo = documents.store_upload(session, "x", "稀见的照片.png", b"\x89PNG\r\n\x1a\n")
        photo.case_id = key
        parties.put(session, session.get_one(Case, key), None, {"role": "third", "name": NAME, "phone": PHONE})
        session.flush()
        instances = session.scalars(select(Instance.id).where(Instance.stream == key)).all()
        found: dict[str, Any] = {
            "case_id": [key], "sitting_id": [sitting["id"]], "upload_id": [photo.id], "instance_id": instances,
            "task_id": session.scalars(select(UserTask.id).where(UserTask.stream == key, UserTask.state != "open")),
            "submission_id": session.scalars(select(Submission.id).where(Submission.case_id == key)),
            "party_id": session.scalars(select(Party.id).where(Party.case_id == key)),
            "definition_id": session.scalars(select(Instance.definition_id).where(Instance.stream == key)),
        }  # fmt: skip
        ids = {name: [str(one) for one in some][:3] for name, some in found.items()}
        numbers = session.scalars(select(Document.number).where(Document.case_id == key)).all()
    assert system("county").post(f"/api/v1/cases/{case_id}/seal").status_code == 200
    return key, ids, {number, WORDS, NAME, PHONE, "稀见的地点", "稀见的照片", *numbers}


def addresses(app: Flask, ids: dict[str, list[str]], words: set[str]) -> Iterator[str]:
    """Every address that can be read and whose parts are known here."""
    for rule in app.url_map.iter_rules():
        names = sorted(rule.arguments - set(rule.defaults or {}))
        known = [
            sorted(getattr(rule._converters[name], "items", ())) or ids.get(name) or KEYS.get(name, ())
            for name in names
        ]
        if "GET" in (rule.methods or ()) and rule.endpoint != "static" and all(known):
            for values in product(*known):
                made = rule.build({**(rule.defaults or {}), **dict(zip(names, values, strict=True))})
                assert made is not None, rule
                yield made[1]
    yield from (address.format(one) for address in ASKED for one in words)


def test_nobody_else_reads_of_a_sealed_case_anywhere(
    app: Flask, sealed: tuple[UUID, dict[str, list[str]], set[str]], signed_in: SomeoneSigned
) -> None:
    _, ids, secrets = sealed
    told = []
    everything = list(addresses(app, ids, secrets))
    assert len(everything) > 250
    for login in NOT_THEIRS:
        somebody = signed_in(login) if login else Browser(app.test_client(), {})
        for address in everything:
            answer = somebody.get(address)
            assert answer.status_code < 500 or answer.status_code == 503, (login, address)
            text, asked = unescape(answer.data.decode("utf-8", "replace")), unquote(address)
            told += [(login, address, one) for one in secrets if one in text and one not in asked]
    assert told == []
