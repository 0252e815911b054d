"""What a camera wrote into a photo is kept beside it, and taken out of copies."""

import struct
from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text
from sqlalchemy.orm import Session

from engine.documents import commands, copies, photos

PICTURE = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\x34\x56" + b"\xff\xd9"


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


def photo(order: str = "<", taken: bytes = b"2026:11:20 08:30:00\0", south: bool = False) -> bytes:
    """A JPEG whose EXIF says when and where (31° 53' 24" N, 109° 31' 48" E), and a comment."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(order + "HI", 42, 8)
    exif_at, gps_at = 8 + 2 + 24 + 4, 8 + 2 + 24 + 4 + 2 + 12 + 4
    text_at = gps_at + 2 + 48 + 4
    lat_at, lon_at = text_at + 20, text_at + 20 + 24
    first = struct.pack(order + "HHHIIHHII", 2, 0x8769, 4, 1, exif_at, 0x8825, 4, 1, gps_at) + bytes(4)
    exif = struct.pack(order + "HHHII", 1, 0x9003, 2, 20, text_at) + bytes(4)
    north = b"S\0\0\0" if south else b"N\0\0\0"
    gps = struct.pack(order + "H", 4)
    gps += struct.pack(order + "HHI", 1, 2, 2) + north + struct.pack(order + "HHII", 2, 5, 3, lat_at)
    gps += struct.pack(order + "HHI", 3, 2, 2) + b"E\0\0\0" + struct.pack(order + "HHII", 4, 5, 3, lon_at) + bytes(4)
    values = taken + struct.pack(order + "6I", 31, 1, 53, 1, 24, 1) + struct.pack(order + "6I", 109, 1, 31, 1, 48, 1)
    tiff = head + first + exif + gps + values
    shot = segment(0xE1, photos.EXIF + tiff) + segment(0xFE, "拍摄者".encode()) + segment(0xDB, b"\0" * 65)
    return b"\xff\xd8" + segment(0xE0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0") + shot + PICTURE


@pytest.mark.parametrize("order", ["<", ">"])
def test_when_and_where_is_read(order: str) -> None:
    shot = photos.taken(photo(order))
    assert shot == photos.Taken(datetime(2026, 11, 20, 0, 30, tzinfo=UTC), 31.89, 109.53)
    assert photos.taken(photo(order, south=True)).latitude == -31.89


def test_a_copy_shows_the_picture_and_tells_nothing() -> None:
    copy = photos.stripped(photo())
    assert copy.endswith(PICTURE) and copy.startswith(b"\xff\xd8\xff\xe0") and b"\xff\xdb" in copy
    assert b"Exif" not in copy and "拍摄者".encode() not in copy and b"2026" not in copy
    assert photos.taken(copy) == photos.Taken()
    assert photos.stripped(copy) == copy
    with pytest.raises(ValueError, match="neither JPEG"):
        photos.stripped(b"GIF89a")


@pytest.mark.parametrize("broken", [photo()[:60], photo()[:25], b"\xff\xd8\xff", photo(taken=b"yesterday, at noon.\0")])
def test_what_cannot_be_read_is_not_known(broken: bytes) -> None:
    assert photos.taken(broken).at is None
    photos.stripped(broken)


def test_it_is_kept_beside_the_file(session: Session) -> None:
    kept = commands.store_upload(session, "somebody", "坡.jpg", photo())
    assert (kept.latitude, kept.longitude, kept.content) == (31.89, 109.53, photo())


def tiff() -> bytes:
    """What the camera wrote into `photo`."""
    return photos._tiff(photo())


def test_a_png_keeps_its_picture_and_loses_what_was_written_beside() -> None:
    chunk = lambda name, body: struct.pack(">I", len(body)) + name + body + b"crc4"  # noqa: E731
    picture = photos.PNG + chunk(b"IHDR", b"0" * 13) + chunk(b"IDAT", b"dots") + chunk(b"IEND", b"")
    beside = chunk(b"eXIf", tiff()) + chunk(b"iTXt", "拍摄者".encode()) + chunk(b"tIME", b"7777777")
    shot = picture[:33] + beside + picture[33:]
    assert photos.taken(shot) == photos.taken(photo())
    assert photos.stripped(shot) == picture


def test_a_webp_keeps_its_picture_and_loses_what_was_written_beside() -> None:
    def riff(*chunks: tuple[bytes, bytes]) -> bytes:
        body = b"".join(name + struct.pack("<I", len(one)) + one + b"\0" * (len(one) % 2) for name, one in chunks)
        return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body

    head, picture = bytes([0x1C]) + b"\0" * 9, (b"VP8 ", b"dots!")
    shot = riff((b"VP8X", head), picture, (b"EXIF", photos.EXIF + tiff()), (b"XMP ", b"<x/>"))
    assert photos.taken(shot) == photos.taken(photo())
    assert photos.stripped(shot) == riff((b"VP8X", bytes([0x10]) + head[1:]), picture)


def test_a_copy_still_says_which_side_is_up() -> None:
    turned = struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, photos.ORIENTATION, 3, 1, 6, 0, 0)
    part = photos.EXIF + turned
    shot = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(part) + 2) + part + photo()[2:]
    copy = photos.stripped(shot)
    assert photos._tiff(copy) == turned
    assert photos.stripped(copy) == copy


def test_a_copy_of_a_pdf_keeps_its_pages_and_nothing_of_who_made_it() -> None:
    """Author, program, remarks' names, attached files: a scan's PDF tells who made it, and where the phone was."""
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Author": "SAMPLE-AUTHOR", "/Creator": "SAMPLE-PROGRAM"})
    writer.add_attachment("notes.txt", b"SAMPLE-ATTACHED")
    writer.add_annotation(0, Text(text="seen", rect=(0, 0, 20, 20), title_bar="SAMPLE-READER"))
    made = BytesIO()
    writer.write(made)
    copy = copies.stripped(made.getvalue())
    assert b"SAMPLE" in made.getvalue()
    assert b"SAMPLE" not in copy
    assert len(PdfReader(BytesIO(copy)).pages) == 1
    with pytest.raises(ValueError, match="cannot be copied"):
        copies.stripped(b"%PDF-1.7 and nothing that is one")
