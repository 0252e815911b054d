"""What a camera wrote into a photo (EXIF): read for the record, and taken out of copies for others.

JPEG, PNG and WebP; other kinds (HEIC, GIF) are kept as they are and never copied for others. Whatever cannot be read
counts as not written.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from engine import clock

EXIF = b"Exif\0\0"
SOI, SOS, APP1, APP15, COMMENT = 0xD8, 0xDA, 0xE1, 0xEF, 0xFE
JPEG, PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
PICTURE_PNG = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sRGB", b"sBIT", b"bKGD", b"acTL", b"fcTL", b"fdAT",
}  # fmt: skip
"""The chunks of a PNG that the picture is made of; texts, times and Exif are none of them."""
PICTURE_WEBP = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF"}
UNREADABLE = (struct.error, ValueError, KeyError, IndexError, ZeroDivisionError, UnicodeDecodeError)
ORIENTATION = 0x0112
EXIF_IFD, GPS_IFD, TAKEN, ZONE = 0x8769, 0x8825, 0x9003, 0x9011
SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8}
"""Bytes of a value of each type (TIFF 6.0, section 2)."""


@dataclass(frozen=True)
class Taken:
    """When and where a photo was taken, as far as the camera says; degrees of WGS 84."""

    at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None


def taken(content: bytes) -> Taken:
    """When and where a photo was taken."""
    try:
        tiff = _tiff(content)
        return _read(tiff) if tiff else Taken()
    except UNREADABLE:
        return Taken()


def stripped(content: bytes) -> bytes:
    """A JPEG, PNG or WebP without what cameras and programs wrote beside the picture, but for which side is up.

    Anything else raises ValueError: nobody here can tell what stands in it.
    """
    if content.startswith(JPEG):
        return _jpeg(content)
    if content.startswith(PNG):
        return PNG + b"".join(chunk for name, chunk in _png_chunks(content) if name in PICTURE_PNG)
    if _is_webp(content):
        kept = b"".join(_still(name, body) for name, body in _webp_chunks(content) if name in PICTURE_WEBP)
        return b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept
    raise ValueError("neither JPEG, PNG nor WebP")


def _jpeg(content: bytes) -> bytes:
    kept, at = [JPEG[:2], _upright(content)], 2
    for marker, part in _segments(content):
        length = 4 + len(part)
        if not (APP1 <= marker <= APP15 or marker == COMMENT):
            kept.append(content[at : at + length])
        at += length
    return b"".join([*kept, content[at:]])


def _upright(content: bytes) -> bytes:
    """Which side is up, as the only thing that is written beside the picture; nothing where that is plain."""
    try:
        tiff = _tiff(content)
        order = {b"II": "<", b"MM": ">"}[tiff[:2]]
        first = _directory(tiff, order, struct.unpack_from(order + "I", tiff, 4)[0])
        side = struct.unpack(order + "H", first[ORIENTATION][:2])[0]
    except UNREADABLE:
        return b""
    if not 2 <= side <= 8:
        return b""
    body = EXIF + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, side, 0, 0)
    return struct.pack(">BBH", 0xFF, APP1, len(body) + 2) + body


def _tiff(content: bytes) -> bytes:
    """What a camera wrote (Exif), as TIFF; empty where there is none."""
    if content.startswith(PNG):
        return next((chunk[8:-4] for name, chunk in _png_chunks(content) if name == b"eXIf"), b"")
    if _is_webp(content):
        return next((body.removeprefix(EXIF) for name, body in _webp_chunks(content) if name == b"EXIF"), b"")
    parts = (part for marker, part in _segments(content) if marker == APP1 and part.startswith(EXIF))
    return next(parts, b"").removeprefix(EXIF)


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a PNG, whole, by their names (ISO/IEC 15948, 5.3)."""
    at = len(PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big") + 12
        yield content[at + 4 : at + 8], content[at : at + length]
        at += length


def _is_webp(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WEBP"


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The chunks of a WebP: name and content (RFC 9649, section 2.3)."""
    at = 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        yield content[at : at + 4], content[at + 8 : at + 8 + length]
        at += 8 + length + length % 2


def _still(name: bytes, body: bytes) -> bytes:
    """A chunk as it is kept; the header says no more that Exif and XMP follow (RFC 9649, section 2.7)."""
    if name == b"VP8X":
        body = bytes([body[0] & ~0x0C]) + body[1:]
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG before the picture itself: marker and content (ISO/IEC 10918-1, annex B)."""
    at = 2
    if not content.startswith(b"\xff\xd8"):
        return
    while at + 4 <= len(content) and content[at] == 0xFF and content[at + 1] != SOS:
        length = int.from_bytes(content[at + 2 : at + 4], "big")
        yield content[at + 1], content[at + 4 : at + 2 + length]
        at += 2 + max(length, 2)


def _read(tiff: bytes) -> Taken:
    order = {b"II": "<", b"MM": ">"}[tiff[:2]]
    first = _directory(tiff, order, struct.unpack_from(order + "I", tiff, 4)[0])
    exif = _directory(tiff, order, _number(first[EXIF_IFD], order)) if EXIF_IFD in first else {}
    gps = _directory(tiff, order, _number(first[GPS_IFD], order)) if GPS_IFD in first else {}
    return Taken(_moment(exif), *(_degrees(gps, ref, order) for ref in (1, 3)))


def _directory(tiff: bytes, order: str, at: int) -> dict[int, bytes]:
    """The values of a directory, raw, by their tags."""
    found = {}
    for entry in range(struct.unpack_from(order + "H", tiff, at)[0]):
        tag, kind, count = struct.unpack_from(order + "HHI", tiff, at + 2 + 12 * entry)
        size, place = SIZES.get(kind, 1) * count, at + 10 + 12 * entry
        if size > 4:
            place = struct.unpack_from(order + "I", tiff, place)[0]
        found[tag] = tiff[place : place + size]
    return found


def _number(value: bytes, order: str) -> int:
    return int(struct.unpack_from(order + "I", value)[0])


def _moment(exif: dict[int, bytes]) -> datetime | None:
    """A camera that names no zone is taken to show the county's time."""
    if TAKEN not in exif:
        return None
    moment = datetime.strptime(exif[TAKEN].rstrip(b"\0").decode("ascii"), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007
    zone = exif.get(ZONE, b"").rstrip(b"\0").decode("ascii")
    if len(zone) == 6:
        sign = -1 if zone[0] == "-" else 1
        return moment.replace(tzinfo=timezone(sign * timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))))
    return moment.replace(tzinfo=clock.ZONE)


def _degrees(gps: dict[int, bytes], ref: int, order: str) -> float | None:
    if ref not in gps or ref + 1 not in gps:
        return None
    parts = struct.unpack_from(order + "6I", gps[ref + 1])
    degrees: float = sum(parts[2 * unit] / parts[2 * unit + 1] / 60**unit for unit in range(3))
    return round(-degrees if gps[ref][:1] in (b"S", b"W") else degrees, 6)
