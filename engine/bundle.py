"""Bundles: a ZIP of files that anybody can verify, by hashes (SHA-256) in a manifest that is signed (Ed25519).

The house signs with a key in its key folder; its public half is published, and stands in each bundle as well. Whoever
compares the two knows that the files are what the house gave out.
"""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from engine.keys import key

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
SIGNATURES = "signatures.json"
"""What parties signed electronically, each with its sealed statement; only where there is something."""
FORMAT = "hejie-bundle-1"
MOST_BYTES = 2 * 1024**3
"""What a bundle may unpack to; a ZIP that claims more is not opened."""


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


def sign(content: bytes) -> bytes:
    """The house's signature of something."""
    return _private().sign(content)


def make(files: Mapping[str, bytes], facts: Mapping[str, Any]) -> bytes:
    """A bundle of files by name; `facts` (plain JSON) stand in its manifest."""
    listed = [
        {"name": name, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}
        for name, content in sorted(files.items())
    ]
    manifest = {"format": FORMAT, "key": public_key(), **facts, "files": listed}
    body = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(MANIFEST, body)
        archive.writestr(SIGNATURE, sign(body).hex())
        for name, content in sorted(files.items()):
            archive.writestr(name, content)
    return made.getvalue()


def verify(file: BinaryIO, *, expected_key: str = "") -> Verdict:
    """Verify a bundle. `expected_key` is the published public key (hex); without it only alteration shows."""
    try:
        with zipfile.ZipFile(file) as archive:
            return _verify(archive, expected_key)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, NotImplementedError, EOFError) as error:
        return Verdict("", {}, (), (f"This is no bundle: {error}",))


def _verify(archive: zipfile.ZipFile, expected_key: str) -> Verdict:
    if sum(one.file_size for one in archive.infolist()) > MOST_BYTES:
        raise ValueError("it unpacks to more than 2 GB")
    body = archive.read(MANIFEST)
    manifest = json.loads(body)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise ValueError(f"its manifest is not of the format {FORMAT}")
    signer = str(manifest["key"])
    problems = []
    try:
        signature = bytes.fromhex(archive.read(SIGNATURE).decode())
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer)).verify(signature, body)
    except (InvalidSignature, ValueError):
        problems.append("The signature does not fit the manifest.")
    if expected_key and signer != expected_key.strip().lower():
        problems.append("It was signed with another key than the one you gave.")
    named = {str(one["name"]): one for one in manifest["files"]}
    there = [one.filename for one in archive.infolist() if one.filename not in (MANIFEST, SIGNATURE)]
    problems += [f"Listed but not there: {name}" for name in sorted(named.keys() - set(there))]
    problems += [f"There but not listed: {name}" for name in sorted(set(there) - named.keys())]
    problems += [f"Twice: {name}" for name in sorted({name for name in there if there.count(name) > 1})]
    for name in sorted(named.keys() & set(there)):
        if hashlib.sha256(archive.read(name)).hexdigest() != named[name]["sha256"]:
            problems.append(f"Altered: {name}")
    if SIGNATURES in named and SIGNATURES in there:
        problems += _drawn(archive, signer)
    facts = {name: value for name, value in manifest.items() if name not in ("files", "key", "format")}
    return Verdict(signer, facts, tuple(sorted(named)), tuple(problems))


def _drawn(archive: zipfile.ZipFile, signer: str) -> list[str]:
    """What is wrong with parties' signatures: each must fit the paper, what was drawn or the phone, and its seal."""
    problems = []
    for one in json.loads(archive.read(SIGNATURES)):
        said = json.loads(one["statement"])
        paper, drawing = (
            hashlib.sha256(archive.read(one[name]) if one[name] else b"").hexdigest() for name in ("paper", "drawing")
        )
        try:
            key_of_seal = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signer))
            key_of_seal.verify(bytes.fromhex(one["seal"]), one["statement"].encode())
            fits = said[1:4] == [paper, drawing, one["signer"]] and said[6:] == [one["phone"]] * bool(one.get("phone"))
        except (InvalidSignature, ValueError):
            fits = False
        if not fits:
            problems.append(f"The signature of {one['signer']} does not fit: {one['paper']}")
    return problems


def _private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key("signing"))
