"""A gateway, a mail server, a worker and a case for the tests of notifications."""

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from engine import casework
from engine.cases.models import Case
from engine.workflow import jobs
from tests.engine.notifications.receiving import Gateway, MailServer, configured, gateway, mail_server
from tests.engine.notifications.telling import Send
from tests.factories import LAND, actor


@pytest.fixture
def sms() -> Iterator[Gateway]:
    with gateway() as listening, configured(HEJIE_GATEWAY_URL=listening.url):
        yield listening


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with mail_server() as listening:
        more = {"HEJIE_SMTP_HOST": "127.0.0.1", "HEJIE_SMTP_PORT": str(listening.port), "HEJIE_SMTP_TLS": "none"}
        with configured(**more, HEJIE_SMTP_FROM="Hejie <hejie@house.example>", HEJIE_ADDRESS="https://hejie.example/"):
            yield listening


@pytest.fixture
def sent(house: None, session: Session) -> Iterator[Send]:
    """Does what the worker would."""
    with jobs.inline(session) as run:

        def do_now() -> None:
            session.flush()
            run()
            session.flush()

        yield do_now


@pytest.fixture
def case(house: None, session: Session) -> Case:
    return casework.report(session, actor(session, "grid"), LAND).case
