"""What cannot be read is refused in a sentence: where, what was found, what may stand there."""

import pytest

from engine import feel


@pytest.mark.parametrize(
    ("source", "place", "said"),
    [
        ("", (1, 1), "the expression is empty"),
        ("1 +", (1, 4), "the end was not expected; a value may stand here"),
        ("(1 + 2", (1, 7), "the end was not expected; an operator or “)”"),
        ("1 + 2)", (1, 6), "“)” closes nothing"),
        ("if a then b", (1, 12), "“else”"),
        ("for x return x", (1, 7), "“return” was not expected; “in” may stand here"),
        ("a\n  and\n  )", (3, 3), "“)” was not expected; a value"),
        ("a == b", (1, 3), "equality is written with one “=”"),
        ("a && b", (1, 3), "“&” has no meaning here"),
        ("“a”", (1, 1), "straight double quotation marks"),
        ("'a'", (1, 1), "straight double quotation marks"),
        ("最大（1）", (1, 3), "“（” is a Chinese sign"),
        ('"a', (1, 1), "no closing quotation mark"),
        ("{a 1}", (1, 2), "“a” was not expected; a key"),
        ("[1, 2", (1, 6), "“,” or “]”"),
        ("1 2", (1, 3), "“2” was not expected; an operator or the end"),
        ("f(1, b: 2)", (1, 6), "“b” was not expected"),
        ("a.1", (1, 2), "“.1”"),
        ("x instance of", (1, 14), "a name"),
        ("1e99999", (1, 1), "this number is too large"),
    ],
)
def test_refusal(source: str, place: tuple[int, int], said: str) -> None:
    with pytest.raises(feel.FeelSyntaxError) as refused:
        feel.compile_expression(source)
    assert (refused.value.line, refused.value.column) == place
    assert said in refused.value.message


@pytest.mark.parametrize(
    "source",
    [
        "1 // to the end\n + 2", "1 /* between */ + 2", "1 + /* a\n b */ 2", "\ufeff1 + 2", "1\u00a0+\t2",
        "(((1))) + 2",
    ],
)  # fmt: skip
def test_space_and_comments_say_nothing(source: str) -> None:
    assert feel.evaluate(source, {}) == 3


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r'"\n\r\t\"\\\'"', "\n\r\t\"\\'"),
        (r'"\u4e2d\U01f40e"', "中🐎"),
        (r'"\ud83d\udc0e"', "🐎"),
        (r'"\ud83d"', "\ufffd"),
        (r'"\d+"', r"\d+"),
        (r'"\\u0009"', r"\u0009"),
        ('"a\nb"', "a\nb"),
    ],
)
def test_escapes(source: str, text: str) -> None:
    assert feel.evaluate(source, {}) == text
