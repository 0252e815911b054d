"""What a camera wrote into a photo (EXIF): read for the record, and taken out of copies for others.

JPEG alone carries it here: phones' pages send photos as JPEG. Whatever cannot be read counts as not written.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from engine import clock

EXIF = b"Exif\0\0"
SOI, SOS, APP1, APP15, COMMENT = 0xD8, 0xDA, 0xE1, 0xEF, 0xFE
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
    for marker, part in _segments(content):
        if marker == APP1 and part.startswith(EXIF):
            try:
                return _read(part[len(EXIF) :])
            except (struct.error, ValueError, KeyError, IndexError, ZeroDivisionError, UnicodeDecodeError):
                return Taken()
    return Taken()


def stripped(content: bytes) -> bytes:
    """A JPEG without what cameras and programs wrote beside the picture; anything else raises ValueError."""
    if not content.startswith(b"\xff\xd8"):
        raise ValueError("no JPEG")
    kept, at = [content[:2]], 2
    for marker, part in _segments(content):
        length = 4 + len(part)
        if not (APP1 <= marker <= APP15 or marker == COMMENT):
            kept.append(content[at : at + length])
        at += length
    return b"".join([*kept, content[at:]])


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
