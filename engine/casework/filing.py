"""The file of a case (卷宗): its papers as PDF and DOCX, what is missing, and the whole as one PDF with its index."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock, events, papers
from engine.cases import blocklist, permissions
from engine.cases import queries as cases
from engine.cases.models import Case, Submission
from engine.cases.parties import of_case as parties_of
from engine.casework import formbook, paper_facts, paper_history
from engine.casework.choosing import AGREEMENTS
from engine.documents import papers as numbered
from engine.documents import queries as documents
from engine.documents.models import Document, FinishedFile
from engine.errors import N_, Conflict, NotFound
from engine.papers import Paper, Part
from engine.people import queries as people
from engine.people.actor import Actor

PACKAGE = ("f4-acceptance", "f5-rights", "f8-investigation", "f10-session", "f11-agreement")
ONCE = ("f4-acceptance",)
"""What of the package is made once in a case: where it is on file it goes along as it stands."""
COVER, INDEX, IDENTITY, MISSING, CLOSING, BACK = "cover", "index", "f6-identity", "missing", "closing", "back"
SIGNATURES, CONFIRMATION = "signatures", "f15-confirmation"
MINUTES, FOLLOW_UP = "f-minutes", "f-followup"
PLANNED = ("campaign", "patrol", "roster", "reward")
"""Kinds of cases that an office plans and nobody reports: their first paper is the plan, no register of a report."""
SEALED = "封存"
"""What every paper of a sealed file bears below its title."""


class PaperUnknown(NotFound):
    """There is no such paper in this case."""

    code = "paper-unknown"
    message = N_("There is no such paper in this case.")


class CaseStillOpen(Conflict):
    """A file is finished when its case is closed (People's Mediation Law, §27)."""

    code = "case-still-open"
    message = N_("This case is still open. Its file is finished when it is closed.")


@dataclass(frozen=True)
class Filed:
    """One paper on the file: what kind, the completed form it is made of, the number it was given.

    `round` counts the papers of one name as they were made; 0 where there is only one. `item` is the place of what
    it is about among several that a reception decided; 0 elsewhere.
    """

    paper: Paper
    submission: Submission
    document: Document | None
    round: int = 0
    item: int = 0

    def title(self, locale: str) -> str:
        """Its name in the index; of several of one kind with the item or the round it belongs to."""
        name = self.paper.title(locale)
        if self.item:
            return f"{name} (item {self.item})" if locale == "en" else f"{name}（第{self.item}项）"
        if not self.round:
            return name
        return f"{name} ({self.round})" if locale == "en" else f"{name}（第{self.round}次）"


@dataclass(frozen=True)
class CaseFile:
    """The file of a case: papers in the order of the index, what is missing, and finished files."""

    case: Case
    papers: Sequence[Filed]
    missing: Sequence[Paper]
    finished: Sequence[FinishedFile]
    number: str
    numbers: Sequence[Document]


def case_file(session: Session, actor: Actor, case_id: UUID) -> CaseFile:
    """The file of a case. Raises CaseUnknown; a look into a sealed case is recorded."""
    return _file(session, cases.case(session, actor, case_id))


def paper(session: Session, actor: Actor, case_id: UUID, submission_id: UUID, kind: str, locale: str) -> bytes:
    """One paper as `pdf`, `docx` or `png` (its first page). Raises CaseUnknown, PaperUnknown, TemplateInvalid."""
    return _set(session, *_one(session, actor, case_id, submission_id), kind)


def _one(session: Session, actor: Actor, case_id: UUID, submission_id: UUID) -> tuple[Case, Filed]:
    case = cases.case(session, actor, case_id)
    found = next((one for one in _file(session, case).papers if one.submission.id == submission_id), None)
    if found is None:
        raise PaperUnknown(paper=submission_id)
    return case, found


def _set(session: Session, case: Case, found: Filed, kind: str, *, whole: bool = False) -> bytes:
    part = _part(session, case, found, paper_facts.of_case(session, case, whole=whole), whole=whole)
    if kind == "docx":
        return papers.docx(part.name, part.blocks)
    return (
        papers.page_image(part.name, [part])
        if kind == "png"
        else papers.pdf(part.name, [part], on=found.submission.at.date())
    )


def take_out(session: Session, actor: Actor, case_id: UUID, submission_id: UUID, kind: str, locale: str) -> bytes:
    """One paper to be printed or kept, as `paper` makes it; that it was taken out is recorded.

    What both sides hand to the court has their identity numbers in full (民诉法解释 §354), a look that is recorded,
    where whoever prints it handles the case.
    """
    case, found = _one(session, actor, case_id, submission_id)
    known = [one for one in parties_of(session, case.id) if one.identity and one.role in paper_facts.SIDES]
    whole = bool(known) and found.paper.key == CONFIRMATION and permissions.may(actor, "unmask", case)
    content = _set(session, case, found, kind, whole=whole)
    for one in known if whole else ():
        events.record(session, "party.unmasked", case_id, actor=actor.id, party=str(one.id), reason="confirmation")
    events.record(session, "paper.taken_out", case_id, actor=actor.id, paper=str(submission_id), format=kind)
    return content


def finish(session: Session, actor: Actor, case_id: UUID, reasons: Mapping[str, str]) -> FinishedFile:
    """Finish the file of a closed case: cover, index with pages, papers, note on what is missing, back, as one PDF/A.

    `reasons` says for the key of each missing paper why it is missing (F16). Raises CaseUnknown, NotForYourRole,
    CaseStillOpen, WordsBlocked.
    """
    case = permissions.require(session, actor, "file", case_id)
    if case.closed_at is None:
        raise CaseStillOpen(case=case_id)
    number = numbered.file_number(session, case, actor.id)
    content = papers.pdf(number, parts(session, case, actor, number, reasons))
    return numbered.keep(session, case, actor.id, number=number, content=content)


def parts(
    session: Session, case: Case, actor: Actor, number: str, reasons: Mapping[str, str], *, whole: bool = False
) -> list[Part]:
    """The parts of a finished file in order; `whole`: identity numbers unmasked, for a court or the police."""
    file = _file(session, case)
    facts = paper_facts.of_case(session, case, file_number=number, keeper=actor.name, whole=whole)
    missing = [
        {"title": one.zh, "why": blocklist.clean(reasons.get(one.key, "")) or "未形成该文书"} for one in file.missing
    ]
    own = {"missing": missing, "agreed": _agreed(session, case, file, facts)}
    found = [_made(session, COVER, facts, counted=False), _made(session, INDEX, facts, counted=False)]
    found[1] = Part(found[1].name, (*found[1].blocks, papers.Block("index")), counted=False)
    shown = [one for one in file.papers if one.paper.key not in papers.internal()]
    made = [(one.paper.key, _part(session, case, one, facts, whole=whole)) for one in shown]
    if _excerpted(session, case) and not any(one.paper.key == IDENTITY for one in shown):
        order = list(papers.catalogue())
        place = sum(key in order[: order.index(IDENTITY)] for key, _ in made)
        made.insert(place, (IDENTITY, _made(session, IDENTITY, facts)))
    found += [part for _, part in made]
    found += _signatures(session, case, file, facts)
    if missing:
        found.append(_made(session, MISSING, {**facts, **own}))
    return [*found, _made(session, CLOSING, {**facts, **own}), _made(session, BACK, facts, counted=False)]


def _signatures(session: Session, case: Case, file: CaseFile, facts: Mapping[str, Any]) -> list[Part]:
    """The record of what parties signed on a device or by phone: who, which paper, how, when."""
    found = numbered.signed_by_parties(session, case.id)
    titles = {one.submission.id: one.title("zh") for one in file.papers}
    witnesses = people.names(session, {one.by for one in found})
    rows = [
        {
            "paper": titles.get(one.submission_id, ""), "signer": one.signer, "witness": witnesses.get(one.by, ""),
            "phone": one.phone, "at": one.at.astimezone(clock.ZONE).strftime("%Y-%m-%d %H:%M"),
            "digest": one.digest.hex(),
        }
        for one in found
    ]  # fmt: skip
    scans = [papers.Scan(f"{one.signer}.png", "image/png", one.drawing) for one in found if one.drawing]
    made = _made(session, SIGNATURES, {**facts, "signatures": rows}) if found else None
    return [Part(made.name, made.blocks, scans)] if made else []


def package(session: Session, actor: Actor, case_id: UUID) -> bytes:
    """The papers of a mediation outside (出门调解, 人民调解法 §21): what is known filled in, the rest left blank.

    Raises CaseUnknown, NotForYourRole.
    """
    case = permissions.require(session, actor, "file", case_id)
    blank: dict[str, Any] = {"number": "", "made_on": "　　　年　　月　　日", "a": papers.Blanks()}
    known = paper_facts.of_case(session, case)
    done = {one.paper.key: one for one in _file(session, case).papers if one.paper.key in ONCE}
    events.record(session, "paper.taken_out", case.id, actor=actor.id, paper="package", format="pdf")
    made = [
        _part(session, case, done[key], known) if key in done else _made(session, key, {**blank, **known})
        for key in PACKAGE
    ]
    return papers.pdf(case.number, made)


def finished_file(session: Session, actor: Actor, case_id: UUID, file_id: UUID) -> FinishedFile:
    """A finished file to be read or kept; that it was taken out is recorded. Raises CaseUnknown, PaperUnknown."""
    found = next((one for one in case_file(session, actor, case_id).finished if one.id == file_id), None)
    if found is None:
        raise PaperUnknown(paper=file_id)
    events.record(session, "paper.taken_out", case_id, actor=actor.id, paper=str(file_id), format="pdf")
    return found


def _file(session: Session, case: Case) -> CaseFile:
    known = papers.catalogue()
    order = {key: place for place, key in enumerate(known)}
    issued = documents.of_case(session, case.id)
    by_submission = {one.submission_id: one for one in issued if one.submission_id}
    submissions = cases.submissions(session, case.id)
    listed = [Filed(kind_of(session, one), one, by_submission.get(one.id)) for one in submissions]
    listed = [one for one in listed if one.paper.is_made_by(one.submission.answers)]
    if case.kind in PLANNED:
        listed = [one for one in listed if one.paper.key != "f-report"]
    listed = list(_items(listed))
    listed.sort(key=lambda one: (_place(session, one, order), one.item, one.submission.at))
    listed = list(_rounds(listed))
    here = {one.paper.key for one in listed}
    return CaseFile(
        case,
        listed,
        _missing(case, here, excerpted=_excerpted(session, case)),
        numbered.finished(session, case.id),
        numbered.number_of(session, case),
        issued,
    )


def _items(listed: Sequence[Filed]) -> Iterator[Filed]:
    """The papers on what a reception decided (议定事项), each with its place in the minutes, if they have several."""
    minutes = [one.submission.answers.get("decisions") or () for one in listed if one.paper.key == MINUTES]
    decided: list[str | None] = [one["what"] for decisions in minutes for one in decisions]
    for one in listed:
        what = one.submission.answers.get("what")
        if one.paper.key == FOLLOW_UP and len(decided) > 1 and what in decided:
            place = decided.index(what)
            decided[place] = None  # two items may have the same words
            yield replace(one, item=place + 1)
        else:
            yield one


def _rounds(listed: Sequence[Filed]) -> Iterator[Filed]:
    """The papers with the round of each: the second hearing and the second notice are told apart in the index."""
    several = Counter(one.paper.zh for one in listed if not one.item)
    so_far: Counter[str] = Counter()
    for one in listed:
        so_far[one.paper.zh] += 1
        yield replace(one, round=so_far[one.paper.zh]) if several[one.paper.zh] > 1 else one


def _place(session: Session, filed: Filed, order: Mapping[str, int]) -> float:
    """Where a paper stands: by the catalogue, a proof of service right behind what was served, then what followed."""
    served = numbered.served_by(session, filed.submission)
    if served is not None and served.kind in order:
        return order[served.kind] + 0.5
    if filed.paper.behind:
        return order[filed.paper.behind] + 0.75
    return order.get(filed.paper.key, len(order))


def kind_of(session: Session, submission: Submission) -> Paper:
    """What kind of paper a completed form is."""
    return paper_history.named(session, submission) or _plain(session, submission)


def _plain(session: Session, submission: Submission) -> Paper:
    """A completed form that is no paper of the catalogue: it prints what was asked and answered."""
    form = formbook.version(session, submission.form_id).form
    return Paper(submission.form_key, "", form.title("zh"), form.title("en"), "may", (), "")


def _excerpted(session: Session, case: Case) -> bool:
    """Whether some party's identity number is on file, so that an excerpt stands for copies of their papers (F6)."""
    return any(one.identity for one in parties_of(session, case.id))


def _missing(case: Case, here: set[str], *, excerpted: bool) -> list[Paper]:
    """The papers that a file of this kind must have and has not (人民调解法 §27; table F1 to F18)."""
    expected = [one for one in papers.catalogue().values() if case.kind in one.kinds]
    if case.kind == "dispute" and case.accepted_at is None:
        return []
    there = here | {IDENTITY} if excerpted else here
    missing = [one for one in expected if one.need == "must" and one.key not in there and not there & set(one.unless)]
    for need in ("start", "agreed"):
        group = [one for one in expected if one.need == need]
        wanted = need == "start" or case.outcome in ("performed", "not_performed")
        if group and wanted and not any(one.key in here for one in group):
            missing.append(group[-1] if need == "start" else group[0])
    return missing


def _part(session: Session, case: Case, filed: Filed, facts: Mapping[str, Any], *, whole: bool = False) -> Part:
    found = {**facts, **paper_facts.of_submission(session, filed.submission, whole=whole)}
    if any(filed.submission.at.astimezone(clock.ZONE).date() <= ended for ended in facts["ended"]):
        found |= paper_facts.organisations(session, case, filed.submission.at, filed.paper.key)
    if filed.document is not None:
        found["number"] = filed.document.number + ("（已作废）" if filed.document.voided_at else "")
    blocks = papers.fill(numbered.template(session, filed.paper.key), {**found, "title": filed.paper.zh})
    remark = found.get("number") or found["made_on"]
    scans = paper_facts.scans(session, filed.submission)
    return Part(filed.title("zh"), _marked(blocks, sealed=case.sealed), scans, remark=remark)


def _made(session: Session, key: str, facts: Mapping[str, Any], *, counted: bool = True) -> Part:
    blocks = papers.fill(numbered.template(session, key), {**facts, "title": (title := papers.catalogue()[key].zh)})
    name = next((one.texts[0] for one in blocks if one.kind == "title"), title)
    return Part(name, _marked(blocks, sealed=facts.get("sealed", False)), counted=counted)


def _marked(blocks: Sequence[papers.Block], *, sealed: bool) -> Sequence[papers.Block]:
    """The blocks of a paper, with the mark of a sealed file right below the title."""
    return [*blocks[:1], papers.Block("right", (SEALED,)), *blocks[1:]] if sealed else blocks


def _agreed(session: Session, case: Case, file: CaseFile, facts: Mapping[str, Any]) -> Mapping[str, Any] | None:
    for one in reversed(file.papers):
        if one.paper.key in AGREEMENTS:
            found: Mapping[str, Any] = paper_facts.of_submission(session, one.submission)["a"]
            return found
    return None
