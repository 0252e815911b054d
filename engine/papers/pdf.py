"""Papers as one PDF, set by Typst with fonts that come with the product: no office suite, the same on every machine."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from engine.papers.blocks import Block, Scan
from engine.papers.catalogue import FOLDER

ARCHIVE = "a-2b"
"""PDF/A-2b (ISO 19005-2): what archives take."""

ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp", "image/svg+xml": "svg",
    "application/pdf": "pdf",
}  # fmt: skip
MOST_PAGES = 200


@dataclass(frozen=True)
class Part:
    """One paper of a file: name in the index, blocks, scans. `counted`: it has page numbers, as the cover has not."""

    name: str
    blocks: Sequence[Block]
    scans: Sequence[Scan] = ()
    counted: bool = True
    remark: str = ""


def pdf(title: str, parts: Sequence[Part], *, on: date | None = None) -> bytes:
    """The parts as one PDF/A; where a scan does not fit into PDF/A, as an ordinary PDF; a broken one is only named.

    With a day `on`, which the file bears as its date, the same parts always make the same bytes.
    """
    for given, standards in ((parts, ARCHIVE), (parts, None)):
        try:
            return _compile(title, given, standards=standards, on=on)
        except typst.TypstError:
            continue
    return _compile(title, [_without_broken(one) for one in parts], standards=None, on=on)


def page_image(title: str, parts: Sequence[Part]) -> bytes:
    """The first page as PNG."""
    return _compile(title, parts, standards=None, image=True)


def picture(scan: Scan) -> bytes | None:
    """The first page of a PDF as a small PNG; None where it cannot be shown."""
    if scan.media_type != "application/pdf" or not _pages(scan.content):
        return None
    with tempfile.TemporaryDirectory(prefix="hejie-picture-") as name:
        (Path(name) / "page.pdf").write_bytes(scan.content)
        main = Path(name) / "main.typ"
        main.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("page.pdf", width: 160pt)', "utf-8")
        try:
            made: Any = typst.compile(main, root=Path(name), format="png", ppi=96.0)
        except typst.TypstError:
            return None
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first


def _compile(
    title: str, parts: Sequence[Part], *, standards: str | None, image: bool = False, on: date | None = None
) -> bytes:  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="hejie-paper-") as name:
        folder = Path(name)
        (folder / "main.typ").write_bytes((FOLDER / "layout.typ").read_bytes())
        listed = [_part(folder, number, one) for number, one in enumerate(parts)]
        data = {"title": title, "parts": listed, "on": [on.year, on.month, on.day] if on else None}
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        options: dict[str, Any] = {"format": "png", "ppi": 60.0} if image else {"format": "pdf"}
        if standards:
            options["pdf_standards"] = standards
        made = typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), **options)
    first = made[0] if isinstance(made, list) else made
    assert isinstance(first, bytes)
    return first


@cache
def _fonts() -> typst.Fonts:
    folder = str(files(pylopdf_fonts_zh_cn))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])


def _part(folder: Path, number: int, part: Part) -> dict[str, Any]:
    scans = [_scan(folder, f"{number}-{place}", one) for place, one in enumerate(part.scans)]
    return {
        "name": part.name, "counted": part.counted, "remark": part.remark,
        "blocks": [block.as_json() for block in part.blocks], "scans": scans,
    }  # fmt: skip


def _scan(folder: Path, name: str, scan: Scan) -> dict[str, Any]:
    """A scan as a file for the typesetter; what it cannot show is named instead."""
    ending = ENDINGS.get(scan.media_type)
    pages = _pages(scan.content) if ending == "pdf" else 1
    if ending is None or not pages:
        return {"name": scan.name, "file": None, "pages": 0}
    (folder / f"{name}.{ending}").write_bytes(scan.content)
    return {"name": scan.name, "file": f"{name}.{ending}", "pages": pages}


def _without_broken(part: Part) -> Part:
    """A part whose pictures that cannot be drawn are only named: a bad photo keeps no file from its archive."""
    return replace(part, scans=[one if _drawable(one) else replace(one, media_type="") for one in part.scans])


def _drawable(scan: Scan) -> bool:
    try:
        _compile("", [Part("", (), [scan])], standards=None, image=True)
    except typst.TypstError:
        return False
    return True


def _pages(content: bytes) -> int:
    try:
        return min(len(PdfReader(BytesIO(content)).pages), MOST_PAGES)
    except (PyPdfError, ValueError, KeyError, TypeError, RecursionError, OSError):
        return 0
