"""Facts that must not be on file in free words (个人信息保护法 §28, 治安管理处罚法 2025 §136): blocklist.toml."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import Session

from engine import events
from engine.errors import N_, Invalid
from engine.people.actor import Actor

NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{5}(?:18|19|20)[0-9]{9}[0-9Xx](?![0-9])", re.ASCII)
SPOKEN = ("f-report", "f-danger", "f-addition", "f-rating", "f-recusal", "f-withdrawal", "f-mediation-end")
"""Forms that hold somebody's own words and are never stopped for them: those words are covered in what is printed."""
GROUNDS = ("subject", "law", "harmless")
"""Why such words may stay: the matter itself is about it, a law asks for it, they mean something else."""


class FactsBlocked(Invalid):
    """Words that give away what must not be on file."""

    code = "facts-blocked"
    message = N_("“%(found)s” must not be on file (%(law)s). Reword it, or say why it must stay.")


class WordsBlocked(Invalid):
    """A reason gives away what must not be on file; there it is needed for nothing."""

    code = "words-blocked"
    message = N_(
        "“%(found)s” must not be on file (%(law)s). Say it in other words, without this fact; nothing was saved yet."
    )


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


def clean(text: str) -> str:
    """A reason, or what else is said in passing, without the spaces around it. Raises WordsBlocked."""
    if found := list(hits(text)):
        raise WordsBlocked(found="、".join(hit.found for hit in found), law=found[0].law)
    return text.strip()


def judge(session: Session, case_id: UUID, actor: Actor, text: str, keep_words: str) -> None:
    """Let words that must not be on file stay on a ground alone (GROUNDS), and record it. Raises FactsBlocked."""
    found = list(hits(text))
    if found and keep_words not in GROUNDS:
        raise FactsBlocked(found="、".join(hit.found for hit in found), law=found[0].law)
    if found:
        kept(session, case_id, actor, {hit.kind for hit in found}, keep_words)


def kept(session: Session, case_id: UUID, actor: Actor, kinds: Iterable[str], ground: str) -> None:
    """Record that words of some kinds stay, on a ground."""
    events.record(session, "case.blocked_words_kept", case_id, actor=actor.id, facts=sorted(kinds), ground=ground)


def mark(session: Session, case_id: UUID, actor: Actor, *texts: str) -> None:
    """Record which facts that must not be kept stand in what somebody said, where nobody is stopped for them."""
    if found := {hit.kind for text in texts for hit in hits(text)}:
        events.record(session, "case.blocked_words_found", case_id, actor=actor.id or None, facts=sorted(found))


@cache
def _patterns() -> list[tuple[str, str, str, str, re.Pattern[str]]]:
    kinds = tomllib.loads(Path(__file__).with_name("blocklist.toml").read_text(encoding="utf-8"))
    return [
        (kind, *facts["name"], facts["law"], re.compile("|".join(map(re.escape, facts["words"])), re.IGNORECASE))
        for kind, facts in kinds.items()
    ]
