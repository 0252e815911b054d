"""Every kind of value that an expression makes can be a variable of an instance."""

import json

import pytest

from engine import feel
from engine.workflow import state


@pytest.mark.parametrize(
    "source",
    [
        "1.50", '@"2026-01-31"', '@"2026-01-31T10:00:00+08:00"', '@"10:00:00"', '@"P1DT2H"', '@"P14M"',
        '@"-0044-03-15"', '@"12026-01-31T10:00:00Z"', '@"10:00:00.123456789"', '@"P9999999999D"',
    ],
)  # fmt: skip
def test_value_comes_back_as_it_was(source: str) -> None:
    value = feel.evaluate(source, {})
    text = json.dumps({"kept": value}, default=state._encode)
    assert json.loads(text, object_hook=state._decode) == {"kept": value}
