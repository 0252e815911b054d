"""Sums of money in capital figures (大写), as agreements and receipts carry them against forging."""

import re
from decimal import Decimal

DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("", "拾", "佰", "仟")
GROUPS = ("", "万", "亿", "万亿")
BELOW = 10 ** (4 * len(GROUPS))


def beside(text: str) -> str:
    """A sum and its capital figures: 12,000 元 → 12,000 元（大写：壹万贰仟元整）; what is no sum stays as it is."""
    number = re.fullmatch(r"([\d,]+(?:\.\d{1,2})?) ?元", str(text or ""))
    amount = Decimal(number[1].replace(",", "")) if number else Decimal(0)
    return f"{text}（大写：{capitals(amount)}）" if 0 < amount < BELOW else str(text or "")


def capitals(amount: Decimal) -> str:
    """Yuan in capital figures: 整 after yuan and jiao, 零 for gaps (支付结算办法附一: 正确填写票据…的基本规定)."""
    cents = int(amount * 100)
    yuan, jiao, fen = cents // 100, cents // 10 % 10, cents % 10
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not fen:
        return f"{whole or '零元'}整"
    gap = "零" if yuan and not jiao else ""
    return whole + gap + (f"{DIGITS[jiao]}角" if jiao else "") + (f"{DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    said, gap = "", False
    for at in reversed(range(len(GROUPS))):
        group = number // 10 ** (4 * at) % 10_000
        if group:
            said += ("零" if said and (gap or group < 1000) else "") + _group(group) + GROUPS[at]
        gap = bool(said) and not group
    return said


def _group(number: int) -> str:
    said, gap = "", False
    for at in reversed(range(len(PLACES))):
        digit = number // 10**at % 10
        if digit:
            said += ("零" if gap else "") + DIGITS[digit] + PLACES[at]
        gap = bool(said) and not digit
    return said
