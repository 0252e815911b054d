"""The kinds of notifications, by which channels each goes, and what each says (kinds.toml)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from engine import clock
from engine.cases import dictionary
from engine.deadlines import shipped

PRODUCT, EMAIL, GATEWAY = CHANNELS = ("product", "email", "gateway")
SEALED = "sealed"


@dataclass(frozen=True)
class Kind:
    """One kind. `name` and `text` are Chinese, English; `urgent` knows no quiet hours; `villager` is for followers."""

    key: str
    name: tuple[str, str]
    text: tuple[str, str]
    channels: frozenset[str]
    urgent: bool = False
    villager: bool = False


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by their keys."""
    read = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    return {key: Kind(key, **{**one, "channels": frozenset(one["channels"])}) for key, one in read.items()}


def choosable() -> list[Kind]:
    """The kinds whose channels a person chooses; what is sealed never goes to a gateway."""
    return [one for one in kinds().values() if not one.villager and one.key != SEALED]


def name(kind: str, locale: str) -> str:
    """What a kind is called."""
    found = kinds().get(kind)
    return found.name[locale == "en"] if found else kind


def text(kind: str, facts: Mapping[str, Any], locale: str) -> str:
    """The sentence of a notification. Codes among the facts are said in the reader's language."""
    said = {key: _say(key, value, locale) for key, value in facts.items()}
    return kinds()[kind].text[locale == "en"].format_map(_Known(said))


class _Known(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "…"  # a fact that is gone, such as a case that was erased: the rest of the sentence still says enough


def _say(key: str, value: Any, locale: str) -> str:
    if value is None:
        return "…"
    match key:
        case "deadline":
            return shipped.name(str(value), locale)
        case "mark" | "stage":
            return dictionary.label(key, str(value), locale)
        case "due":
            return _day(date.fromisoformat(value), locale)
        case "when" | "was":
            moment = datetime.fromisoformat(value).astimezone(clock.ZONE)
            return f"{_day(moment.date(), locale)} {moment:%H:%M}"
        case _ if isinstance(value, Mapping):  # a name in both languages
            return str(value.get(locale) or value.get("zh") or "")
    return str(value)


def _day(day: date, locale: str) -> str:
    return f"{day:%Y-%m-%d}" if locale == "en" else f"{day.year}年{day.month}月{day.day}日"
