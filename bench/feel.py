"""FEEL: compiling and evaluating the kinds of expression that diagrams and tables are made of."""

from bench.measure import Figure, figure, seconds
from engine import feel

ROUNDS, CALLS = 7, 2000
CONTEXT = {"risk": "RED", "level": "town", "people": 12, "parties": [{"name": "a", "side": "applicant"}] * 5}
EXPRESSIONS = {
    "a condition": 'risk = "RED" and people > 10',
    "a choice": 'if level = "village" then "town" else "county"',
    "a filter over five parties": 'count(parties[side = "applicant"])',
    "a list from five parties": 'for one in parties return one.name + "!"',
}


def run() -> list[Figure]:
    """Microseconds an evaluation, and a compilation."""
    found = []
    for subject, source in EXPRESSIONS.items():
        compiled = feel.compile_expression(source)
        times = [seconds(lambda run=compiled: [run.evaluate(CONTEXT) for _ in range(CALLS)]) for _ in range(ROUNDS)]  # type: ignore[misc]
        found.append(figure(f"evaluating {subject}", [one / CALLS * 1_000_000 for one in times], "µs"))
    return found
