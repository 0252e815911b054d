"""The fast lookup of a table finds exactly the rules that FEEL's own tests find (DMN 1.5 §8.3.3)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import feel
from engine.dmn.cells import region
from tests.engine.dmn.models import decision, model, table

LITERALS = st.sampled_from(["0", "1", "2.5", "-3", '"a"', '"b"', '"c d"', "true", "false", "null",
                            'date("2026-01-01")', '@"2026-02-01"', '@"P1D"', 'duration("P2Y")'])  # fmt: skip
ORDERED = st.sampled_from(["0", "1", "2.5", "-3"])
SPANS = st.one_of(
    st.builds(lambda sign, end: f"{sign} {end}", st.sampled_from(["<", "<=", ">", ">="]), LITERALS),
    st.builds(
        lambda left, low, high, right: f"{left}{low}..{high}{right}",
        st.sampled_from("[]("), ORDERED, ORDERED, st.sampled_from("[])"),
    ),
)  # fmt: skip
CELLS = st.one_of(
    st.just("-"),
    SPANS,
    st.lists(LITERALS, min_size=1, max_size=3).map(", ".join),
    st.lists(LITERALS | SPANS, min_size=1, max_size=3).map(lambda parts: f"not({', '.join(parts)})"),
)
VALUES: list[Any] = [None, 0, 1, 2, 3, -3, -4, "a", "b", "c d", "", "z", True, False, ["a"], [1, 2]]
VALUES += [feel.evaluate(text, {}) for text in ('date("2026-01-01")', 'date("2026-01-02")', '@"P1D"', '@"P2Y"')]


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=5), st.sampled_from(VALUES), st.sampled_from(VALUES))
def test_lookup_agrees_with_feel(rules: list[tuple[str, str]], first: Any, second: Any) -> None:
    rows = [[*cells, str(number)] for number, cells in enumerate(rules)]
    asked = model(decision("d", table(["x", "y"], rows, policy="RULE ORDER")))
    result = asked.decide("d", {"x": first, "y": second})
    expected = [number for number, cells in enumerate(rules) if _holds(cells[0], first) and _holds(cells[1], second)]
    assert result.value == expected


def _holds(cell: str, value: Any) -> bool:
    return cell == "-" or feel.compile_unary_tests(cell).evaluate({"?": value}) is True


@pytest.mark.parametrize(
    "cell",
    ["1, 2, [5..9)", 'not("a", "b")', "not(< 5, [7..9])", '< date("2026-01-01")', "true", "null", "-3", '"a b, c"'],
)
def test_plain_cells_are_looked_up(cell: str) -> None:
    assert region(cell) is not None


@pytest.mark.parametrize("cell", ["x", "? > 1", '1, "a"', "not(< x)", "not(null)", "[5..1]", "1 2", "1,", "list(1)"])
def test_other_cells_are_evaluated(cell: str) -> None:
    assert region(cell) is None
