"""What kind of file something is, by its first bytes and never by its name. Photos, PDF and recordings are known.

A container (MP4, WebM, Ogg) is taken as a recording only if it holds sound and no moving pictures.
"""

import re

BEGINNINGS = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"%PDF-", "application/pdf"),
    (b"GIF8", "image/gif"),
    (b"ID3", "audio/mpeg"),
    (b"#!AMR", "audio/amr"),
)
STILL = (b"heic", b"heix", b"mif1")
TRACK = re.compile(rb"hdlr.{8}(soun|vide)", re.DOTALL)
"""The handler of a track (ISO/IEC 14496-12, 8.4.3)."""


def media_type(content: bytes) -> str | None:
    """The media type of a file that can be added to a case, or None for any other."""
    for beginning, found in BEGINNINGS:
        if content.startswith(beginning):
            return found
    if content[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(content[8:12])
    if content[4:8] == b"ftyp":
        return "image/heic" if content[8:12] in STILL else _mp4(content)
    if content.startswith(b"OggS"):
        return "audio/ogg" if re.search(rb"OpusHead|\x01vorbis", content[:400]) and b"theora" not in content else None
    if content.startswith(b"\x1a\x45\xdf\xa3"):
        return "audio/webm" if re.search(rb"A_OPUS|A_VORBIS", content[:4000]) and b"V_" not in content[:4000] else None
    return _frames(content)


def _mp4(content: bytes) -> str | None:
    return "audio/mp4" if set(TRACK.findall(content)) == {b"soun"} else None


def _frames(content: bytes) -> str | None:
    """Sound without a header of its own: frames of MPEG audio (layer III) or AAC (ADTS) from the first byte on."""
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return None
    if content[1] & 0xF6 == 0xF0:
        return "audio/aac"
    return "audio/mpeg" if content[1] & 0x06 == 0x02 and content[2] & 0xF0 not in (0x00, 0xF0) else None
