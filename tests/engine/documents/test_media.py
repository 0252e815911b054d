"""What a file is shows from its first bytes: photos, recordings and PDF are taken, moving pictures are not."""

import pytest

from engine.documents.media import media_type


def mp4(*tracks: bytes) -> bytes:
    """The beginning of an MP4 file with tracks of these handlers."""
    handlers = b"".join(b"\0\0\0\x20hdlr" + bytes(8) + one + bytes(12) for one in tracks)
    return b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + b"\0\0\0\x08moov" + handlers


def wav(seconds: float = 0.1) -> bytes:
    """A recording of silence: PCM, 8000 samples a second, one channel, 8 bits."""
    samples = bytes([128]) * int(8000 * seconds)
    form = b"fmt " + (16).to_bytes(4, "little") + bytes.fromhex("01000100401f0000401f000001000800")
    data = b"data" + len(samples).to_bytes(4, "little") + samples
    return b"RIFF" + (4 + len(form) + len(data)).to_bytes(4, "little") + b"WAVE" + form + data


WEBM = b"\x1a\x45\xdf\xa3\x9fB\x82\x84webm"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (wav(), "audio/wav"),
        (b"ID3\x04\0\0\0\0\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(8), "audio/mpeg"),
        (b"\xff\xf1\x50\x80" + bytes(8), "audio/aac"),
        (mp4(b"soun"), "audio/mp4"),
        (mp4(b"vide", b"soun"), None),
        (mp4(), None),
        (b"OggS" + bytes(24) + b"OpusHead", "audio/ogg"),
        (b"OggS" + bytes(24) + b"\x80theora", None),
        (WEBM + b"\x86\x86A_OPUS", "audio/webm"),
        (WEBM + b"\x86\x86A_OPUS\x86\x85V_VP9", None),
        (b"#!AMR\n", "audio/amr"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\xff\xfe" + "报告".encode("utf-16-le"), None),
        (b"<script>", None),
        (b"MZ\x90\0", None),
        (b"", None),
    ],
)
def test_kinds_of_files(content: bytes, expected: str | None) -> None:
    assert media_type(content) == expected
