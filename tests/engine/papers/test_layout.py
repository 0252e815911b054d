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


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.paper")), ids=lambda path: path.stem)
def test_what_follows_who_signs_stands_on_a_line_of_its_own(path: Path) -> None:
    """A tag at the end of a line takes the line's end with it: the day stood in the label of who signs."""
    assert not re.search(r"^~ .*%\}\n[^\n]", path.read_text(encoding="utf-8"), re.M)


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
