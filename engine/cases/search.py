"""Finding cases by number, words, names and phones, within what somebody may see; a sealed case is never found.

Chinese has no spaces between words: texts are indexed by their pairs of neighbouring characters (`letter_pairs` in the
database), which find a word wherever it stands; what the pairs let through is compared as a whole. Identity numbers are
not looked up here, where they would stand in an address: engine.cases.parties finds them by their blind index.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, cast, func, or_, select
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from engine import clock, events
from engine.cases.models import Case, Party
from engine.cases.permissions import OPEN, scope
from engine.errors import N_, Invalid
from engine.ids import new_id
from engine.people.actor import Actor

MOST_TERMS, LONGEST = 5, 100
LAST = 2000
"""How many of the newest cases are read one by one before the indexes are asked: common words fill a page from them."""
SHORTEST_PHONE = 7
BETWEEN = re.compile(r"[\s,，。、；;：:！!？?“”\"()（）]+")
NUMBER = re.compile(r"(?:ZP-?)?(?:(\d{4})-)?(\d{1,6})", re.IGNORECASE)
UNSPACED = re.compile(r"[\u4e00-\u9fff]{4,8}")
"""A run of Chinese characters that may be several words; a longer one has too many ways to be cut."""
LONGEST_WORD = 4
LINKING = re.compile(r"[的和与跟]")
IDENTITY = re.compile(r"\d{17}[\dXx]")


class SearchTooShort(Invalid):
    """A search for less than two characters would find everything."""

    code = "search-too-short"
    message = N_("Write at least two characters of each word.")


class IdentityElsewhere(Invalid):
    """Identity numbers are looked up where they do not stand in an address."""

    code = "identity-elsewhere"
    message = N_("Look identity numbers up under “Find a person”: there they stand in no address.")


@dataclass(frozen=True)
class Hit:
    """A case that was found, and the names of its people who were."""

    case: Case
    names: Sequence[str]


@dataclass(frozen=True)
class Hits:
    """Part of what was found, newest first; the terms to be marked; where the next part begins."""

    hits: Sequence[Hit]
    terms: Sequence[str]
    next: str | None


def search(session: Session, actor: Actor, asked: str, *, after: str = "", size: int = 20) -> Hits:
    """The cases that an actor may see in which every term stands: in words or place, or as the name of a party.

    A term that stands nowhere in one piece is cut into words. A case's number and a phone of seven digits or more are
    terms of their own. That somebody searched is recorded, not for what. Raises SearchTooShort, IdentityElsewhere.
    """
    terms = list(dict.fromkeys(filter(None, BETWEEN.split(asked))))[:MOST_TERMS]
    if any(IDENTITY.fullmatch(term) for term in terms):
        raise IdentityElsewhere
    if not terms:
        return Hits([], [], None)
    if not after:
        events.record(session, "people.searched", new_id(), actor=actor.id, by="words")
    found = _found(session, actor, terms, after, size)
    if not found and len(terms) == 1:  # nobody wrote it in one piece: perhaps words with no space between them
        for parts in cut(terms[0]):
            if more := _found(session, actor, parts, after, size):
                found |= more
                terms += [part for part in parts if part not in terms]
    cases = sorted(found.values(), key=lambda case: case.id, reverse=True)
    names = _names(session, cases[:size], terms)
    hits = [Hit(case, names.get(case.id, ())) for case in cases[:size]]
    return Hits(hits, terms, str(cases[size - 1].id) if len(cases) > size else None)


def cut(term: str) -> Iterator[list[str]]:
    """The ways to cut a run of Chinese characters into words, at least two of them: where little words link them (的),
    and into pieces of two to four characters.
    """
    linked = LINKING.split(term)
    if len(linked) > 1 and all(len(part) > 1 for part in linked):
        yield linked
    if UNSPACED.fullmatch(term):
        yield from (parts for parts in _parts(term) if len(parts) > 1)


def _parts(term: str) -> Iterator[list[str]]:
    if not term:
        yield []
    for length in range(2, min(len(term), LONGEST_WORD) + 1):
        yield from ([term[:length], *rest] for rest in _parts(term[length:]))


def _found(session: Session, actor: Actor, terms: Sequence[str], after: str, size: int) -> dict[UUID, Case]:
    """The newest cases in which all of some terms stand, and one more than was asked for."""
    seen = [scope(actor), OPEN, *_after(after)]
    ways = list(_ways(actor, terms))
    if len(terms) > 1 or not _is_number(terms[0]):
        last = select(Case.id).where(*_after(after)).order_by(Case.id.desc()).limit(LAST)
        found = _page(session, [*seen, Case.id.in_(last), *map(_stands, terms)], size)
        if len(found) > size:  # common words: no need to sort all that have them
            return found
    found = {}
    for conditions in ways:
        found |= _page(session, [*seen, *conditions], size)
    return found


def _page(session: Session, conditions: Sequence[ColumnElement[bool]], size: int) -> dict[UUID, Case]:
    query = select(Case).where(*conditions).order_by(Case.id.desc()).limit(size + 1)
    return {case.id: case for case in session.scalars(query)}


def _is_number(term: str) -> bool:
    return bool(NUMBER.fullmatch(term)) or len(_digits(term)) >= SHORTEST_PHONE


def _digits(term: str) -> str:
    return re.sub(r"\D", "", term)


def _ways(actor: Actor, terms: Sequence[str]) -> Iterator[list[ColumnElement[bool]]]:
    """The ways to find something, each with an index of its own."""
    if len(terms) == 1:
        if numbered := _number(actor, terms[0]):
            yield numbered
        if len(digits := _digits(terms[0])) >= SHORTEST_PHONE:
            yield [Case.id.in_(select(Party.case_id).where(has_phone(digits)))]
            return
        if numbered and len(terms[0]) < 2:
            return
    if any(len(term) < 2 for term in terms):
        raise SearchTooShort
    yield [_said(term) for term in terms]
    for term in terms:
        others = [_stands(other) for other in terms if other != term]
        yield [Case.id.in_(select(Party.case_id).where(named(term))), *others]


WORDS = Case.words + " " + Case.place


def has_phone(*digits: str) -> ColumnElement[bool]:
    """The condition that a party's phone has the digits of one of some numbers, however it is written."""
    return func.regexp_replace(Party.phone, r"\D", "", "g").in_(digits) & (Party.phone != "")


