"""The small markdown of form texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from forms.markdown import to_html


def plain(text: str) -> str:
    return str(to_html(text, lambda expression: f"<{expression}>"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一段\n两行", "<p>一段<br>两行</p>"),
        ("一\n\n二", "<p>一</p>\n<p>二</p>"),
        ("# 题", '<p class="form-heading form-heading-1">题</p>'),
        ("先\n- 甲\n- 乙", "<p>先</p>\n<ul><li>甲</li><li>乙</li></ul>"),
        ("1. 甲\n2. 乙", "<ol><li>甲</li><li>乙</li></ol>"),
        ("**粗** *斜*", "<p><strong>粗</strong> <em>斜</em></p>"),
        ("打 [110](tel:110)", '<p>打 <a href="tel:110">110</a></p>'),
        ("[页](/report?a=1&b=*2*)", '<p><a href="/report?a=1&amp;b=*2*">页</a></p>'),
        ("案号 {{ case }}", "<p>案号 &lt;case&gt;</p>"),
        ("<b>粗</b>", "<p>&lt;b&gt;粗&lt;/b&gt;</p>"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>"),
        ("[x](//evil.example)", "<p>[x](//evil.example)</p>"),
        ("", ""),
    ],
)
def test_text_becomes_html(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_a_value_is_never_read_as_markdown() -> None:
    assert str(to_html("{{x}}", lambda expression: "**a** [b](/c) {{d}}")) == "<p>**a** [b](/c) {{d}}</p>"


@given(st.text(alphabet="ab*[]()#-1. \n<>&\"'{}:/\ue000\ue0010", max_size=80))
def test_only_a_few_tags_ever_come_out(text: str) -> None:
    root = lxml_html.fromstring(f"<div>{plain(text)}</div>")
    assert {element.tag for element in root.iter()} <= {"div", "p", "br", "ul", "ol", "li", "strong", "em", "a"}
    for link in root.iter("a"):
        assert set(link.attrib) == {"href"}
