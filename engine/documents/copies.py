"""Copies for others: photos and PDF files without what cameras and programs wrote beside what is to be seen."""

from collections.abc import Iterable, Iterator
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from engine.documents import photos

PDF = b"%PDF-"
BESIDE = ("/Metadata", "/PieceInfo", "/LastModified", "/AF", "/EmbeddedFiles", "/FS")
"""What stands beside a PDF's content: XMP, programs' own notes, when it was changed, attached files (ISO 32000-2)."""
UNREADABLE = (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError)


def stripped(content: bytes) -> bytes:
    """A JPEG, PNG, WebP or PDF as it may be given to others. Anything else, or what cannot be read, is a ValueError."""
    return _pdf(content) if content.startswith(PDF) else photos.stripped(content)


def _pdf(content: bytes) -> bytes:
    """A PDF without author, program, times, attachments, names on remarks, and without Exif in its pictures."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise ValueError("it is locked")
        writer = PdfWriter(clone_from=reader)
        writer.metadata = None
        for one in _dictionaries(writer._objects):
            _clean(one)
        made = BytesIO()
        PdfWriter(clone_from=PdfReader(_written(writer))).write(made)  # once more: what nothing refers to stays behind
    except UNREADABLE as error:
        raise ValueError(f"this PDF cannot be copied: {error}") from None
    return made.getvalue()


def _written(writer: PdfWriter) -> BytesIO:
    made = BytesIO()
    writer.write(made)
    return made


def _dictionaries(objects: Iterable[object]) -> Iterator[DictionaryObject]:
    """Every dictionary among objects and within them; what is only referred to comes by itself."""
    for one in objects:
        if isinstance(one, DictionaryObject):
            yield one
            yield from _dictionaries(list(one.values()))
        elif isinstance(one, ArrayObject):
            yield from _dictionaries(one)


def _clean(one: DictionaryObject) -> None:
    for name in BESIDE:
        one.pop(NameObject(name), None)
    if one.get("/Subtype") != "/Widget" and "/Rect" in one:  # a remark's author; a field's name stays
        one.pop(NameObject("/T"), None)
    if isinstance(one, StreamObject) and one.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        one._data = photos.stripped(one._data)
