"""Which papers a file is made of, in the order of its index: forms/papers/papers.toml, templates beside it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[2] / "forms" / "papers"
GENERIC = "generic"


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `key` is the form it is made of; `need` is must, start, agreed or may, `letter` its series.

    A paper that must be there need not be beside one of `unless`; a form with `only` is a paper if so answered.
    `titles` are other names, each with the answers (or the step, or the road of its case) that give it. `writer` is the
    kind of organisation that writes and numbers it, where that is not whoever keeps the file; `behind` the paper (and
    its proof of service) which it follows, where it does not stand at its own place.
    """

    key: str
    code: str
    zh: str
    en: str
    need: str
    kinds: tuple[str, ...]
    law: str
    letter: str = ""
    writer: str = ""
    unless: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    titles: tuple[Mapping[str, Any], ...] = ()
    behind: str = ""

    def title(self, locale: str) -> str:
        """Its name in a language."""
        return self.en if locale == "en" else self.zh

    def is_made_by(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers make it, as a decision to hear first makes no opinion yet."""
        return all(answers.get(key) == said for key, said in self.only)

    def as_answered(self, answers: Mapping[str, Any], step: str | None, road: str = "") -> "Paper":
        """The same paper under the name that these answers, the step they were given at, or the road make of it."""
        said = {**answers, "step": step, "road": road}
        for one in self.titles:
            if all(said.get(key) == value for key, value in one.items() if key not in ("title", "behind")):
                return replace(self, zh=one["title"][0], en=one["title"][1], behind=one.get("behind", ""))
        return self


@cache
def catalogue() -> dict[str, Paper]:
    """Every known paper by key, in the order of the index."""
    read = tomllib.loads((FOLDER / "papers.toml").read_text(encoding="utf-8"))
    return {
        one["key"]: Paper(
            one["key"], one.get("code", ""), one["title"][0], one["title"][1], one.get("need", "may"),
            tuple(one.get("kinds", ("dispute",))), one.get("law", ""), one.get("letter", ""),
            one.get("writer", ""), tuple(one.get("unless", ())), tuple(one.get("only", {}).items()),
            tuple(one.get("titles", ())),
        )
        for one in read["paper"]
    }  # fmt: skip


@cache
def internal() -> frozenset[str]:
    """The forms that are written for those inside alone."""
    return frozenset(tomllib.loads((FOLDER / "papers.toml").read_text(encoding="utf-8"))["internal"])


@cache
def shipped_template(key: str) -> str:
    """The template that comes with the product; papers without one of their own print what was asked and answered."""
    own = FOLDER / f"{key}.paper"
    return (own if own.is_file() and key in catalogue() else FOLDER / f"{GENERIC}.paper").read_text(encoding="utf-8")
