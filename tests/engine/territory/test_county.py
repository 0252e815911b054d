"""The demo county: complete, honest about what is not known, and a tree of prefixes."""

import json
from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.territory import county, queries
from engine.territory.models import COMMUNITY, COUNTY, GRID, TOWN, VILLAGE, Division, short


@pytest.fixture
def divisions(session: Session) -> list[Division]:
    county.load(session)
    return list(session.scalars(select(Division)))


def test_the_county_has_seven_towns_and_58_villages(divisions: list[Division]) -> None:
    kinds = Counter(one.kind for one in divisions)
    assert (kinds[COUNTY], kinds[TOWN], kinds[VILLAGE]) == (1, 7, 58)
    assert kinds[COMMUNITY] >= 5


def test_every_village_and_community_has_grids(divisions: list[Division]) -> None:
    grids = Counter(one.parent for one in divisions if one.kind == GRID)
    assert all(grids[one.code] >= 1 for one in divisions if one.kind in (VILLAGE, COMMUNITY))


def test_paths_are_those_of_the_parents(divisions: list[Division]) -> None:
    by_code = {one.code: one for one in divisions}
    for one in divisions:
        above = f"{by_code[one.parent].path}/" if one.parent else ""
        assert one.path == above + one.code
        assert one.county == "610927"


def test_codes_have_the_length_of_their_kind(divisions: list[Division]) -> None:
    """GB/T 2260 and 统计区划代码: 6 + 3 + 3 digits, and 3 more for a grid."""
    lengths = {COUNTY: 6, TOWN: 9, VILLAGE: 12, COMMUNITY: 12, GRID: 15}
    assert all(one.code.isdigit() and len(one.code) == lengths[one.kind] for one in divisions)


def test_placeholders_are_marked_for_everybody_to_see(divisions: list[Division]) -> None:
    marked = [one for one in divisions if "示例" in one.name and one.kind != GRID]
    assert marked and all(one.placeholder and "（示例）" in one.name and "sample" in one.name_en for one in marked)
    unmarked = [one for one in divisions if "示例" not in one.name and one.kind != GRID]
    assert not any(one.placeholder for one in unmarked)


def test_every_name_that_is_not_marked_has_a_source_and_is_well_enough_known() -> None:
    for town in json.loads(county.DATA.read_text(encoding="utf-8"))["towns"]:
        for unit in town["units"]:
            known = unit["confidence"] in ("high", "medium") and unit["source"]
            assert unit.get("placeholder") or known, unit["name"]


def test_loading_twice_changes_nothing(session: Session, divisions: list[Division]) -> None:
    county.load(session)
    assert len(session.scalars(select(Division)).all()) == len(divisions)


@pytest.mark.parametrize(
    ("path", "above", "within"),
    [
        ("610927/610927103/610927103207", "610927/610927103", True),
        ("610927/610927103", "610927/610927103", True),
        ("610927/6109271031", "610927/610927103", False),
        ("610927", "610927/610927103", False),
    ],
)
def test_within_is_a_test_of_whole_segments(path: str, above: str, within: bool) -> None:
    assert queries.is_within(path, above) is within


def test_villages_of_a_town_are_its_own_only(session: Session, divisions: list[Division]) -> None:
    found = queries.villages(session, "610927/610927103")
    assert {one.parent for one in found} == {"610927103"}
    assert len(found) == 9


def test_an_unknown_code_is_refused(session: Session) -> None:
    with pytest.raises(queries.DivisionUnknown):
        queries.division(session, "999999")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("民主村", "民主"), ("塘坊坝社区", "塘坊坝"), ("城关街道办事处", "城关"), ("钟宝镇", "钟宝"),
        ("红旗乡", "红旗"), ("镇坪县", "镇坪"), ("沙县", "沙县"), ("新区村", "新区"), ("甲乙村（示例）", "甲乙"),
    ],
)  # fmt: skip
def test_people_leave_out_the_word_for_the_kind_of_a_place(name: str, said: str) -> None:
    assert short(name) == said
