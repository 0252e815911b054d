"""Articles as Chinese papers cite them: 信访工作条例第二十二条, where the catalogues write 信访工作条例 §22."""

import re

DIGITS = "零一二三四五六七八九"
ARTICLE = r"\d+(?:\([一二三四五六七八九十]+\))?"
CITED = re.compile(rf"\s*§§?\s*({ARTICLE}(?:(?:, |–){ARTICLE})*)")
NOTES = re.compile(r"（[^）]*(?:待核|非法律)[^）]*）")
"""What the catalogue says to those who keep it, and no paper."""


def cited(law: str) -> str:
    """A law with its articles spelled out; what is no article stays as it is."""
    return CITED.sub(lambda found: "、".join(map(_articles, found[1].split(", "))), NOTES.sub("", law))


def in_chinese(text: str) -> str:
    """A number of copies in words: 三; what is no whole number stays as it is."""
    return _spoken(int(text)) if re.fullmatch(r"[1-9]\d{0,2}", str(text)) else str(text)


def _articles(listed: str) -> str:
    return "至".join(map(_article, listed.split("–")))


def _article(number: str) -> str:
    digits, _, item = number.partition("(")
    return f"第{_spoken(int(digits))}条" + (f"第{item[:-1]}项" if item else "")


def _spoken(number: int) -> str:
    """A number up to 1999: 二十二, 一百零八, 一千二百六十."""
    said = ""
    for size, place in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            said += DIGITS[digit] + place
        elif said and number % size and not said.endswith("零"):
            said += "零"
    return said.removeprefix("一") if 10 <= number < 20 else said
