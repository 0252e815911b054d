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

from engine.deadlines.counting import in_words

WORD = re.compile(r"(?P<word>[a-z_]+)(=(?P<duration>[A-Z0-9]+))?(:(?P<grounds>[a-z_+]+))?")
WORDS = frozenset({"roll_forward", "extend", "suspend", "restart", "urgent", "exempt"})


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
    """Read a rule. Raises ValueError, also where a length of time in it is none."""
    found: dict[str, tuple[str | None, frozenset[str]]] = {}
    for part in filter(None, text.split(";")):
        match = WORD.fullmatch(part)
        if match is None or match["word"] not in WORDS:
            raise ValueError(f"{part} is not a word of a deadline's rule")
        if match["duration"]:
            in_words(match["duration"], "en")
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
