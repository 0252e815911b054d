"""Bundles: a ZIP of files that anybody can verify, by hashes (SHA-256) in a manifest that is signed (Ed25519).

The house signs with a key in its key folder; its public half is published, and stands in each bundle as well. Whoever
compares the two knows that the files are what the house gave out. openssl and sha256sum are enough for it, as the
text `README` in each bundle says: the signature is 64 bytes over the manifest, `SUMS` is what sha256sum reads.
"""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.errors import N_, Invalid
from engine.keys import key
from engine.sentences import S_, Sentence

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
README, SUMS = "核验说明.txt", "SHA256SUMS"
SIGNATURES = "signatures.json"
"""What parties signed electronically, each with its sealed statement; only where there is something."""
FORMAT = "hejie-bundle-1"
MOST_BYTES = 2 * 1024**3
"""What a bundle may unpack to; a ZIP that claims more is not opened."""


class KeyUnreadable(Invalid):
    """What was given as a public key is none."""

    code = "key-unreadable"
    message = N_(
        "This is no public key of a house: give the 64 hex digits of /bundle-key, or the PEM text of /bundle-key.pem, "
        "or the name of a file with one of them."
    )


@dataclass(frozen=True)
class Verdict:
    """What verifying a bundle found. `key` is the public key (hex) that signed it, to compare with the published."""

    key: str
    facts: Mapping[str, Any]
    files: tuple[str, ...]
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing was altered, added or taken away."""
        return not self.problems


def public_key() -> str:
    """The house's public key, as hex."""
    return _private().public_key().public_bytes_raw().hex()


def public_pem() -> str:
    """The house's public key as PEM (SubjectPublicKeyInfo, RFC 8410), as openssl reads it."""
    form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return _private().public_key().public_bytes(*form).decode()


def read_key(text: str) -> str:
    """A public key as hex, from its hex digits or from PEM. Raises KeyUnreadable."""
    if "-----BEGIN" not in text:
        digits = text.strip().lower()
        if len(digits) == 64 and not digits.strip("0123456789abcdef"):
            return digits
        raise KeyUnreadable
    try:
        found = serialization.load_pem_public_key(text.encode())
    except ValueError:
        raise KeyUnreadable from None
    if not isinstance(found, Ed25519PublicKey):
        raise KeyUnreadable
    return found.public_bytes_raw().hex()


def sign(content: bytes) -> bytes:
    """The house's signature of something."""
    return _private().sign(content)


def make(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> bytes:
    """A bundle of files by name; `facts` (plain JSON) stand in its manifest, how to verify it in its `README`."""
    files = {**files, README: Path(__file__).with_name("bundle.txt").read_bytes()}
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in sorted(files.items()))
    files[SUMS] = sums.encode()
    listed = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in sorted(files.items())
    ]
    manifest = {"format": FORMAT, "key": public_key(), **facts, "files": listed}
    body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, body)
        archive.writestr(SIGNATURE, sign(body))
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return made.getvalue()


UNREADABLE = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, OSError, NotImplementedError, EOFError,
    RuntimeError,
)  # fmt: skip
"""What reading a spoilt, encrypted or foreign ZIP raises."""


def verify(file: BinaryIO, *, expected_key: str = "") -> Verdict:
    """Verify a bundle. `expected_key` is the published public key (hex); without it only alteration shows."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _verify(archive, expected_key)
    except UNREADABLE:
        return Verdict("", {}, (), (S_("This is no bundle of a house, or it is spoilt: fetch it again."),))


def _verify(archive: zipfile.ZipFile, expected_key: str) -> Verdict:
    if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
        return Verdict("", {}, (), (S_("It unpacks to more than 2 GB; no house makes such a bundle."),))
    body = archive.read(MANIFEST)
    manifest = json.loads(body)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        return Verdict("", {}, (), (S_("Its manifest is not of the format %(format)s.", format=FORMAT),))
    signer = str(manifest["key"])
    problems: list[Sentence] = []
    if not _signed(archive.read(SIGNATURE), signer, body):
        problems.append(S_("The signature does not fit the manifest."))
    if expected_key and signer != expected_key:
        problems.append(S_("It was signed with another key than the one you gave."))
    named = {str(one["name"]): one for one in manifest["files"]}
    every = [one.filename for one in archive.infolist()]
    there = set(every) - {MANIFEST, SIGNATURE}
    problems += [S_("Listed but not there: %(name)s", name=name) for name in sorted(named.keys() - there)]
    problems += [S_("There but not listed: %(name)s", name=name) for name in sorted(there - named.keys())]
    problems += [S_("Twice: %(name)s", name=name) for name in sorted({one for one in every if every.count(one) > 1})]
    altered = [name for name in sorted(named.keys() & there) if _digest(archive, name) != named[name]["sha256"]]
    problems += [S_("Altered: %(name)s", name=name) for name in altered]
    if SIGNATURES in (named.keys() & there) - set(altered):
        problems += _drawn(archive, signer)
    facts = {name: value for name, value in manifest.items() if name not in ("files", "key", "format")}
    return Verdict(signer, facts, tuple(sorted(named)), tuple(problems))


def _signed(signature: bytes, signer: str, body: bytes) -> bool:
    try:
        raw = signature if len(signature) == 64 else bytes.fromhex(signature.decode())  # hex: bundles of old
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer)).verify(raw, body)
    except (InvalidSignature, ValueError):
        return False
    return True


def _digest(archive: zipfile.ZipFile, name: str) -> str:
    try:
        return hashlib.sha256(archive.read(name)).hexdigest()
    except UNREADABLE:
        return ""


def _drawn(archive: zipfile.ZipFile, signer: str) -> list[Sentence]:
    """What is wrong with parties' signatures: each must fit the paper, what was drawn or the phone, and its seal."""
    problems = []
    for one in json.loads(archive.read(SIGNATURES)):
        said = json.loads(one["statement"])
        paper, drawing = (
            _digest(archive, one[name]) if one[name] else hashlib.sha256(b"").hexdigest()
            for name in ("paper", "drawing")
        )
        fits = said[1:4] == [paper, drawing, one["signer"]] and said[6:] == [one["phone"]] * bool(one.get("phone"))
        if not fits or not _signed(bytes.fromhex(one["seal"]), signer, one["statement"].encode()):
            said_so = S_(
                "The signature of %(signer)s does not fit: %(paper)s", signer=one["signer"], paper=one["paper"]
            )
            problems.append(said_so)
    return problems


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key("signing"))
