"""FEEL: reading, compiling and evaluating ten typical expressions, each beside the same logic in plain Python."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from bench.measure import Figure, figure, in_turn, seconds
from engine import feel
from engine.feel.codegen import generate
from engine.feel.parser import parse

ROUNDS, CALLS, READINGS = 21, 1_000, 10
CONTEXT: dict[str, Any] = {
    "amount": 1200, "level": "town", "risk": "RED", "people": 12, "due": date(2026, 12, 1), "today": date(2026, 11, 23),
    "consent": None, "party": {"name": "An", "age": 61}, "parties": [{"name": "a", "side": "applicant"}] * 5,
    "facts": ["hazard", "threat", "weapon"],
}  # fmt: skip
Hand = Callable[[Mapping[str, Any]], Any]
TYPICAL: dict[str, tuple[str, Hand]] = {
    "a gateway": ('amount > 1000 and level = "town"', lambda c: c["amount"] > 1000 and c["level"] == "town"),
    "one of several": ('risk in ("RED", "ORANGE")', lambda c: c["risk"] in ("RED", "ORANGE")),
    "a choice": (
        'if level = "village" then "town" else "county"',
        lambda c: "town" if c["level"] == "village" else "county",
    ),
    "a number in a range": ("people in [10..20]", lambda c: 10 <= c["people"] <= 20),
    "nothing given": ("consent = null or consent = true", lambda c: c["consent"] is None or c["consent"] is True),
    "an entry of a context": (
        "party.age >= 60 and not(party.age > 80)",
        lambda c: c["party"]["age"] >= 60 and not c["party"]["age"] > 80,
    ),
    "a day and a duration": ('due < today + @"P30D"', lambda c: c["due"] < c["today"] + timedelta(days=30)),
    "an item of a list": (
        'list contains(facts, "weapon") or list contains(facts, "threat")',
        lambda c: "weapon" in c["facts"] or "threat" in c["facts"],
    ),
    "a filter over five parties": (
        'count(parties[side = "applicant"])',
        lambda c: len([one for one in c["parties"] if one["side"] == "applicant"]),
    ),
    "a list from five parties": (
        'for one in parties return one.name + "!"',
        lambda c: [one["name"] + "!" for one in c["parties"]],
    ),
}


def run() -> list[Figure]:
    """Microseconds for each expression: evaluating through the public API, by hand, reading, compiling."""
    found = []
    for subject, (source, hand) in TYPICAL.items():
        compiled = feel.compile_expression(source)
        assert compiled.evaluate(CONTEXT) == hand(CONTEXT), source

        def ours(evaluate: Callable[[Any], Any] = compiled.evaluate) -> float:
            return seconds(lambda: [evaluate(CONTEXT) for _ in range(CALLS)])

        def by_hand(hand: Hand = hand) -> float:
            return seconds(lambda: [hand(CONTEXT) for _ in range(CALLS)])

        times, hand_times = ([one / CALLS * 1e6 for one in taken] for taken in in_turn(ROUNDS, ours, by_hand))
        best = min(times) / min(hand_times)
        found.append(figure(f"evaluating {subject}", times, "µs", f"{best:.1f} times {min(hand_times):.2f} by hand"))
    found.append(_each("reading one of the ten", parse))
    found.append(_each("compiling one that is read", _compiled, [parse(source) for source, _ in TYPICAL.values()]))
    return found


def _each(subject: str, work: Callable[[Any], object], given: list[Any] | None = None) -> Figure:
    """Microseconds of some work on each of the ten, taken together."""
    things = given or [source for source, _ in TYPICAL.values()]
    rounds = [seconds(lambda: [work(one) for one in things for _ in range(READINGS)]) for _ in range(ROUNDS)]
    return figure(subject, [one / READINGS / len(things) * 1e6 for one in rounds], "µs")


def _compiled(tree: Any) -> object:
    return compile(generate(tree).source, "<feel>", "exec")
