"""A county of one's own: from an empty database to the first report, without the demo. Its places are made up."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from api.app import create_app
from api.cli.main import main
from engine import casework, db
from engine.cases.models import Case
from engine.errors import Invalid
from engine.events import Event
from engine.people import queries as people
from engine.people.actor import Actor, Held
from engine.territory import divisions
from engine.territory.models import Division
from engine.workflow.models import UserTask
from tests.api.conftest import Browser
from tests.api.steps import System
from tests.databases import fresh_database, using

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
HEAD = "code,name,name_en,kind,parent"
COUNTY = (
    "610999100201001,甲村第一网格,,grid,610999100201",  # below its village: the order does not matter
    "610999,示例县,Sample County,county,",
    "610999100,示例镇,,town,610999",
    "610999100201,甲村,,village,610999100",
    "610999100202,乙村,,village,610999100",
)


@pytest.fixture
def empty(database: str) -> Iterator[None]:
    """A database of its own with nothing in it but tables."""
    with fresh_database(f"own_{os.getpid()}") as url, using(url):
        yield


def written(file: Path, *lines: str) -> Result:
    """What `hejie places add` says to a file of these lines."""
    file.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
    return CliRunner().invoke(main, ["places", "add", str(file)], env={"LC_ALL": "en_GB.UTF-8"})


def test_from_an_empty_database_to_the_first_report(empty: None, tmp_path: Path) -> None:
    deployed = CliRunner().invoke(main, ["deploy", "--library"])
    assert "process intake version 1" in deployed.output, deployed.output
    assert CliRunner().invoke(main, ["deploy", "--library"]).output == ""
    answers = {"what": "灌溉渠被堵了", "where": "乙村三组", "urgency": "ordinary", "anonymous": True}
    public = create_app(testing=True).test_client()
    early = public.post("/api/v1/reports", json={"answers": answers}, headers=ENGLISH)
    assert early.status_code == 503, early.get_json()
    assert "hejie places add" in early.get_json()["detail"]

    assert written(tmp_path / "places.csv", *COUNTY).output == "5 divisions added, 0 renamed.\n"
    for where, division in (("乙村三组", "610999/610999100/610999100202"), ("不知道哪里", "610999")):
        made = public.post("/api/v1/reports", json={"answers": {**answers, "where": where}}, headers=ENGLISH)
        assert made.status_code == 201, made.get_json()
        with db.transaction() as session:
            case = session.scalars(select(Case).order_by(Case.reported_at.desc())).first()
            assert case
            assert case.division == division
            assert division in session.scalars(select(UserTask.division)).all()

    opened = CliRunner().invoke(main, ["people", "add", "chief", "示例管理员", "--division", "610999"])
    assert opened.exit_code == 0, opened.output
    committee = {
        "kind": "village_committee", "name": "乙村调委会", "division": "610999100202", "abbreviation": "乙人调",
        "fee": "free",
    }  # fmt: skip
    with db.transaction() as session:
        made = casework.units.put(session, people.actor_by_login(session, "chief"), committee)
        keeper = people.unit_for(session, "village_committee", "610999/610999100/610999100202")
        assert keeper is made


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("610999100203,丙村,,hamlet,610999100", "Line 3: “hamlet” is no kind"),
        ("61099910020,丙村,,village,610999100", "Line 3: “61099910020” cannot be its code"),
        ("6109991002o3,丙村,,village,610999100", "Line 3: “6109991002o3” cannot be its code"),
        ("610999100203, ,,village,610999100", "Line 3: say the Chinese name"),
        ("610999101203,丙村,,village,610999101", "Line 3: there is no division with the code “610999101”"),
        ("610999100203,丙村,,village,610999", "Line 3: 610999100203 cannot lie in “610999”"),
        ("610999101,丙镇,,town,610999101", "Line 3: 610999101 cannot lie in “610999101”"),
        ("610998,丙县,,county,610999", "Line 3: 610998 cannot lie in “610999”"),
        ("610998100,丙镇,,town,610999", "Line 3: the code 610998100 does not begin"),
        ("610999100201,甲村,,village,610999102", "Line 3: 610999100201 lies in 610999100 and stays there"),
        ("610999102,又一镇,,town,610999", "Line 3: the code 610999102 stands here twice"),
    ],
)
def test_a_wrong_line_is_told_by_its_number_and_no_line_is_taken(
    empty: None, tmp_path: Path, line: str, said: str
) -> None:
    written(tmp_path / "places.csv", *COUNTY)
    refused = written(tmp_path / "more.csv", "610999102,丁镇,,town,610999", line)
    assert refused.exit_code == 1
    assert said in refused.stderr
    assert refused.stderr.count("Line ") == 1
    with db.transaction() as session:
        assert session.get(Division, "610999102") is None


def test_other_text_than_a_csv_of_divisions_is_refused() -> None:
    for text in ("", "code,name\n1,2", f"{HEAD}\n610999,县", f'{HEAD}\n"610999'):
        with pytest.raises(divisions.DivisionsCsvUnfit):
            divisions.read_csv(text)


def test_administrators_add_and_rename_on_the_page_and_over_rest_what_is_theirs(
    county: None, signed_in: SomeoneSigned, system: System
) -> None:
    admin, rest = signed_in("admin"), system("admin")
    with db.transaction() as session:
        town = session.get_one(Division, "610927103")
        before = {"code": town.code, "name": town.name, "name_en": town.name_en, "kind": "town", "parent": town.parent}
    hamlet: dict[str, Any] = {
        "code": "610927103999", "name": "示例新村", "name_en": "", "kind": "village", "parent": "610927103",
    }  # fmt: skip
    lines = "\r\n".join([HEAD, ",".join(hamlet.values()), f"{town.code},示例改名镇,,town,610927"])
    assert admin.send("/places", {"divisions": lines}).headers["Location"].endswith("notice=divisions")
    assert "示例新村" in admin.get("/places?division=610927/610927103").text
    back = rest.post("/api/v1/places", json={"items": [hamlet, before]})
    assert back.get_json() == {"added": 0, "renamed": 1}
    with db.transaction() as session:
        told = session.scalars(select(Event).where(Event.kind.startswith("division.")).order_by(Event.id.desc())).all()
        assert sorted(one.kind for one in told[:3]) == ["division.added", "division.renamed", "division.renamed"]
        assert told[0].data["before"]["name"] == "示例改名镇"

    one = {"parent": hamlet["code"], "kind": "grid", "code": "610927103999001", "name": "第一网格", "name_en": ""}
    for wrong, said in (({"code": "610927103998001"}, "does not begin with"), ({"kind": "town"}, "cannot be its code")):
        english = Browser(admin.client, ENGLISH)
        refused = english.send("/places?division=610927/610927103", {**one, **wrong})
        assert refused.status_code == 422 and 'value="第一网格"' in refused.text
        assert said in refused.text
    assert admin.send("/places?division=610927/610927103", one).status_code == 303
    with db.transaction() as session:
        grid = session.get_one(Division, one["code"])
        assert grid.path == "610927/610927103/610927103999/610927103999001"
        session.delete(grid)

    other = admin.send("/places", {"divisions": f"{HEAD}\n610998,别县,,county,"})
    assert other.status_code == 422
    assert "610998,别县" in other.text
    elsewhere = rest.post("/api/v1/places", json={"items": [{"code": "610998", "name": "别县", "kind": "county"}]})
    assert elsewhere.status_code == 422
    assert elsewhere.get_json()["errors"][0]["code"] == "outside"
    assert system("leader").post("/api/v1/places", json={"items": [hamlet]}).status_code == 403
    with db.transaction() as session:  # other tests count villages
        session.delete(session.get_one(Division, hamlet["code"]))


def test_an_administrator_of_a_town_adds_there_alone(empty: None, tmp_path: Path) -> None:
    written(tmp_path / "places.csv", *COUNTY, "610999102,丁镇,,town,610999")
    held = Held("admin", "610999100", "610999/610999100")
    actor = Actor("somebody", "somebody", "zh", (held,))
    new = {"name": "丙村", "kind": "village"}
    with db.transaction() as session:
        mine = [{"code": "610999100203", "parent": "610999100", **new}]
        assert casework.places.add(session, actor, mine) == (1, 0)
    with db.transaction() as session, pytest.raises(Invalid) as refused:
        casework.places.add(session, actor, [{"code": "610999102203", "parent": "610999102", **new}])
    assert [one.code for one in refused.value.fields] == ["outside"]