def _number(actor: Actor, term: str) -> list[ColumnElement[bool]]:
    """A case's number as it is written or said: ZP-2026-000012, 2026-12, 12."""
    found = NUMBER.fullmatch(term)
    if found is None:
        return []
    number = f"ZP-{found[1] or clock.today().year}-{int(found[2]):06d}"
    return [Case.county.in_({held.path.partition("/")[0] for held in actor.memberships}), Case.number == number]


def _said(term: str) -> ColumnElement[bool]:
    return func.letter_pairs(WORDS).bool_op("@@")(_pairs(term)) & _reads(term)


def _reads(term: str) -> ColumnElement[bool]:
    return WORDS.icontains(term, autoescape=True)


def named(term: str) -> ColumnElement[bool]:
    """The condition that a party's name has a term in it, through the index."""
    return func.letter_pairs(Party.name).bool_op("@@")(_pairs(term)) & Party.name.icontains(term, autoescape=True)


def _stands(term: str) -> ColumnElement[bool]:
    return or_(_reads(term), _is_party(term))


def _is_party(term: str) -> ColumnElement[bool]:
    return select(Party.id).where(Party.case_id == Case.id, Party.name.icontains(term, autoescape=True)).exists()


def _pairs(term: str) -> ColumnElement[str]:
    """All neighbouring characters of a term, as the index has them."""
    small = term.lower()
    quoted = ("'" + small[at : at + 2].replace("\\", "\\\\").replace("'", "''") + "'" for at in range(len(small) - 1))
    return cast(" & ".join(dict.fromkeys(quoted)), TSQUERY)


def _after(cursor: str) -> list[ColumnElement[bool]]:
    if not cursor:
        return []
    try:
        return [Case.id < UUID(cursor)]
    except ValueError:
        raise SearchTooShort from None


def _names(session: Session, cases: Sequence[Case], terms: Sequence[str]) -> dict[UUID, list[str]]:
    """The people of some cases whose name or phone fits a term."""
    digits = [found for term in terms if len(found := _digits(term)) >= SHORTEST_PHONE]
    fits = or_(*(Party.name.icontains(term, autoescape=True) for term in terms), has_phone(*digits))
    named: dict[UUID, list[str]] = {}
    query = select(Party.case_id, Party.name).where(Party.case_id.in_([case.id for case in cases]), fits)
    for case, name in session.execute(query.order_by(Party.id)):
        if name and name not in named.setdefault(case, []):
            named[case].append(name)
    return named
