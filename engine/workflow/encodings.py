"""XML that other tools wrote in UTF-16, GBK or else: kept as UTF-8, so that every reader here reads the same words."""

import codecs
import re

from engine.errors import N_, Invalid

DECLARED = re.compile(r"""(<\?xml[^>]*?encoding=["'])([A-Za-z][\w.-]*)""")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"<\0?\0", "utf-16-le"),
    (b"\0<\0?", "utf-16-be"),
)
WIDER = {"gb2312": "gb18030", "gbk": "gb18030"}
"""What calls itself so often holds characters that only the wider set has."""


class FileUnreadable(Invalid):
    """A file holds bytes that are no characters in what it says that it is written in."""

    code = "file-unreadable"
    message = N_("“%(file)s” cannot be read as %(encoding)s. Save it as UTF-8, and bring it in again.")


def as_utf8(name: str, content: bytes) -> bytes:
    """A text as UTF-8; what is UTF-8 already stays as it is, byte for byte. Raises FileUnreadable."""
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError):
        raise FileUnreadable(file=name, encoding=encoding) from None
    if codecs.lookup(encoding).name in ("utf-8", "utf-8-sig", "ascii"):
        return content
    return DECLARED.sub(r"\g<1>UTF-8", text, count=1).encode()


def _encoding(content: bytes) -> str:
    """What a text is written in: a mark at its beginning, else what XML says, else UTF-8 (XML 1.0, appendix F)."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return encoding
    declared = DECLARED.match(content[:200].decode("latin-1").lstrip())
    encoding = declared[2].lower() if declared else "utf-8"
    return WIDER.get(encoding, encoding)
