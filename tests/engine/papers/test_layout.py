"""How papers are set: what is signed stands on the page of the signatures."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from engine import papers
from engine.papers import Block, Part
from engine.papers.catalogue import FOLDER

SIGNED = [Block("sign", ("申请人", "被申请人")), Block("right", ("2026年11月23日",))]


def test_what_follows_a_line_that_ends_with_a_tag_stands_on_a_line_of_its_own() -> None:
    """A tag took its line's end with it: the parties stood in the title, the day in the label of who signs."""
    template = """
        # {% if labour %}劳动争议{% endif %}回访{% if late %}（补）{% endif %}
        | 当事人 | 示例甲 |
        {% if late %}
        ~ 回访人
        {% endif %}"""
    assert [block.kind for block in papers.fill(template, {"late": True})] == ["title", "row", "sign"]


def test_the_record_of_a_call_back_begins_with_its_title_and_the_parties() -> None:
    [title, parties, *_] = papers.fill((FOLDER / "f14-callback.paper").read_text(encoding="utf-8"), {"names": "示例甲"})
    assert (title.texts, parties.texts) == (("人民调解回访记录",), ("当事人", "示例甲"))


ADDRESSED = re.compile(r"^\{\{ names.*：$", re.M)
LETTERS = [path for path in sorted(FOLDER.glob("*.paper")) if ADDRESSED.search(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_letter_to_somebody_without_a_name_is_addressed_all_the_same(path: Path) -> None:
    blocks = papers.fill(path.read_text(encoding="utf-8"), {"names": ""})
    assert Block("text", ("：",)) not in blocks


@pytest.mark.parametrize("kind", ["text", "row"])
def test_signatures_never_stand_alone_on_a_page(kind: str) -> None:
    """人民调解法 §29: a page with nothing but signatures could be put behind any agreement."""
    broken = 0
    for count in range(20, 40):
        said = [Block(kind, (f"第{number}句", "内容")[: 1 if kind == "text" else 2]) for number in range(count)]
        pdf = papers.pdf("示例", [Part("示例", [Block("title", ("示例",)), *said, *SIGNED])])
        pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
        broken += len(pages) > 1
        assert "第" in pages[-1].partition("申请人")[0], count
    assert broken, "some of them go over a page"
