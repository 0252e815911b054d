"""A paper as DOCX, to be corrected by hand in any word processor."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

import docx as python_docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from engine.papers.blocks import Block

SERIF, SANS = "宋体", "黑体"
LINE = "_" * 24
ACROSS = 15.8
WIDTHS = {2: (3.3, 12.5), 4: (3.3, 4.9, 2.9, 4.7), 5: (2.2, 4.6, 2.8, 2.6, 3.6)}
"""Of the columns in cm, as layout.typ has them."""


def docx(title: str, blocks: Sequence[Block]) -> bytes:
    """The blocks of one paper as an A4 document."""
    document = python_docx.Document()
    document.core_properties.title = title
    document.core_properties.author = "和解 Hejie"
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    _face(document.styles["Normal"], SERIF, 12)
    table: Any = None
    for block in blocks:
        if block.kind == "row":
            table = _row(document, table, block.texts)
        else:
            table = None
            _block(document, block)
    content = BytesIO()
    document.save(content)
    return content.getvalue()


def _block(document: Any, block: Block) -> None:
    if block.kind == "break":
        document.add_page_break()
        return
    for text in (line for one in block.texts or ("",) for line in one.split("\n")):
        paragraph = document.add_paragraph()
        run = paragraph.add_run(f"{text}：{LINE}" if block.kind == "sign" else text)
        match block.kind:
            case "title":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
                _face(run, SANS, 20)
            case "heading":
                _face(run, SANS, 13)
                paragraph.paragraph_format.space_before = Pt(12)
                paragraph.paragraph_format.keep_with_next = True
            case "right":
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            case "text":
                paragraph.paragraph_format.first_line_indent = Pt(24)
                paragraph.paragraph_format.space_before = Pt(6)
            case "blank":
                paragraph.paragraph_format.space_after = Pt(72)
            case "sign":
                paragraph.paragraph_format.space_before = Pt(18)


def _row(document: Any, table: Any, texts: Sequence[str]) -> Any:
    if table is None or len(table.columns) != len(texts):
        table = document.add_table(rows=0, cols=len(texts))
        table.style, table.autofit = "Table Grid", False
        for column, width in zip(table.columns, _widths(texts), strict=True):
            column.width = Cm(width)
    for cell, text, width in zip(table.add_row().cells, texts, _widths(texts), strict=True):
        cell.text, cell.width = text, Cm(width)
    return table


def _widths(texts: Sequence[str]) -> Sequence[float]:
    return WIDTHS.get(len(texts)) or [ACROSS / len(texts)] * len(texts)


def _face(styled: Any, face: str, size: int) -> None:
    styled.font.name, styled.font.size = face, Pt(size)
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)
