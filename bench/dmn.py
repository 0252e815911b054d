"""DMN: ten typical tables decided, each beside the same logic written by hand in Python, in the same run."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from itertools import pairwise
from typing import Any

from bench.measure import Figure, figure, in_turn, seconds
from engine import dmn

ROUNDS, CALLS = 7, 1000
HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" namespace="bench" name="bench" id="bench">'
Row = Sequence[str]


@dataclass(frozen=True)
class Case:
    """A model, what it is given, and the same logic by hand."""

    subject: str
    model: str
    given: Mapping[str, Any]
    by_hand: Callable[..., Any]


def table(columns: Mapping[str, str], rules: Sequence[Row], policy: str = "UNIQUE", more: str = "") -> str:
    """A table with one output; `columns` are expressions with their types."""
    inputs = "".join(
        f'<input><inputExpression typeRef="{type_}"><text>{escape(source)}</text></inputExpression></input>'
        for source, type_ in columns.items()
    )
    rows = "".join(
        "<rule>"
        + "".join(f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in row[:-1])
        + f"<outputEntry><text>{escape(row[-1])}</text></outputEntry></rule>"
        for row in rules
    )
    return f'<decisionTable hitPolicy="{policy}" {more}>{inputs}<output/>{rows}</decisionTable>'


def decision(name: str, logic: str, needs: Sequence[str] = ()) -> str:
    """A decision; what it needs is input data where it begins with a small letter, else another decision."""
    required = "".join(
        f'<informationRequirement><{"requiredInput" if one[0].islower() else "requiredDecision"} href="#{one}"/>'
        "</informationRequirement>"
        for one in needs
    )
    return f'<decision id="{name}" name="{name}"><variable name="{name}"/>{required}{logic}</decision>'


def data(**types: str) -> str:
    """Input data with their types."""
    return "".join(
        f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type_}"/></inputData>'
        for name, type_ in types.items()
    )


def asked(columns: Mapping[str, str], rules: Sequence[Row], policy: str = "UNIQUE", more: str = "") -> str:
    """A model of one table, asked as D."""
    return data(**columns) + decision("D", table(columns, rules, policy, more), list(columns))


def age_group(age: float) -> str:
    return "child" if age < 18 else "adult" if age < 60 else "elder"


def route(kind: str, urgent: bool, level: str) -> str:
    if urgent:
        return "police"
    if kind in ("labour", "medical"):
        return "county"
    return "town" if level == "town" else "village"


BANDS = [
    (number * 10, ("A", "B") if number % 2 else ("C",), number % 3 == 0, number * 7 + 5, number % 5 == 0)
    for number in range(50)
]


def big(a: float, b: str, c: bool, d: float, e: str) -> str | None:
    for number, (low, letters, flag, limit, excluded) in enumerate(BANDS):
        if low <= a < low + 10 and b in letters and (c or not flag) and d < limit and not (excluded and e == "x"):
            return f"r{number}"
    return None


BIG = [
    [f"[{low}..{low + 10})", ", ".join(f'"{one}"' for one in letters), "true" if flag else "-", f"< {limit}",
     'not("x")' if excluded else "-", f'"r{number}"']
    for number, (low, letters, flag, limit, excluded) in enumerate(BANDS)
]  # fmt: skip
FEES = [(limit, 5 + limit // 10) for limit in range(0, 100, 10)]
TERMS = [date(2026, month, 1) for month in range(1, 13)]


def facts(given: list[str], subject: str) -> str | None:
    if "danger" in given and subject.startswith("h_"):
        return "hazard"
    if "danger" in given:
        return "police"
    if "dispute" in given:
        return "civil"
    return None


def graph(score: float, income: float) -> str:
    risk = "high" if score < 100 else "medium" if score < 120 else "low"
    able = income >= {"high": 3000, "medium": 2000, "low": 1000}[risk]
    return "accept" if able and risk != "high" else "refer" if able else "decline"


CASES = (
    Case("three rules over a number", asked({"age": "number"}, [
        ["< 18", '"child"'], ["[18..60)", '"adult"'], [">= 60", '"elder"']]), {"age": 30}, age_group),
    Case("enumerations and a switch, first rule", asked({"kind": "string", "urgent": "boolean", "level": "string"}, [
        ["-", "true", "-", '"police"'], ['"labour", "medical"', "-", "-", '"county"'],
        ["-", "-", '"town"', '"town"'], ["-", "-", "-", '"village"']], "FIRST"),
        {"kind": "neighbours", "urgent": False, "level": "town"}, route),
    Case("50 rules, 5 inputs", asked({"a": "number", "b": "string", "c": "boolean", "d": "number", "e": "string"},
        BIG), {"a": 487, "b": "C", "c": True, "d": 3, "e": "q"}, big),
    Case("ten rules summed", asked({"amount": "number"}, [[f"> {low}", str(fee)] for low, fee in FEES], "COLLECT",
        'aggregation="SUM"'), {"amount": 55}, lambda amount: sum(fee for low, fee in FEES if amount > low)),
    Case("ten rules listed in order", asked({"amount": "number"}, [[f"> {low}", str(fee)] for low, fee in FEES],
        "RULE ORDER"), {"amount": 55}, lambda amount: [fee for low, fee in FEES if amount > low]),
    Case("twelve months", asked({"day": "date"}, [
        *([f'[date("{low}")..date("{high}"))', str(low.month)] for low, high in pairwise(TERMS)),
        [f'>= date("{TERMS[-1]}")', "12"]]), {"day": date(2026, 7, 14)}, lambda day: day.month),
    Case("cells that are expressions", asked({"given": "list", "subject": "string"}, [
        ['list contains(?, "danger")', 'starts with(?, "h_")', '"hazard"'], ['list contains(?, "danger")', "-",
        '"police"'], ['list contains(?, "dispute")', "-", '"civil"']], "FIRST"),
        {"given": ["dispute"], "subject": "family"}, facts),
    Case("a default after 31 codes", asked({"code": "string"}, [
        *([f'"c{number}"', f'"D{number:02}"'] for number in range(31)), ["-", '"other"']], "FIRST"), {"code": "zz"},
        lambda code, known={f"c{number}": f"D{number:02}" for number in range(31)}: known.get(code, "other")),
    Case("three tables in a graph", data(score="number", income="number")
        + decision("Risk", table({"score": "number"}, [["< 100", '"high"'], ["[100..120)", '"medium"'],
            [">= 120", '"low"']]), ["score"])
        + decision("Able", table({"Risk": "string", "income": "number"}, [['"high"', ">= 3000", "true"],
            ['"medium"', ">= 2000", "true"], ['"low"', ">= 1000", "true"], ["-", "-", "false"]], "FIRST"),
            ["Risk", "income"])
        + decision("D", table({"Able": "boolean", "Risk": "string"}, [["true", 'not("high")', '"accept"'],
            ["true", "-", '"refer"'], ["-", "-", '"decline"']], "FIRST"), ["Able", "Risk"]),
        {"score": 110, "income": 2500}, graph),
    Case("results that are computed", asked({"principal": "number", "years": "number"}, [
        ["< 1000", "-", "principal * 0.05"], [">= 1000", "< 5", "principal * 0.04 * years"],
        [">= 1000", ">= 5", "principal * 0.03 * years"]]), {"principal": 2000, "years": 3},
        lambda principal, years: principal * (0.05 if principal < 1000 else (0.04 if years < 5 else 0.03) * years)),
)  # fmt: skip


def run() -> list[Figure]:
    """Microseconds a decision, and how many times those of handwritten Python."""
    found = []
    for case in CASES:
        model = dmn.parse(f"{HEAD}{case.model}</definitions>".encode())
        decided, expected = model.decide("D", case.given).value, case.by_hand(**case.given)
        same = decided == expected or abs(float(decided) - float(expected)) < 1e-9
        assert same, f"{case.subject}: {decided} is not {expected}"

        def ours(model: dmn.Model = model, given: Mapping[str, Any] = case.given) -> float:
            return seconds(lambda: [model.decide("D", given) for _ in range(CALLS)]) / CALLS * 1_000_000

        def by_hand(case: Case = case) -> float:
            return seconds(lambda: [case.by_hand(**case.given) for _ in range(CALLS)]) / CALLS * 1_000_000

        mine, theirs = in_turn(ROUNDS, ours, by_hand)
        note = f"by hand {sorted(theirs)[ROUNDS // 2]:.2f} µs"
        found.append(figure(f"deciding {case.subject}", mine, "µs", note))
    parsed = [seconds(lambda: dmn.parse(f"{HEAD}{CASES[2].model}</definitions>".encode())) for _ in range(ROUNDS)]
    found.append(figure("reading 50 rules of 5 inputs", [one * 1000 for one in parsed], "ms"))
    return found
