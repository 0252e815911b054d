"""A party signs with a code that went to their phone: once, in time, on the very paper that was sent to be read."""

import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from uuid import UUID

import pytest
from pypdf import PdfReader
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine import bundle, clock
from engine.cases import parties
from engine.cases.models import Case, Party
from engine.casework import filing, handing_out, signing_code
from engine.casework.signing_law import ESignatureBarred
from engine.notifications import codes
from tests.engine.casework.conftest import Work
from tests.engine.notifications.receiving import Gateway, configured, gateway
from tests.factories import actor


@pytest.fixture
def phones() -> Iterator[Gateway]:
    """The gateway to the parties' phones."""
    with gateway() as kept, configured(HEJIE_GATEWAY_URL=kept.url, HEJIE_ADDRESS="https://house.example"):
        yield kept


@dataclass
class Asking:
    """The agreement of a settled case, and a party who is asked to sign it."""

    session: Session
    work: Work
    phones: Gateway
    case: Case
    party: Party
    paper: UUID

    def send(self) -> tuple[UUID, str]:
        """Have a code sent; its address, and what the phone says."""
        mediator = actor(self.session, "mediator")
        made = signing_code.send(self.session, mediator, self.case.id, self.paper, party_id=self.party.id, locale="zh")
        self.session.flush()
        self.work()
        found = re.findall(r"验证码([0-9]{6})，", self.phones.texts[-1])
        return made.id, found[0]


@pytest.fixture
def asking(session: Session, settled: Case, work: Work, phones: Gateway) -> Asking:
    file = filing.case_file(session, actor(session, "mediator"), settled.id)
    paper = next(one.submission.id for one in file.papers if one.paper.key == "f11-agreement")
    party = next(one for one in parties.of_case(session, settled.id) if one.role == "applicant")
    party.phone = "0915-3300011"
    session.flush()
    return Asking(session, work, phones, settled, party, paper)


def test_the_code_signs_the_paper_that_was_read_and_no_other(session: Session, asking: Asking) -> None:
    """电子签名法 §13: by the holder of the phone alone, and any change shows."""
    code, digits = asking.send()
    waiting = signing_code.opened(session, code, digits)
    assert waiting.paper.key == "f11-agreement"
    made = signing_code.sign(session, code, digits, agreed=True)
    session.flush()
    assert (made.how, made.signer, made.phone) == ("code", asking.party.name, "0915****11")
    assert made.content == waiting.code.content
    assert asking.phones.texts[-1].count(f"https://house.example/sign/{code}") == 1
    with pytest.raises(codes.CodeOver):
        signing_code.sign(session, code, digits, agreed=True)


def test_the_file_and_the_bundle_tell_who_signed_by_which_phone(session: Session, asking: Asking) -> None:
    code, digits = asking.send()
    signing_code.sign(session, code, digits, agreed=True)
    session.flush()
    finished = filing.finish(session, actor(session, "mediator"), asking.case.id, {})
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(finished.content)).pages)
    assert f"签名人{asking.party.name}" in text
    assert "短信验证码，发至0915****11" in text
    made = handing_out.make_bundle(session, actor(session, "town"), asking.case.id, "court")
    assert bundle.verify(BytesIO(made)).ok


def test_a_bundle_shows_that_the_phone_was_altered(session: Session, asking: Asking) -> None:
    code, digits = asking.send()
    signing_code.sign(session, code, digits, agreed=True)
    session.flush()
    made = handing_out.make_bundle(session, actor(session, "town"), asking.case.id, "court")
    with zipfile.ZipFile(BytesIO(made)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("manifest")}
    [said] = json.loads(files["signatures.json"])
    forged = json.dumps([{**said, "phone": "0915****12"}]).encode()
    assert not bundle.verify(BytesIO(bundle.make({**files, "signatures.json": forged}, {}))).ok


def test_after_ten_minutes_or_another_code_it_is_over(session: Session, asking: Asking) -> None:
    first, digits = asking.send()
    with pytest.raises(codes.CodesTooMany):
        asking.send()
    with clock.virtual(clock.now() + timedelta(minutes=2)) as time:
        second, newer = asking.send()
        with pytest.raises(codes.CodeOver):
            signing_code.opened(session, first, digits)
        time.advance(timedelta(minutes=10))
        with pytest.raises(codes.CodeOver):
            signing_code.opened(session, second, newer)


def test_who_has_not_agreed_has_not_signed(session: Session, asking: Asking) -> None:
    """电子签名法 §3: the parties may choose not to."""
    code, digits = asking.send()
    with pytest.raises(signing_code.NotAgreed):
        signing_code.sign(session, code, digits, agreed=False)


def test_no_code_goes_out_where_the_law_or_secrecy_forbids_it(session: Session, asking: Asking) -> None:
    asking.case.category = "D02"
    session.flush()
    with pytest.raises(ESignatureBarred):
        asking.send()
    asking.case.category = "D03"
    code, digits = asking.send()
    asking.case.sealed = True
    session.flush()
    with pytest.raises(signing_code.SealedCase):
        signing_code.opened(session, code, digits)


def test_the_code_stands_in_no_table(session: Session, asking: Asking) -> None:
    """Neither as it is nor hashed: without the key the database tells nothing that could be tried out."""
    _, digits = asking.send()
    word = rf"(^|[^0-9a-f]){digits}([^0-9a-f]|$)"
    for table in ("phone_code", "delivery", "event", "procrastinate_jobs", "paper_signature"):
        told = text(f"SELECT count(*) FROM {table} WHERE (to_jsonb({table}) - 'content')::text ~ :word")
        assert session.scalar(told, {"word": word}) == 0, table
