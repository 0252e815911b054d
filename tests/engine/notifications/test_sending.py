"""What leaves the house: signed to a gateway, as mail, tried again with rests, given up with a reason."""

import hashlib
import hmac
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import casework, notifications
from engine.cases.models import Case
from engine.keys import key
from engine.notifications import channels
from engine.notifications.models import Delivery
from tests.engine.notifications.receiving import Gateway, MailServer
from tests.engine.notifications.telling import DAY, Send, at, outbox, prefers, reads
from tests.factories import actor


def test_the_gateway_gets_a_signed_message_once(session: Session, case: Case, sms: Gateway, sent: Send) -> None:
    prefers(session, "duty", phone="138 0000-0000", choices={"mention": ["gateway"]})
    with at(DAY):
        notifications.tell(session, [actor(session, "duty").id], "mention", case.id, by=actor(session, "duty2").id)
        sent()
        sent()
    [(headers, body)] = sms.came
    made = hmac.new(key("gateway"), headers["Hejie-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
    assert headers["Hejie-Signature"] == f"sha256={made}"
    assert headers["Idempotency-Key"] == str(session.scalars(select(Delivery.id)).one())
    assert b'"to": "13800000000"' in body
    assert outbox(session) == [("sent", 1, None)]
    assert reads(session, "duty") == [], "they chose the gateway alone"


def test_a_gateway_that_fails_is_tried_again_with_rests_and_then_given_up(
    session: Session, case: Case, sms: Gateway, sent: Send
) -> None:
    prefers(session, "duty", phone="13800000000", choices={"mention": ["gateway"]})
    sms.answers = [503] * 8
    with at(DAY) as time_is:
        notifications.tell(session, [actor(session, "duty").id], "mention", case.id, by=actor(session, "duty2").id)
        sent()
        sent()
        assert outbox(session) == [("waiting", 1, "HTTP 503")], "the rest is kept"
        for _ in range(10):
            time_is.advance(timedelta(days=1))
            sent()
        assert outbox(session) == [("failed", 8, "HTTP 503")]
        casework.outbox.again(session, actor(session, "admin"), session.scalars(select(Delivery.id)).one())
        sent()
    assert outbox(session) == [("sent", 1, None)]
    assert len({headers["Idempotency-Key"] for headers, _ in sms.came}) == 1, "the gateway can tell that it is one"


@pytest.mark.parametrize("status", [302, 400, 401])
def test_what_the_gateway_will_never_take_is_given_up_at_once(
    session: Session, case: Case, sms: Gateway, sent: Send, status: int
) -> None:
    prefers(session, "duty", phone="13800000000", choices={"mention": ["gateway"]})
    sms.answers = [status]
    with at(DAY):
        notifications.tell(session, [actor(session, "duty").id], "mention", case.id)
        sent()
    assert outbox(session) == [("failed", 1, f"HTTP {status}")]
    assert len(sms.came) == 1, "a redirect is not followed"


@pytest.mark.parametrize(
    "url",
    ["http://gateway.example/", "https://gateway.example/?key=1", "https://a:b@gateway.example/", "ftp://localhost/"],
)
def test_only_a_safe_gateway_is_called(url: str) -> None:
    with pytest.raises(channels.SendingFailed):
        channels.gateway_address(url)


def test_a_mail_says_no_more_than_number_and_kind(session: Session, case: Case, mail: MailServer, sent: Send) -> None:
    prefers(session, "duty", email="duty@house.example")
    with at(DAY):
        notifications.tell(session, [actor(session, "duty").id], "fact", case.id)
        sent()
    [raw] = mail.came
    read = message_from_bytes(raw, policy=policy.default)
    body = read.get_content()  # type: ignore[attr-defined]
    assert case.number in body and "https://hejie.example/notifications" in body
    assert case.words not in body and case.place not in body
    assert read["Auto-Submitted"] == "auto-generated"
    assert str(session.scalars(select(Delivery.id)).one()) in read["Message-ID"]


def test_a_mail_that_is_refused_names_no_address(session: Session, case: Case, mail: MailServer, sent: Send) -> None:
    prefers(session, "duty", email="nobody@house.example")
    mail.refuses = 550
    with at(DAY):
        notifications.tell(session, [actor(session, "duty").id], "fact", case.id)
        sent()
    assert outbox(session) == [("failed", 1, "SMTP 550: recipient refused")]
