"""Regular expressions are XPath's (functions and operators §5.6)."""

from typing import Any

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("pattern", "flags", "text", "found"),
    [
        ("^a.c$", "", "abc", True),
        ("a.c", "", "a\nc", False),
        ("a.c", "", "a\rc", False),
        ("a.c", "s", "a\nc", True),
        ("^b$", "", "a\nb\nc", False),
        ("^b$", "m", "a\nb\nc", True),
        ("ABC", "i", "xabcx", True),
        ("a b c", "x", "abc", True),
        ("a[ ]b", "x", "a b", True),
        ("a.c", "q", "a.c", True),
        ("a.c", "q", "abc", False),
        (r"\d+", "", "四٣", True),
        (r"^\w+$", "", "调解_x", False),  # a low line is punctuation
        (r"^\w+$", "", "调解x1", True),
        (r"^\i\c*$", "", "调-1", True),
        (r"^\i\c*$", "", "-1", False),
        (r"^[\i-[:]][\c-[:]]*$", "", "a:b", False),
        (r"^[a-z-[aeiou]]+$", "", "xyz", True),
        (r"^[a-z-[aeiou]]+$", "", "xyza", False),
        (r"^[\d-[0-4]]+$", "", "567", True),
        (r"^[^\d-[5]]$", "", "5", False),
        (r"^\p{Lu}\p{Ll}+$", "", "Ab", True),
        (r"^\P{L}+$", "", "12", True),
        (r"^\p{IsCJKUnifiedIdeographs}+$", "", "和解", True),
        (r"^\P{IsBasicLatin}$", "", "é", True),
        (r"^[\p{IsCyrillic}a]+$", "", "aж", True),
        ("^(?:ab)+$", "", "abab", True),
        (r"^(a|b)\1$", "", "aa", True),
        (r"^(a|b)\1$", "", "ab", False),
        (r"^(.+)-\1$", "i", "Ab-aB", True),
        (r"^(a*)+\1$", "", "aa", True),
        ("^a{2,3}?$", "", "aaa", True),
        ("[&&~~||]", "", "~", True),
        ("[-a]", "", "-", True),
        ("a|", "", "x", True),
    ],
)
def test_match(pattern: str, flags: str, text: str, found: bool) -> None:
    context = {"text": text, "pattern": pattern, "flags": flags}
    assert feel.evaluate("matches(text, pattern, flags)", context) is found


@pytest.mark.parametrize(
    "pattern",
    [
        "a**", "(", ")", "[a", "a]", "{2}", "a{2", "a{3,2}", "(?i)a", "(?=a)", "(?<n>a)", r"\q", r"\b", r"\1", r"(a)\2",
        r"[(a)\1]", r"\p{Xx}", r"\p{IsNowhere}", r"\p{ Lu}", r"\pL", "[a[b]]", "[a-[b]c]", "[]", "\\", r"\0",
        "(" * 3000,
    ],
)  # fmt: skip
def test_what_is_no_pattern_is_null_with_a_reason(pattern: str) -> None:
    runtime = feel.Runtime()
    assert feel.evaluate('matches("a", pattern)', {"pattern": pattern}, runtime=runtime) is None
    assert [warning.code for warning in runtime.warnings] == ["bad-pattern"]


@pytest.mark.parametrize("flags", ["p", " ", "X", "ii ", "smixqz"])
def test_other_flags_are_null_with_a_reason(flags: str) -> None:
    runtime = feel.Runtime()
    assert feel.evaluate('matches("a", "a", flags)', {"flags": flags}, runtime=runtime) is None
    assert [warning.code for warning in runtime.warnings] == ["bad-flags"]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ('replace("abracadabra", "a.*?a", "*")', "*c*bra"),
        ('replace("abracadabra", "a(.)", "a$1$1")', "abbraccaddabbra"),
        ('replace("abcd", "(ab)|(a)", "[1=$1][2=$2]")', "[1=ab][2=]cd"),
        ('replace("ab", "(a)(b)", "$2$1$3")', "ba"),
        ('replace("ab", "(a)", "$12")', "a2b"),
        ('replace("ab", "a", "$0$0")', "aab"),
        ('replace("a.b", ".", "-", "q")', "a-b"),
        ('replace("ab", "a", "$1", "q")', "$1b"),
        ('replace("ab", "a", "\\\\$")', "$b"),
        ('replace("ab", "a", "$")', None),
        ('replace("ab", "a", "\\\\x")', None),
        ('replace("ab", "x*", "-")', None),
        ('replace("aabbcd", "(.)\\\\1", "<$1>")', "<a><b>cd"),
        ('split("John Doe", "\\\\s")', ["John", "Doe"]),
        ('split("a1b22c", "[0-9]+")', ["a", "b", "c"]),
        ('split("", ",")', [""]),
    ],
)
def test_replace_and_split(source: str, value: Any) -> None:
    assert feel.evaluate(source, {}) == value


def test_back_references_run_within_the_budget() -> None:
    with pytest.raises(feel.FeelBudgetExceeded):
        feel.evaluate('matches(text, "^(a*)*(a*)*(a*)*\\\\1b$")', {"text": "a" * 60})
