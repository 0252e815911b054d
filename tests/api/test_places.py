"""Where places lie: entered by administrators, refused where it cannot be right, and drawn to scale. Places and
positions of these tests are made up."""

import math
from collections.abc import Callable, Iterator
from io import BytesIO
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from pypdf import PdfReader
from sqlalchemy import select, update

from api import county_map
from api.cli.main import main
from engine import db
from engine.events import Event
from engine.territory.models import TOWN, Division
from tests.api.conftest import Browser
from tests.api.steps import Report, System

SomeoneSigned = Callable[[str], Browser]
ENGLISH = {"Accept-Language": "en"}
SOURCE = "made up for a test"


@pytest.fixture
def towns(county: None) -> Iterator[list[str]]:
    """The codes of the towns, without positions before and after."""
    with db.transaction() as session:
        yield list(session.scalars(select(Division.code).where(Division.kind == TOWN).order_by(Division.path)))
    with db.transaction() as session:
        session.execute(update(Division).values(latitude=None, longitude=None, position_source=None))


def made_up(codes: list[str]) -> list[dict[str, Any]]:
    """A position for each, on a line to the north-east."""
    return [{"code": code, "latitude": 31 + at / 10, "longitude": 109 + at / 10, "source": SOURCE}
            for at, code in enumerate(codes)]  # fmt: skip


def division(name: str, latitude: float, longitude: float) -> Division:
    return Division(code=name, path=name, name=name, name_en=name, latitude=latitude, longitude=longitude)


def test_a_degree_of_longitude_is_shorter_by_the_cosine_of_the_latitude_and_north_is_up() -> None:
    corners = [division("a", 30, 110), division("b", 30, 111), division("c", 31, 110)]
    (a, b, c), scale = county_map.projected(corners)
    assert (b[0] - a[0]) / scale == pytest.approx(111.195 * math.cos(math.radians(30.5)))
    assert (a[1] - c[1]) / scale == pytest.approx(111.195)
    assert a[0] == pytest.approx(c[0])


