"""What may happen to a deadline while it runs, read from the catalogue's `rule`.

A rule is a list of words joined by `;`, each `word[=duration][:ground+ground]`:

- `roll_forward`: a right of citizens; what is displayed rolls to the next working day (民法典 §203)
- `extend=P30D:head_approval+notice`: may be extended once, by at most that long, if every condition is met; without a
  duration the law sets no limit
- `suspend:appraisal`: time spent on this is not counted
- `restart:correction`: starts again when this happens
- `urgent=PT24H`: how long where it is urgent
- `exempt:no_name_or_address`: does not run where this is so
"""

import re
from dataclasses import dataclass

from engine.deadlines import counting

WORD = re.compile(r"(?P<word>[a-z_]+)(=(?P<duration>[A-Z0-9]+))?(:(?P<grounds>[a-z_+]+))?")
WORDS = frozenset({"roll_forward", "extend", "suspend", "restart", "urgent", "exempt"})


WORDS_OF = {
    "roll_forward": (
        "最后一天是休息日的，顺延到下一个工作日",
        "a last day that is a day off moves to the next working day",
    ),
    "extend": ("可以延长一次", "may be extended once"),
    "suspend": ("不计入的时间", "time that does not count"),
    "restart": ("重新计算的情形", "begins anew after"),
    "urgent": ("情况紧急的", "where it is urgent"),
    "exempt": ("不适用的情形", "does not apply with"),
    "head_approval": ("负责人批准", "the head's approval"),
    "notice": ("告知当事人", "notice to the parties"),
    "both_consent": ("双方同意", "consent of both"),
    "president": ("院长批准", "the president's approval"),
    "superior": ("上一级批准", "approval one level up"),
    "appraisal": ("鉴定", "an appraisal"),
    "hearing": ("听证", "a hearing"),
    "correction": ("补正", "a correction"),
    "mediation_failed": ("调解不成", "mediation that failed"),
    "no_name_or_address": ("姓名、住址不清", "no name or address"),
}
"""The words of rules as people read them: in Chinese, in English."""


@dataclass(frozen=True)
class Extension:
    """How a deadline may be extended: by at most `duration` (None: as approved), if all of `needs` are given."""

    duration: str | None
    needs: frozenset[str]


@dataclass(frozen=True)
class Rule:
    """What the law allows to happen to a running deadline."""

    roll_forward: bool = False
    extension: Extension | None = None
    suspensions: frozenset[str] = frozenset()
    restarts: frozenset[str] = frozenset()
    exemptions: frozenset[str] = frozenset()
    urgent: str | None = None


def read(text: str) -> Rule:
    """Read a rule. Raises ValueError."""
    found: dict[str, tuple[str | None, frozenset[str]]] = {}
    for part in filter(None, text.split(";")):
        match = WORD.fullmatch(part)
        if match is None or match["word"] not in WORDS:
            raise ValueError(f"{part} is not a word of a deadline's rule")
        found[match["word"]] = (match["duration"], frozenset(filter(None, (match["grounds"] or "").split("+"))))
    nothing: tuple[str | None, frozenset[str]] = (None, frozenset())
    return Rule(
        roll_forward="roll_forward" in found,
        extension=Extension(*found["extend"]) if "extend" in found else None,
        suspensions=found.get("suspend", nothing)[1],
        restarts=found.get("restart", nothing)[1],
        exemptions=found.get("exempt", nothing)[1],
        urgent=found.get("urgent", nothing)[0],
    )


def check(text: str) -> None:
    """Whether a rule can be a law's: its words are known, and each length in it is one. Raises ValueError."""
    rule = read(text)
    for length in (rule.urgent, rule.extension.duration if rule.extension else None):
        if length:
            counting.check(length)


def told(text: str, locale: str) -> list[str]:
    """What a rule allows, one sentence for each of its words; a ground that came later is told by its own word."""
    said = []
    for part in filter(None, text.split(";")):
        match = WORD.fullmatch(part)
        if match is None:
            continue
        facts = [counting.in_words(match["duration"], locale)] if match["duration"] else []
        facts += [_word(ground, locale) for ground in (match["grounds"] or "").split("+") if ground]
        colon, comma = ("：", "，") if locale == "zh" else (": ", ", ")
        said.append(_word(match["word"], locale) + (colon + comma.join(facts) if facts else ""))
    return said


def _word(word: str, locale: str) -> str:
    return WORDS_OF.get(word, (word, word))[locale == "en"]
