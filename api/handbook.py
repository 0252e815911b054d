"""The handbook (api/help): one text in each language, told section by section on pages and as a whole in print."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup

from engine.papers import Block, Part, pdf
from engine.people.roles import ROLES
from forms.markdown import to_html

FOLDER = Path(__file__).with_name("help")
SECTION = re.compile(r"^## (.+) \{#(\w+)\}\n", re.MULTILINE)
BOLD = re.compile(r"\*\*([^*]+)\*\*")


@dataclass(frozen=True)
class Section:
    """One section: its key, title and text (the small markdown of forms)."""

    key: str
    title: str
    text: str

    @property
    def html(self) -> Markup:
        """The text as safe HTML."""
        return to_html(self.text, lambda expression: expression)


@dataclass(frozen=True)
class Step:
    """One step of a first day: what to do, and the page where it is done."""

    key: str
    page: str
    text: str


@cache
def sections(locale: str) -> dict[str, Section]:
    """The sections in their order."""
    _, *pieces = SECTION.split(_text(locale))
    found = zip(pieces[::3], pieces[1::3], pieces[2::3], strict=True)
    return {key: Section(key, title, text.strip()) for title, key, text in found}


def section_of(endpoint: str | None) -> str | None:
    """The key of the section that explains a page; of several beginnings that fit, the longest counts."""
    fits = [
        (len(beginning), key)
        for key, beginnings in _catalogue()["sections"].items()
        for beginning in beginnings
        if (endpoint or "").startswith(beginning)
    ]
    return max(fits)[1] if fits else None


def first_day(roles: Iterable[str], locale: str) -> list[Step]:
    """The steps of a first day of somebody who holds some roles, each once."""
    held = set(roles)
    keys = {step: None for role in ROLES if role in held for step in _catalogue()["roles"].get(role, ())}
    steps = _catalogue()["steps"]
    return [Step(key, steps[key]["page"], steps[key][locale]) for key in keys]


def steps() -> set[str]:
    """The keys of all steps."""
    return set(_catalogue()["steps"])


def manual(locale: str, names: dict[str, str], first_day_title: str) -> bytes:
    """The whole handbook as PDF, with the first day of each role; `names` are the roles in the reader's language."""
    title, intro = re.match(r"# (.+)\n+(.+)\n", _text(locale)).groups()  # type: ignore[union-attr]  # the file begins so
    blocks = [Block("title", (title,)), Block("text", (intro,))]
    for one in sections(locale).values():
        blocks += [Block("heading", (one.title,)), *_printed(one.text)]
    blocks += [Block("break"), Block("title", (first_day_title,))]
    for role, name in names.items():
        if found := first_day([role], locale):
            blocks.append(Block("heading", (name,)))
            blocks += [Block("text", (f"{number}. {step.text}",)) for number, step in enumerate(found, start=1)]
    return pdf(title, [Part(title, blocks)])


def _printed(text: str) -> list[Block]:
    lines = (BOLD.sub(r"\1", line.strip()) for line in text.splitlines())
    return [Block("text", ("• " + line[2:] if line.startswith("- ") else line,)) for line in lines if line]


@cache
def _text(locale: str) -> str:
    return (FOLDER / f"{locale}.md").read_text(encoding="utf-8")


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "help.toml").read_text(encoding="utf-8"))