def test_circles_and_names_of_near_places_do_not_overlap_and_the_bar_is_to_scale() -> None:
    places = [division(f"地名{at}镇", 31 + 0.03 * (at % 3), 109 + 0.05 * (at // 3)) for at in range(9)]
    drawn = county_map.county_map(places, {one.path: 9 for one in places}, "zh")
    for one, other in combinations(drawn.spots, 2):
        assert math.dist((one.x, one.y), (other.x, other.y)) >= one.radius + other.radius - 1e-6
        left, top, right, bottom = county_map._box(one.label, one.name)
        x, y, r, b = county_map._box(other.label, other.name)
        assert right <= x or r <= left or bottom <= y or b <= top, (one.path, other.path)
    points, scale = county_map.projected(places)
    assert drawn.bar is not None
    assert drawn.bar.length == pytest.approx(drawn.bar.km * scale)
    assert max(y for _, y in points) < drawn.height


def test_one_place_and_places_at_one_point_are_drawn_too() -> None:
    for count in (1, 2):
        same = [division(str(at), 31, 109) for at in range(count)]
        assert county_map.county_map(same, dict.fromkeys("01", 1), "zh").spots[0].x == county_map.WIDTH / 2


def test_what_is_entered_is_on_record_and_drawn_on_the_board_and_in_its_pdf(
    towns: list[str], signed_in: SomeoneSigned, system: System, report: Report
) -> None:
    report()
    admin, county = signed_in("admin"), signed_in("county")
    rows = made_up(towns[:-1])
    page = {name: [str(row[name]) for row in rows] for name in ("code", "latitude", "longitude", "source")}
    assert admin.send("/places", page).status_code == 303
    half = county.get("/board", headers=ENGLISH).text
    assert "A plan, not a map" in half
    assert 'class="bar"' not in half
    assert "/places" not in half
    lacking = half.partition("where these lie: ")[2].partition("</figcaption>")[0]
    with db.transaction() as session:
        names = {one: session.get_one(Division, one).name_en for one in towns}
    assert names[towns[-1]] in lacking
    assert names[towns[0]] not in lacking
    assert system("admin").put("/api/v1/places", json={"items": made_up(towns)}).get_json() == {"changed": 1}
    whole = county.get("/board", headers=ENGLISH).text
    assert "A plan, not a map" not in whole
    assert 'class="bar"' in whole
    paper = PdfReader(BytesIO(county.get("/board.pdf", headers=ENGLISH).data))
    assert "20 km" in paper.pages[-1].extract_text()
    listed = system("admin").get("/api/v1/places").get_json()["items"]
    assert {one["code"]: one["latitude"] for one in listed if one["kind"] == "town"}[towns[1]] == 31.1
    with db.transaction() as session:
        told = session.scalars(select(Event).where(Event.kind == "division.placed").order_by(Event.id)).all()
    assert {one.data["division"] for one in told} == set(towns)
    assert told[-1].data["before"] == {"latitude": None, "longitude": None, "source": None}
    assert {"code": told[-1].data["division"], **told[-1].data["after"]} == made_up(towns)[-1]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"latitude": "109.5"}, "the latitude 109.5 is no number"),
        ({"latitude": "nan"}, "the latitude nan is no number"),
        ({"longitude": ""}, "the longitude — is no number"),
        ({"longitude": "31°N"}, "the longitude 31°N is no number"),
        ({"source": " "}, "say where the numbers are from"),
    ],
)
def test_wrong_numbers_are_refused_with_the_reason_and_nothing_typed_is_lost(
    towns: list[str], signed_in: SomeoneSigned, wrong: dict[str, str], said: str
) -> None:
    admin = signed_in("admin")
    admin.headers = {**admin.headers, **ENGLISH}
    good, bad = made_up(towns[:2])
    rows = [good, bad | wrong]
    columns = {name: [str(row[name]) for row in rows] for name in ("code", "latitude", "longitude", "source")}
    answer = admin.send("/places", columns)
    assert answer.status_code == 422
    assert f'value="{good["latitude"]}"' in answer.text
    assert f'value="{next(iter(wrong.values()))}"' in answer.text
    assert answer.text.count('aria-invalid="true"') == 1
    assert said in answer.text
    lines = "\n".join(["code,latitude,longitude,source", *(",".join(str(one) for one in row.values()) for row in rows)])
    pasted = admin.send("/places", {"csv": lines})
    assert pasted.status_code == 422
    assert lines.splitlines()[2] in pasted.text
    assert said in pasted.text
    with db.transaction() as session:
        assert not session.scalars(select(Division).where(Division.latitude.is_not(None))).all()


def test_a_file_is_taken_whole_by_the_command_or_refused_with_a_sentence(towns: list[str], tmp_path: Path) -> None:
    file = tmp_path / "places.csv"
    lines = ["code,latitude,longitude,source", f"{towns[0]},31.5,109.5,{SOURCE}"]
    file.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert CliRunner().invoke(main, ["places", "import", str(file)]).output == "1 positions changed.\n"
    file.write_text("\n".join([lines[0], f"{towns[0]},,,", f"1,31,109,{SOURCE}"]), encoding="utf-8")
    refused = CliRunner().invoke(main, ["places", "import", str(file)])
    assert refused.exit_code == 1
    assert "1" in refused.stderr
    file.write_text(lines[1], encoding="utf-8")
    assert "code,latitude,longitude,source" in CliRunner().invoke(main, ["places", "import", str(file)]).stderr
    with db.transaction() as session:
        assert session.get_one(Division, towns[0]).latitude == 31.5


def test_places_are_for_administrators_of_the_county(
    towns: list[str], system: System, signed_in: SomeoneSigned
) -> None:
    assert signed_in("county").get("/places").status_code == 403
    assert system("leader").put("/api/v1/places", json={"items": made_up(towns)}).status_code == 403
    assert system("admin").get("/api/v1/places?division=999999").status_code == 404
