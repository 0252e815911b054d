"""A party signs on the mediator's device: sealed with the paper they were shown, verified in the bundle."""

import base64
import hashlib
import json
import random
import struct
import zipfile
import zlib
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlalchemy.orm import Session

from engine import bundle
from engine.cases import parties
from engine.cases.models import Case, Party
from engine.casework import filing, handing_out, signing_drawn
from engine.casework.signing_law import ESignatureBarred
from engine.documents.models import PaperSignature
from tests.factories import actor


def drawing(seed: int = 1) -> str:
    """A PNG of 60 by 60 grey dots, which no packing makes small."""
    dots = random.Random(seed)
    rows = b"".join(b"\0" + bytes(dots.randrange(256) for _ in range(60)) for _ in range(60))
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", 60, 60, 8, 0, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in chunks
    )
    return "data:image/png;base64," + base64.b64encode(png).decode()


@pytest.fixture
def paper(session: Session, settled: Case) -> filing.Filed:
    """The agreement."""
    file = filing.case_file(session, actor(session, "mediator"), settled.id)
    return next(one for one in file.papers if one.paper.key == "f11-agreement")


@pytest.fixture
def party(session: Session, settled: Case) -> Party:
    return next(one for one in parties.of_case(session, settled.id) if one.role == "applicant")


def sign(session: Session, case: Case, paper: filing.Filed, party: Party) -> PaperSignature:
    mediator = actor(session, "mediator")
    _, signers, pdf = signing_drawn.shown(session, mediator, case.id, paper.submission.id)
    assert party in signers
    made = signing_drawn.sign(
        session, mediator, case.id, paper.submission.id, party_id=party.id, drawing=drawing(),
        digest=hashlib.sha256(pdf).hexdigest(),
    )  # fmt: skip
    session.flush()
    return made


def test_the_seal_holds_paper_drawing_signer_and_witness(
    session: Session, settled: Case, paper: filing.Filed, party: Party
) -> None:
    """电子签名法 §13: whoever signed alone, and any change shows."""
    made = sign(session, settled, paper, party)
    said = json.loads(signing_drawn.statement(made))
    assert said[1] == hashlib.sha256(made.content or b"").hexdigest()
    assert (said[3], said[4]) == (party.name, actor(session, "mediator").id)


def test_a_bundle_shows_that_a_signature_was_altered(
    session: Session, settled: Case, paper: filing.Filed, party: Party
) -> None:
    sign(session, settled, paper, party)
    made = handing_out.make_bundle(session, actor(session, "town"), settled.id, "court")
    assert bundle.verify(BytesIO(made)).ok
    with zipfile.ZipFile(BytesIO(made)) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if not name.startswith("manifest")}
    forged = {**files, "signed/01.png": files["signed/01.png"] + b"x"}
    verdict = bundle.verify(BytesIO(bundle.make(forged, {})))
    assert verdict.problems == (f"The signature of {party.name} does not fit: signed/01.pdf",)


def test_the_finished_file_tells_who_signed_before_whom(
    session: Session, settled: Case, paper: filing.Filed, party: Party
) -> None:
    sign(session, settled, paper, party)
    made = filing.finish(session, actor(session, "mediator"), settled.id, {})
    text = "".join("".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages)
    assert "电子签名记录" in text
    assert f"签名人{party.name}" in text
    assert "在场的调解员示例调解员·民主村" in text
    assert "《人民调解协议书》当面手写（电子）签名" in text


def test_a_paper_that_changed_meanwhile_is_not_signed(
    session: Session, settled: Case, paper: filing.Filed, party: Party
) -> None:
    with pytest.raises(signing_drawn.PaperChanged):
        signing_drawn.sign(
            session, actor(session, "mediator"), settled.id, paper.submission.id, party_id=party.id, drawing=drawing(),
            digest="0" * 64,
        )  # fmt: skip


@pytest.mark.parametrize("drawn", ["", "data:image/png;base64,AAAA", "data:text/html;base64,AAAA", "nonsense"])
def test_an_empty_field_is_no_signature(
    session: Session, settled: Case, paper: filing.Filed, party: Party, drawn: str
) -> None:
    with pytest.raises(signing_drawn.DrawingUnfit):
        signing_drawn.sign(
            session, actor(session, "mediator"), settled.id, paper.submission.id, party_id=party.id, drawing=drawn,
            digest="",
        )  # fmt: skip


def test_papers_of_marriage_and_inheritance_are_signed_by_hand(
    session: Session, settled: Case, paper: filing.Filed
) -> None:
    """电子签名法 §3."""
    settled.category = "D02"
    session.flush()
    with pytest.raises(ESignatureBarred):
        signing_drawn.shown(session, actor(session, "mediator"), settled.id, paper.submission.id)
