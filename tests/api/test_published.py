"""Figures from outside: with source and method, corrected beside the old line, never part of what is counted."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from engine import db
from tests.api.conftest import Browser

SomeoneSigned = Callable[[str], Browser]
GIVEN = {
    "metric": "平安建设满意度", "year": "2024", "value": "96.90", "unit": "%", "method": "电话抽样，由省里委托",
    "source": "县政府工作报告第9页",
}  # fmt: skip
PAGE, REST = "/figures/published", "/api/v1/published"


def test_the_county_enters_one_and_a_correction_stands_beside_it(
    library: None, signed_in: SomeoneSigned, system: SomeoneSigned
) -> None:
    county = signed_in("county")
    assert county.send(PAGE, GIVEN).status_code == 303
    again = county.send(PAGE, GIVEN)
    assert again.status_code == 409, again.text
    counted = county.get("/api/v1/figures").get_json()
    page = signed_in("grid").get(PAGE, headers={"Accept-Language": "zh"}).text
    assert "96.90 %" in page and "n = —" in page and GIVEN["method"] in page and GIVEN["source"] in page
    assert 'name="metric"' not in page, "who may not enter one gets no form"
    rest = system("county")
    first = rest.get(REST).get_json()["items"][0]["entry"]
    change = {**GIVEN, "year": 2024, "value": "97.87", "sample_size": 400, "reason": "抄错一行"}
    address = f"{REST}/{first['id']}/corrections"
    assert rest.post(address, json={**change, "reason": " "}).get_json()["code"] == "correction-unfounded"
    assert rest.post(address, json=change).status_code == 201
    assert rest.post(address, json=change).get_json()["code"] == "published-already", "only the newest is corrected"
    [line] = rest.get(REST).get_json()["items"]
    assert line["entry"]["value"] == "97.87" and [one["value"] for one in line["earlier"]] == ["96.90"]
    assert "抄错一行" in county.get(PAGE).text
    assert county.get("/api/v1/figures").get_json() == counted, "no figure that is counted knows of it"
    with pytest.raises(IntegrityError), db.transaction() as session:
        session.execute(text("UPDATE published SET value = 100"))


@pytest.mark.parametrize(
    "wrong", [{"source": ""}, {"method": " "}, {"year": 2999}, {"value": "-1"}, {"sample_size": 0}]
)  # fmt: skip
def test_no_number_without_source_method_and_year(
    library: None, system: SomeoneSigned, wrong: dict[str, object]
) -> None:
    answer = system("county").post(REST, json={**GIVEN, "year": 2020, **wrong})
    assert answer.get_json()["code"] == "published-unfit"


def test_only_the_county_centre_and_administrators_enter_them(library: None, system: SomeoneSigned) -> None:
    unknown = {"metric": "安全事故发生率", "year": 2023, "method": "定义没有说明", "source": "镇里的总结"}
    assert system("duty").post(REST, json=unknown).status_code == 403
    assert system("admin").post(REST, json=unknown).get_json()["value"] is None
