"""The catalogue and the calendar that come with the product, as files that people can read and correct."""

import json
import tomllib
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from engine.deadlines.counting import Calendar

HERE = Path(__file__).parent


def catalogue() -> list[dict[str, Any]]:
    """The entries of catalogue.json as rows: the law's deadlines with their articles."""
    entries: list[dict[str, Any]] = json.loads((HERE / "catalogue.json").read_text(encoding="utf-8"))
    return [{**entry, "in_force_from": date.fromisoformat(entry["in_force_from"])} for entry in entries]


def told() -> list[dict[str, Any]]:
    """The entries of told.json as rows: times that others owe or a diagram's own timer keeps; none of them is run."""
    rows: list[dict[str, Any]] = json.loads((HERE / "told.json").read_text(encoding="utf-8"))
    return rows


def days() -> list[dict[str, Any]]:
    """The days off and make-up workdays of holidays.toml as rows."""
    rows: list[dict[str, Any]] = []
    for year in tomllib.loads((HERE / "holidays.toml").read_text(encoding="utf-8")).values():
        for first, last in year["holidays"]:
            begin, length = date.fromisoformat(first), date.fromisoformat(last) - date.fromisoformat(first)
            rows += [{"day": begin + timedelta(days=n), "working": False} for n in range(length.days + 1)]
        rows += [{"day": date.fromisoformat(day), "working": True} for day in year["workdays"]]
    return rows


@cache
def calendar() -> Calendar:
    """The calendar of holidays.toml, for whoever counts without a database."""
    off = {row["day"] for row in days() if not row["working"]}
    worked = {row["day"] for row in days() if row["working"]}
    return Calendar(off, worked, {day.year for day in off | worked})


@cache
def _laws() -> dict[str, str]:
    return {entry["key"]: entry["law"] for entry in catalogue()}


def law(key: str) -> str:
    """The article of a deadline of the catalogue; nothing where it came later."""
    return _laws().get(key, "")


@cache
def _names() -> dict[str, tuple[str, str]]:
    return {entry["key"]: (entry["name"], entry["name_en"]) for entry in catalogue()}


def name(key: str, locale: str) -> str:
    """What a deadline of the catalogue is called in the reader's language; its key where it came later."""
    found = _names().get(key)
    return found[locale == "en"] if found else key
