"""A poster's code leads to the public report with the place filled in, and carries nothing else."""

from collections.abc import Callable
from html import unescape
from io import BytesIO

import pytest
import segno
from flask import Flask

from tests.api.conftest import Browser

Signed = Callable[[str], Browser]
GRID = "610927103207001"
pytestmark = pytest.mark.usefixtures("library")


def test_whoever_scans_a_poster_reports_from_its_place(app: Flask, signed_in: Signed, system: Signed) -> None:
    address = system("mediator").get(f"/api/v1/places/{GRID}/poster").get_json()["address"]
    assert address == f"http://localhost/report?place={GRID}"
    page = signed_in("mediator").get(f"/posters?place={GRID}")
    drawn = BytesIO()
    segno.make(address, error="q").save(drawn, kind="svg", scale=8, xmldecl=False, svgns=False, dark="#000")
    path = drawn.getvalue().decode().split(' d="')[1].split('"')[0]
    assert path in page.text and all(number in page.text for number in ("110", "119", "120", "96110"))
    assert "身边有事" in page.text and "Scan and tell us" in page.text
    report = unescape(app.test_client().get(address.removeprefix("http://localhost")).text)
    where = report.split('name="where"')[1].split(">")[0]
    assert 'value="钟宝镇民主村第一网格"' in where
    english = app.test_client().get(f"/report?place={GRID}&locale=en").text.split('name="where"')[1].split(">")[0]
    assert "Minzhu Village, grid 1, Zhongbao" in unescape(english)


def test_posters_are_printed_for_the_places_of_ones_division(signed_in: Signed, system: Signed, app: Flask) -> None:
    assert system("admin").get("/api/v1/places/610927/poster").get_json()["address"] == "http://localhost/report"
    assert signed_in("duty").get("/posters?place=610927").status_code == 404
    assert system("mediator").get("/api/v1/places/610927103/poster").status_code == 404
    for login in ("grid", "police", "leader", "town"):
        assert signed_in(login).get("/posters").status_code == 403
    assert 'value=""' in app.test_client().get("/report?place=000").text.split('name="where"')[1].split(">")[0]
