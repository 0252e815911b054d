"""Capital figures (大写): the examples of the rules on filling in bills, and gaps between groups of four."""

from decimal import Decimal

import pytest

from engine import papers
from engine.papers import sums


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("12000", "壹万贰仟元整"),
        ("0.30", "叁角整"),
        ("0.05", "伍分"),
        ("1000500", "壹佰万零伍佰元整"),
        ("100010000", "壹亿零壹万元整"),
        ("10000000001", "壹佰亿零壹元整"),
    ],
)
def test_a_sum_in_capital_figures(amount: str, written: str) -> None:
    assert sums.capitals(Decimal(amount)) == written


@pytest.mark.parametrize(
    ("said", "written"),
    [("12,000 元", "12,000 元（大写：壹万贰仟元整）"), ("", ""), ("面议", "面议"), ("0 元", "0 元"), (None, "")],
)
def test_a_template_writes_capitals_beside_sums_alone(said: str | None, written: str) -> None:
    (block,) = papers.fill("金额：{{ amount|in_capitals }}", {"amount": said})
    assert block.texts == (f"金额：{written}",)
