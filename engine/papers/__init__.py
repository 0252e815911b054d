"""Papers (文书): a template and facts become blocks, and blocks become a PDF or a DOCX. Knows nothing of cases."""

from engine.papers.blocks import Block, Scan, TemplateInvalid, fill
from engine.papers.catalogue import Paper, catalogue, shipped_template
from engine.papers.docx import docx
from engine.papers.pdf import Part, page_image, pdf

__all__ = [
    "Block", "Paper", "Part", "Scan", "TemplateInvalid", "catalogue", "docx", "fill", "page_image", "pdf",
    "shipped_template",
]  # fmt: skip
