"""Search: words of Chinese and other texts, names, phones and numbers, within what somebody may see."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from engine import casework
from engine.cases import commands as cases
from engine.cases import parties
from engine.cases import search as looking
from engine.cases.models import Case
from engine.cases.search import IdentityElsewhere, SearchTooShort, search
from engine.people import queries as people
from tests.statements import counted

VILLAGE = "610927/610927103/610927103207"
NEWEST = "ffffffff-ffff-ffff-ffff-ffffffffffff"


def case_of(session: Session, words: str, *, place: str = "民主村", division: str = VILLAGE, **party: str) -> Case:
    """A dispute that has come to the village, with one party."""
    case, _ = cases.report(
        session, words=words, place=place, urgency="ordinary", kind="dispute", source="grid", division=division,
        actor=None,
    )  # fmt: skip
    case.level = "village"
    if party:
        parties.put(session, case, None, {"role": "applicant", **party})
    session.flush()
    return case


def found(session: Session, asked: str, login: str = "duty") -> set[str]:
    """The numbers of the cases that somebody finds."""
    return {hit.case.number for hit in search(session, people.actor_by_login(session, login), asked, size=100).hits}


@pytest.mark.parametrize(
    "asked",
    [
        "宅基地",
        "基地被占",
        "王老五",
        "老五",
        "宅基地 王老五",
        "占了，王老五",
        "0915-3300777",
        "09153300777",
        "zhaijidi",
    ],
)
def test_a_case_is_found_by_what_stands_in_it(session: Session, house: None, asked: str) -> None:
    case = case_of(session, "宅基地被占了 ZhaiJiDi", name="王老五", phone="0915-330 0777")
    assert case.number in found(session, asked)


@pytest.mark.parametrize("asked", ["地宅", "宅占", "王五", "宅基地 李老五", "0915-3300778", "%%", "a_b"])
def test_and_not_by_what_does_not(session: Session, house: None, asked: str) -> None:
    case = case_of(session, "宅基地被占了", name="王老五", phone="0915-330 0777")
    assert case.number not in found(session, asked)


NATURAL = [
    "李家占了", "李家的宅基地", "宅基地纠纷", "李家 宅基地", "民主村宅基地", "王老五宅基地", "占了一尺多", "爷爷留下",
    "宅基证", "王老五民主村",
]  # fmt: skip
"""What people would write to find the case of the test below: words in one go, of people, places and what was said."""


@pytest.mark.parametrize("asked", NATURAL)
def test_words_are_found_although_nobody_wrote_spaces_between_them(session: Session, house: None, asked: str) -> None:
    said = "宅基地纠纷：李家占了我家一尺多，我有宅基证，他说是他爷爷留下的"
    case, other = case_of(session, said, name="王老五"), case_of(session, "为一棵树争吵", name="李家宝")
    assert case.number in found(session, asked)
    assert other.number not in found(session, asked)


def test_what_stands_in_one_piece_is_found_alone(session: Session, house: None) -> None:
    whole, parts = case_of(session, "石磨水沟边的事"), case_of(session, "水沟边有个石磨")
    assert found(session, "石磨水沟") == {whole.number}
    assert found(session, "石磨边水沟") == set(), "a single character is no word"
    assert parts.number in found(session, "水沟石磨")


def test_a_number_is_found_as_it_is_written_or_said(session: Session, house: None) -> None:
    case = case_of(session, "为一棵树争吵")
    year, count = case.number.split("-")[1:]
    for asked in (case.number, case.number.lower(), f"{year}-{int(count)}", count, str(int(count))):
        assert case.number in found(session, asked), asked


def test_a_sealed_case_and_one_of_another_place_are_found_by_nobody(session: Session, house: None) -> None:
    sealed, elsewhere = case_of(session, "井边的秘密"), case_of(session, "井边的秘密", division="610927/610927200")
    sealed.sealed = True
    session.flush()
    assert found(session, "井边的秘密") == set()
    assert found(session, "井边的秘密", "county") == {elsewhere.number}


def test_one_character_and_identity_numbers_are_refused_with_a_reason(session: Session, house: None) -> None:
    duty = people.actor_by_login(session, "duty")
    with pytest.raises(SearchTooShort):
        search(session, duty, "地")
    with pytest.raises(IdentityElsewhere):
        search(session, duty, "11010519491231002X")


def test_pages_go_on_where_the_one_before_ended(session: Session, house: None) -> None:
    made = {case_of(session, f"大槐树第{count}次").number for count in range(5)}
    duty, after, walked = people.actor_by_login(session, "duty"), "", list[str]()
    while after is not None:
        part = search(session, duty, "大槐树", after=after, size=2)
        walked += [hit.case.number for hit in part.hits]
        after = part.next  # type: ignore[assignment]
    assert set(walked) == made and len(walked) == len(made)


def test_common_words_fill_a_page_from_the_last_cases_with_what_the_indexes_would_find(
    session: Session, house: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [case_of(session, "水渠被堵了").number for _ in range(4)]
    made.insert(2, case_of(session, "别的事", name="水渠管护站").number)
    duty = people.actor_by_login(session, "duty")
    pages, sent_each = [], []
    for last in (3, 0):  # with none of the last cases only the indexes are left
        monkeypatch.setattr(looking, "LAST", last)
        after: str | None = ""
        found_in_order: list[str] = []
        while after is not None:
            with counted() as sent:
                page = search(session, duty, "水渠", after=after or NEWEST, size=2)
            sent_each.append(len(sent))
            found_in_order += [hit.case.number for hit in page.hits]
            after = page.next
        pages.append(found_in_order)
    assert pages[0] == pages[1] and set(made) <= set(pages[0])
    assert sent_each[0] < sent_each[len(sent_each) // 2]


def test_words_are_found_through_their_index(session: Session, house: None) -> None:
    session.execute(text("SET LOCAL enable_seqscan = off"))
    plan = "\n".join(
        session.scalars(
            text("EXPLAIN SELECT id FROM case_record WHERE letter_pairs(words || ' ' || place) @@ '''占地'''")
        )
    )
    assert "ix_case_record_words" in plan


def test_earlier_matters_of_the_same_people_are_known_when_a_case_comes_in(session: Session, house: None) -> None:
    by_phone = case_of(session, "欠钱不还", place="甲处", name="张三丰", phone="139 0000 1111")
    by_name = case_of(session, "路被挡了", place="乙处", name="张三丰")
    case_of(session, "别的事", place="丙处", name="张三")
    sealed = case_of(session, "不能说的事", place="丁处", name="张三丰", phone="13900001111")
    sealed.sealed = True
    new = case_of(session, "又吵起来了", place="戊处", name="张三丰", phone="13900001111")
    told = casework.known(session, people.actor_by_login(session, "duty"), new)
    assert {(one.case.number, one.why) for one in told.earlier} == {
        (by_phone.number, "phone"),
        (by_name.number, "name"),
    }


def test_who_declared_a_party_as_kin_is_told_so_before_beginning(session: Session, house: None) -> None:
    from engine.supermarket import conflicts

    mediator = people.actor_by_login(session, "mediator")
    conflicts.declare(session, mediator, "kin", "赵亲戚", "")
    case = case_of(session, "分家", name="赵亲戚")
    assert [one.kind for one in casework.known(session, mediator, case).conflicts] == ["kin"]
    assert casework.known(session, people.actor_by_login(session, "mediator2"), case).conflicts == []


def test_the_same_place_is_one_that_has_words_of_its_own(session: Session, house: None) -> None:
    duty = people.actor_by_login(session, "duty")
    at_well, vague = case_of(session, "甲事", place="三组老井边"), case_of(session, "乙事", place="民主村")
    also_at_well, also_vague = case_of(session, "丙事", place="三组老井边"), case_of(session, "丁事", place="民主村")
    assert [one.case.number for one in casework.known(session, duty, also_at_well).earlier] == [at_well.number]
    assert casework.known(session, duty, also_vague).earlier == []
    assert vague.number
