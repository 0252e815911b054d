"""The file of a settled dispute: papers, cover and index, numbers, signatures, bundles that can be verified."""

import zipfile
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine import bundle, casework, clock, events, papers
from engine.cases import blocklist, holds, parties
from engine.cases.models import Case
from engine.cases.permissions import NotForYourRole
from engine.cases.queries import submissions
from engine.cases.retention import Held, NotDue
from engine.casework import filing, handing_out, signing_law
from engine.documents import commands as documents
from engine.documents import papers as templates
from engine.documents import queries
from engine.errors import Forbidden
from engine.papers import TemplateInvalid
from engine.people.commands import SignInRefused
from engine.people.models import Unit
from engine.workflow.models import Instance, Received
from tests.factories import actor

NUMBER, MASKED = "610927188506123017", "610927********3017"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360f8cfc000000003000100ffdd8db00000000049454e44ae426082"
)


def words(pdf: bytes) -> list[str]:
    """The text of each page, without blanks."""
    return ["".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def agreement(session: Session, case: Case) -> filing.Filed:
    file = filing.case_file(session, actor(session, "mediator"), case.id)
    return next(one for one in file.papers if one.paper.key == "f11-agreement")


def test_the_agreement_prints_what_was_agreed_with_its_number(session: Session, settled: Case) -> None:
    one = agreement(session, settled)
    assert one.document is not None
    mediator = actor(session, "mediator")
    pdf = filing.paper(session, mediator, settled.id, one.submission.id, "pdf", "zh")
    text = "".join(words(pdf))
    for expected in (
        "人民调解协议书",
        one.document.number,
        "李家退还所占土地",
        "示例甲",
        "示例乙",
        "双方当事人各收到本协议书一份",
        "民主村人民调解委员会",
    ):
        assert expected in text
    written = docx.Document(BytesIO(filing.paper(session, mediator, settled.id, one.submission.id, "docx", "zh")))
    cells = [cell.text for table in written.tables for row in table.rows for cell in row.cells]
    assert "李家退还所占土地" in "".join(paragraph.text for paragraph in written.paragraphs)
    assert "示例乙" in cells
    assert filing.paper(session, mediator, settled.id, one.submission.id, "png", "zh").startswith(b"\x89PNG")


def test_the_finished_file_has_cover_index_with_pages_papers_and_note(session: Session, settled: Case) -> None:
    made = filing.finish(session, actor(session, "mediator"), settled.id, {"f6-identity": "当事人未带证件"})
    pages = words(made.content)
    assert "人民调解卷宗" in pages[0]
    assert agreement(session, settled).document.number in pages[0]  # type: ignore[union-attr]
    assert "卷内目录" in pages[1]
    first = next(place for place, text in enumerate(pages) if "反映登记" in text and place > 1)
    page_of_agreement = next(place for place, text in enumerate(pages) if "经调解，自愿达成如下协议" in text)
    assert first == 2
    assert f"人民调解协议书{page_of_agreement - first + 1}" in pages[1], "the index names the page it stands on"
    assert any("卷宗情况说明" in text and "当事人未带证件" in text for text in pages[2:])
    assert not any("研判" in text for text in pages), "what is written for those inside goes into no file"
    assert any("结案报告表" in text for text in pages[-3:-1]), "with a line for each paper it may take two pages"
    assert f"本卷共计{len(pages) - 3}页" in pages[-1], "as many as the index counts"
    chosen = next(text for text in pages[2:] if text.startswith("选定、指定人民调解员记录"))
    assert "示例调解员·民主村" in chosen
    assert "在办" not in chosen, "what a directory says of a mediator's day belongs in no file"
    assert "另一方是谁" not in pages[2], "what nobody answered is no gap in the file"
    assert "卷宗封底" in pages[-1]
    assert b"pdfaid" in made.content, "an archive can take it (PDF/A)"


def test_an_excerpt_stands_for_the_copies_of_identity_papers(session: Session, settled: Case) -> None:
    parties.put(session, settled, None, {"id_number": NUMBER}, parties.of_case(session, settled.id)[0])
    pages = words(filing.finish(session, actor(session, "mediator"), settled.id, {}).content)
    assert any("当事人身份证明（摘录）" in text and MASKED in text for text in pages)
    assert not any("卷宗情况说明" in text for text in pages[2:])


def test_the_package_for_outside_has_what_is_known_and_room_for_the_rest(session: Session, settled: Case) -> None:
    pages = words(filing.package(session, actor(session, "mediator"), settled.id))
    assert len(pages) >= 5
    assert "示例甲" in pages[0]
    assert not [mark for text in pages for mark in ("\ue001", "李家退还") if mark in text]


def test_an_open_case_s_file_is_not_finished_and_others_do_not_finish_it(session: Session, settled: Case) -> None:
    with pytest.raises(NotForYourRole):
        filing.finish(session, actor(session, "grid"), settled.id, {})
    settled.closed_at = None
    session.flush()
    with pytest.raises(filing.CaseStillOpen):
        filing.finish(session, actor(session, "mediator"), settled.id, {})


def test_a_void_number_stays_and_the_next_one_follows(session: Session, settled: Case) -> None:
    document = agreement(session, settled).document
    assert document is not None
    with pytest.raises(documents.VoidReasonMissing):
        documents.void(session, document, "m1", reason=" ")
    documents.void(session, document, "m1", reason="写错当事人")
    session.flush()
    again = templates.file_number(session, settled, "m1")
    assert int(again[-4:-1]) == int(document.number[-4:-1]) + 1
    listed = [one.number for one, _ in queries.numbers(session, actor(session, "duty"))]
    assert {again, document.number} <= set(listed)
    with pytest.raises(documents.AlreadyVoid):
        documents.void(session, document, "m1", reason="again")


def test_an_administrator_replaces_a_template_and_nobody_else(session: Session, settled: Case) -> None:
    one = agreement(session, settled)
    admin, mediator = actor(session, "admin"), actor(session, "mediator")
    with pytest.raises(Forbidden):
        templates.replace_template(session, mediator, "f11-agreement", "# x")
    with pytest.raises(TemplateInvalid):
        templates.replace_template(session, admin, "f11-agreement", "{{ a.")
    templates.replace_template(session, admin, "f11-agreement", "# 本县协议书\n{{ a.content }}")
    session.flush()
    text = "".join(words(filing.paper(session, mediator, settled.id, one.submission.id, "pdf", "zh")))
    assert text.startswith("本县协议书李家退还所占土地")


@pytest.mark.parametrize("template", ["{{ ''.__class__.__mro__ }}", "{{ cycler.__init__.__globals__ }}"])
def test_a_template_reaches_nothing_but_its_facts(template: str) -> None:
    assert papers.fill(template, {}) == ()


def test_words_of_people_never_become_lines_of_the_paper() -> None:
    blocks = papers.fill("| {{ name }} | x |", {"name": "甲\n# 标题\n|乙|~丙"})
    assert [block.kind for block in blocks] == ["row"]
    assert blocks[0].texts == ("甲\n# 标题\n|乙|～丙", "x")


def test_signing_by_hand_and_electronically(session: Session, settled: Case) -> None:
    one, mediator = agreement(session, settled), actor(session, "mediator")
    handing_out.sign_by_hand(session, mediator, settled.id, one.submission.id, "签名.png", PNG)
    with pytest.raises(SignInRefused):
        handing_out.sign_electronically(session, mediator, settled.id, one.submission.id, "wrong")
    handing_out.sign_electronically(session, mediator, settled.id, one.submission.id, "hejie-demo-2026")
    session.flush()
    assert [one.how for one in handing_out.signatures(session, settled.id)] == ["wet", "electronic"]


@pytest.mark.parametrize("category", ["D01", "D02"], ids=["电子签名法 §3 marriage", "电子签名法 §3 inheritance"])
def test_family_status_is_signed_by_hand_only(session: Session, settled: Case, category: str) -> None:
    settled.category = category
    with pytest.raises(signing_law.ESignatureBarred):
        handing_out.sign_electronically(
            session, actor(session, "mediator"), settled.id, agreement(session, settled).submission.id, "x"
        )


def test_a_bundle_for_the_court_is_whole_signed_and_shows_tampering(session: Session, settled: Case) -> None:
    party = parties.of_case(session, settled.id)[0]
    parties.put(session, settled, None, {"id_number": NUMBER}, party)
    duty = actor(session, "duty")
    with pytest.raises(NotForYourRole):
        handing_out.make_bundle(session, actor(session, "grid"), settled.id, "court")
    with pytest.raises(handing_out.RecipientMissing):
        handing_out.make_bundle(session, duty, settled.id, "friend")
    content = handing_out.make_bundle(session, duty, settled.id, "court")
    verdict = bundle.verify(BytesIO(content), expected_key=bundle.public_key())
    assert verdict.ok
    assert verdict.facts["case"] == settled.number
    assert "history.json" in verdict.files
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert NUMBER in "".join(words(archive.read("file.pdf")))
    other = handing_out.make_bundle(session, duty, settled.id, "other")
    with zipfile.ZipFile(BytesIO(other)) as archive:
        text = "".join(words(archive.read("file.pdf")))
        assert NUMBER not in text
        assert MASKED in text
    assert not bundle.verify(BytesIO(content), expected_key="00" * 32).ok
    for problem, altered in altered_bundles(content):
        assert any(problem in found for found in bundle.verify(BytesIO(altered)).problems), problem
    assert not bundle.verify(BytesIO(b"no zip")).ok


def altered_bundles(content: bytes) -> list[tuple[str, bytes]]:
    """The same bundle with a file changed, one more, one less, and another manifest."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}

    def packed(changed: dict[str, bytes]) -> bytes:
        made = BytesIO()
        with zipfile.ZipFile(made, "w") as archive:
            for name, body in changed.items():
                archive.writestr(name, body)
        return made.getvalue()

    less = {name: body for name, body in files.items() if name != "history.json"}
    return [
        ("Altered", packed({**files, "history.json": b"[]"})),
        ("not listed", packed({**files, "more.txt": b"x"})),
        ("not there", packed(less)),
        ("signature", packed({**files, "manifest.json": files["manifest.json"].replace(b"court", b"other")})),
    ]


def test_a_file_whose_time_is_up_leaves_no_words_no_scans_and_no_pdf(session: Session, settled: Case) -> None:
    mediator, officer = actor(session, "mediator"), actor(session, "county")
    filing.finish(session, mediator, settled.id, {})
    handing_out.sign_by_hand(session, mediator, settled.id, agreement(session, settled).submission.id, "签名.png", PNG)
    with pytest.raises(NotDue):
        casework.erase(session, officer, settled.id)
    assert session.query(Received).count() > 0
    for one in queries.uploads_of_case(session, settled.id):
        one.taken_at, one.latitude, one.longitude = clock.now(), 31.9, 109.5
    settled.closed_at = clock.now() - timedelta(days=31 * 366)
    session.flush()
    casework.erase(session, officer, settled.id)
    session.flush()
    session.expire_all()
    assert [one.content for one in templates.finished(session, settled.id)] == [b""]
    assert [one.content for one in queries.uploads_of_case(session, settled.id)] == [b""]
    assert [one.latitude for one in queries.uploads_of_case(session, settled.id)] == [None], "where a photo was taken"
    assert not any(one.answers for one in submissions(session, settled.id))
    came = select(Received).join(Instance, Instance.id == Received.instance_id).where(Instance.stream == settled.id)
    assert session.scalars(came).all() == []
    assert agreement(session, settled).document is not None, "its number stays"


def test_a_held_file_is_not_erased_until_it_is_let_go(session: Session, settled: Case) -> None:
    """个人信息保护法 §47: what a court still needs is kept although its time is up."""
    keeper = actor(session, "county")
    holds.hold(session, keeper, settled.id, "示例法院来函")
    with clock.virtual(clock.now()) as time:
        time.advance(timedelta(days=31 * 366))
        with pytest.raises(Held):
            casework.erase(session, keeper, settled.id)
        holds.let_go(session, keeper, settled.id, "诉讼已结束")
        assert casework.erase(session, keeper, settled.id).words == "（保管期满，已删除）"


def test_contacts_are_masked_for_whoever_only_sees_the_case(session: Session, settled: Case) -> None:
    """个人信息保护法 §51: the grid worker of another report sees who it is about, not how to reach them."""
    party = parties.put(session, settled, None, {"role": "third", "name": "示例丙", "phone": "0915-3300020",
                                                 "address": "民主村三组十二号"})  # fmt: skip
    seen = {one.id: one for one in casework.case_page(session, actor(session, "grid2"), settled.id).people.parties}
    assert (seen[party.id].phone, seen[party.id].address) == ("0915****20", "民主…")
    whole = {one.id: one for one in casework.case_page(session, actor(session, "mediator"), settled.id).people.parties}
    assert whole[party.id].phone == "0915-3300020"
    session.flush()
    session.expire(party)
    assert party.phone == "0915-3300020", "masking is for the eye alone"


def test_words_that_must_not_be_kept_are_covered_in_what_is_printed(session: Session, house: None) -> None:
    """治安管理处罚法（2025）§136: the report goes through, its words are covered on papers and in exports."""
    told = {"what": "他吸毒，身份证610927188506123017", "where": "民主村", "urgency": "ordinary"}
    case = casework.report(session, actor(session, "grid"), told).case
    kinds = [one.kind for one in events.of_stream(session, case.id)]
    assert "case.blocked_words_found" in kinds
    assert blocklist.covered(case.words) == "他▇▇，身份证▇▇"


def test_a_paper_keeps_the_name_of_the_committee_that_was_closed_since(session: Session, settled: Case) -> None:
    mediator, one = actor(session, "mediator"), agreement(session, settled)
    old = session.scalars(select(Unit).where(Unit.kind == "village_committee")).one()
    heir = Unit(
        kind=old.kind, name="接手调委会", name_en="x", division=old.division, path=old.path, level=old.level,
        abbreviation="接手人调", legal_basis="", fee="free", phone="",
    )  # fmt: skip
    session.add(heir)
    session.flush()
    old.last_day, old.successor_id = clock.today(), heir.id
    session.flush()
    with clock.virtual(clock.now() + timedelta(days=2)):
        text = "".join(words(filing.paper(session, mediator, settled.id, one.submission.id, "pdf", "zh")))
    assert old.name in text and heir.name not in text
