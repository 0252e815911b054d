"""Facts that must not be on file in free words (个人信息保护法 §28, 治安管理处罚法 2025 §136): blocklist.toml."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9])", re.ASCII)
GROUNDS = ("subject", "law", "harmless")
"""Why such words may stay: the matter itself is about it, a law asks for it, they mean something else."""


@dataclass(frozen=True)
class Hit:
    """Words that give away what must not be on file: the kind of fact, its names, the law, and the words found."""

    kind: str
    zh: str
    en: str
    law: str
    found: str


def hits(text: str) -> Iterator[Hit]:
    """What in a text must not be on file, one hit a kind."""
    for kind, zh, en, law, pattern in _patterns():
        if match := pattern.search(text):
            yield Hit(kind, zh, en, law, match[0])
    if match := NUMBER.search(text):
        yield Hit("identity", "公民身份号码", "an identity number", "个人信息保护法 §§28, 51", match[0][:6] + "…")


def covered(text: str) -> str:
    """A text for papers and exports: what must not be on file is covered, identity numbers in free words too."""
    for _, _, _, _, pattern in _patterns():
        text = pattern.sub("▇▇", text)
    return NUMBER.sub("▇▇", text)


@cache
def _patterns() -> list[tuple[str, str, str, str, re.Pattern[str]]]:
    kinds = tomllib.loads(Path(__file__).with_name("blocklist.toml").read_text(encoding="utf-8"))
    return [
        (kind, *facts["name"], facts["law"], re.compile("|".join(map(re.escape, facts["words"])), re.IGNORECASE))
        for kind, facts in kinds.items()
    ]
