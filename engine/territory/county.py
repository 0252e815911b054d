"""The demo county: 镇坪县 as far as its names are known, placeholders marked (zhenping.json names the sources).

Where its towns lie is not known here; administrators enter it (`engine.casework.places`).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.territory.models import COMMUNITY, COUNTY, GRID, TOWN, VILLAGE, Division

DATA = Path(__file__).with_name("zhenping.json")
GRIDS = 2
"""Grids of each village in the demo county; how many there really are is not known here."""


def load(session: Session) -> None:
    """Load the county; what is there already stays."""
    rows = list(_rows(json.loads(DATA.read_text(encoding="utf-8"))))
    session.execute(insert(Division).on_conflict_do_nothing(), rows)


def _rows(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    county = data["county"]
    root = county["code"]
    yield _row(root, county["name"], county["name_en"], COUNTY, None, root)
    for town in data["towns"]:
        path = f"{root}/{town['code']}"
        yield _row(town["code"], town["name"], town["name_en"], TOWN, root, path)
        for unit in town["units"]:
            kind = COMMUNITY if unit["name"].endswith("社区") else VILLAGE
            code, unknown = town["code"] + unit["number"], unit.get("placeholder", False)
            below = f"{path}/{code}"
            yield _row(code, unit["name"], unit["name_en"], kind, town["code"], below, unknown)
            for number in range(1, GRIDS + 1):
                grid = f"{code}{number:03d}"
                name = f"{unit['name']}第{'一二三四五'[number - 1]}网格"
                yield _row(grid, name, f"{unit['name_en']}, grid {number}", GRID, code, f"{below}/{grid}", True)


def _row(
    code: str, name: str, name_en: str, kind: str, parent: str | None, path: str, placeholder: bool = False
) -> dict[str, Any]:  # fmt: skip
    return {
        "code": code, "name": name, "name_en": name_en, "kind": kind, "parent": parent, "path": path,
        "placeholder": placeholder,
    }  # fmt: skip
