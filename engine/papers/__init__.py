"""Papers (文书): a template and facts become blocks, and blocks become a PDF or a DOCX. Knows nothing of cases."""

from engine.papers.blocks import Blanks, Block, Scan, TemplateInvalid, fill
from engine.papers.catalogue import Paper, catalogue, internal, shipped_template
from engine.papers.docx import docx
from engine.papers.pdf import Part, page_image, pdf, picture

__all__ = [
    "Blanks",
    "Block", "Paper", "Part", "Scan", "TemplateInvalid", "catalogue", "docx", "fill", "internal", "page_image", "pdf",
    "picture",
    "shipped_template",
]  # fmt: skip
