"""Templates of papers: Jinja in a small line-based text (docs/case-file.md), filled with facts to blocks.

`# title`, `> line on the right`, `## heading`, `| label | value |` rows, `~ signature ~ signature`, `===` new page;
every other line is a paragraph. Facts are always words: nothing in them can become a line of its own.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from jinja2 import ChainableUndefined, FileSystemLoader, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from engine.errors import N_, Invalid
from engine.papers import citing, sums
from engine.papers.catalogue import FOLDER

SOFT_BREAK = "\u2028"
BAR = "\ue000"
BLANK = "\ue001"
"""An answer that is to be written by hand: an empty cell, or some empty lines."""


class TemplateInvalid(Invalid):
    """A template that cannot be filled."""

    code = "template-invalid"
    message = N_("The template cannot be filled: %(why)s")


@dataclass(frozen=True)
class Block:
    """One piece of a paper: `kind` is title, right, heading, row, sign, break, text, blank or index."""

    kind: str
    texts: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """For the typesetter."""
        return asdict(self)


@dataclass(frozen=True)
class Scan:
    """A picture or PDF that belongs to a paper: its media type and bytes.

    `original` is what came in, where `content` is a copy without what the camera wrote.
    """

    name: str
    media_type: str
    content: bytes
    original: bytes = b""


class Blanks(dict[str, str]):
    """Answers that are all to be written by hand; a list of them has room for two."""

    def __missing__(self, key: str) -> str:
        return Blank(BLANK)


class Blank(str):
    """An answer to be written by hand, or some of them."""

    def __iter__(self) -> Iterator[Any]:
        return iter((Blanks(), Blanks()))


def fill(template: str, facts: Mapping[str, Any]) -> tuple[Block, ...]:
    """A template filled with facts. Raises TemplateInvalid, with what Jinja says."""
    try:
        text = _environment().from_string(template).render(facts)
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise TemplateInvalid(why=str(error)) from None
    return tuple(_blocks(text))


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(FOLDER / "parts"),
        undefined=ChainableUndefined,
        finalize=_word,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters["in_capitals"] = sums.beside
    environment.filters["in_chinese"] = citing.in_chinese
    return environment


def _word(value: Any) -> str:
    """A fact as words within one line: its own line breaks and bars stay its own."""
    text = "" if value is None else str(value)
    return re.sub(r"\r\n|\r|\n", SOFT_BREAK, text).replace("|", BAR).replace("~", "～")


def _blocks(filled: str) -> Iterator[Block]:
    for raw in filled.split("\n"):
        line = raw.strip()
        if not line:
            continue
        if line == "===":
            yield Block("break")
        elif line.startswith("|"):
            yield Block("row", tuple(_plain(cell) for cell in line.strip("|").split("|")))
        elif line.startswith("~"):
            yield Block("sign", tuple(_plain(one) for one in line.strip("~").split("~")))
        elif line.startswith("## "):
            yield Block("heading", (_plain(line[3:]),))
        elif line.startswith("# "):
            yield Block("title", (_plain(line[2:]),))
        elif line.startswith(">"):
            if text := _plain(line[1:]):
                yield Block("right", (text,))
        elif line == BLANK:
            yield Block("blank")
        else:
            yield Block("text", (_plain(line),))


def _plain(text: str) -> str:
    return text.replace(SOFT_BREAK, "\n").replace(BAR, "|").replace(BLANK, "").strip()
