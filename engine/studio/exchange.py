"""Import and export: a single file as it is, a bundle as a ZIP; and copies under another key."""

import io
import json
import lzma
import re
import zipfile
import zlib
from contextlib import suppress
from pathlib import PurePosixPath

from sqlalchemy.orm import Session

from engine import dmn
from engine.people.actor import Actor
from engine.studio import bundles, drafts
from engine.studio.errors import ArchiveInvalid, FileUnfit, KeyTaken
from engine.studio.models import Draft
from engine.workflow import definitions
from engine.workflow.bpmn import ModelRefused, compile_model
from engine.workflow.definitions import File
from engine.workflow.encodings import as_utf8

BPMN = b"http://www.omg.org/spec/BPMN/20100524/MODEL"
LEFT_BEHIND = re.compile(r"(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$)")
"""What an operating system puts into a ZIP beside the files."""
SAYS_UTF8 = 0x800
KEY = re.compile(r"[a-z][a-z0-9-]{1,60}")
PLACES = {
    definitions.PROCESS: r'(=["\']){}(["\'])',
    definitions.DECISION: r'(=["\']#?){}(["\'])',
    definitions.FORM: r'("id":\s*"){}(")',
    definitions.LABELS: r"(?m)(^\[?){}(\]| *=)",
    definitions.BUNDLE: r"([\"\[.]){}([\"\]]|\.bpmn)",
    definitions.SCENARIO: r"(process: *|/){}([ ,}}\n/]|\.bpmn)",
}
"""Where a key stands in each kind of file."""


def archive(files: dict[str, bytes]) -> bytes:
    """Files as a ZIP; the same files give the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as content:
        for name in sorted(files):
            content.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a ZIP. Raises ArchiveInvalid, FileUnfit."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as found:
            inside = [one for one in found.infolist() if not one.is_dir() and not LEFT_BEHIND.search(one.filename)]
            names = [_with_small_ending(_name(one)) for one in inside]
            bundles.require_fit(names, sum(one.file_size for one in inside))
            return {name: found.read(one) for name, one in zip(names, inside, strict=True)}
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError, EOFError, OSError):
        raise ArchiveInvalid from None


def bring_in(session: Session, actor: Actor, file_name: str, content: bytes) -> Draft:
    """Make a draft of a file or of a ZIP of files, byte for byte; nothing is judged before it is checked.

    XML in another encoding becomes UTF-8, and a BPMN diagram may be called .xml. What is in force under the same key
    is what it is compared with. Raises ArchiveInvalid, FileUnfit, FileUnreadable.
    """
    file_name = _with_small_ending(file_name)
    if file_name.endswith(".xml") and not definitions.kind_of(file_name):
        content = as_utf8(file_name, content)
        if BPMN in content:
            file_name = f"{file_name.removesuffix('.xml')}.bpmn"
    if not file_name.endswith(".zip"):
        name = PurePosixPath(file_name.replace("\\", "/")).name
        content = as_utf8(name, content)
        bundles.require_fit([name], len(content))
        return _of_one_file(session, actor, name, content)
    files = unpacked(content)
    if not files:
        raise ArchiveInvalid
    folder = definitions.bundle_of(min(files)) or PurePosixPath(file_name).stem
    placed = {name if "/" in name else f"{folder}/{name}": found for name, found in files.items()}
    return drafts.make(session, actor, folder, folder, placed)


def _name(entry: zipfile.ZipInfo) -> str:
    """The name of an entry, also where it does not say that it is UTF-8: macOS writes that, a Chinese Windows GBK."""
    if entry.flag_bits & SAYS_UTF8:
        return entry.filename
    raw = entry.filename.encode("cp437")  # what zipfile takes it for (APPNOTE.TXT, D.1)
    with suppress(UnicodeError):
        return raw.decode()
    return raw.decode("gb18030", "replace")


def _with_small_ending(name: str) -> str:
    """`PLAN.BPMN` → `PLAN.bpmn`: some systems write endings in capitals."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}{dot}{ending.lower()}"


def duplicate(session: Session, actor: Actor, kind: str, key: str, new_key: str) -> Draft:
    """A copy of what something belongs to, as a start: under another key everywhere, also in its message's name.

    Raises AdministratorsOnly, DefinitionUnknown, KeyTaken.
    """
    definition = definitions.newest(session, kind, key)
    bundle = bundles.name_of(definition)
    files = bundles.in_force(session, bundle)
    taken = [other for other in definitions.KINDS if definitions.versions(session, other, new_key)]
    if not KEY.fullmatch(new_key) or taken:
        raise KeyTaken(key=new_key)
    parts = [part for one in files for part in definitions.parts_of(File(one.file_name, one.content))]
    keys = {bundle: new_key} | {part.key: _renamed(part.key, bundle, new_key) for part in parts}
    copied = {
        _renamed(one.file_name, bundle, new_key): rekeyed(definitions.kind_of(one.file_name), one.content, keys)
        for one in files
    }
    return drafts.make(session, actor, new_key, f"{definition.name} · {new_key}", copied)


def rekeyed(kind: str | None, content: bytes, keys: dict[str, str]) -> bytes:
    """A file in which things are called by other keys; all else stays as it is, byte for byte."""
    text = content.decode()
    for old in sorted(keys, key=len, reverse=True):
        pattern = PLACES[kind or definitions.PROCESS].format(re.escape(old))
        text = re.sub(pattern, rf"\g<1>{keys[old]}\g<2>", text)
    return text.encode()


def _renamed(name: str, bundle: str, new_key: str) -> str:
    """`civil-dispute/mediation.bpmn` → `copy/copy-mediation.bpmn`, `civil-dispute` → `copy`, a plain key → `copy-…`."""
    folder, slash, rest = name.partition("/")
    if not slash:
        stem, dot, ending = name.partition(".")
        return f"{new_key if stem == bundle else f'{new_key}-{stem}'}{dot}{ending}"
    if "/" in rest or not rest.endswith((".bpmn", ".dmn")):
        return f"{new_key if folder == bundle else folder}/{rest}"
    return f"{new_key}/{_renamed(rest, bundle, new_key)}"


def _of_one_file(session: Session, actor: Actor, name: str, content: bytes) -> Draft:
    kind, key = definitions.kind_of(name), _key_in(name, content)
    if kind and key and (known := definitions.versions(session, kind, key)):
        draft = drafts.begin(session, actor, kind, key)
        place = known[0].file_name
        file = draft.file(place)
        drafts.save(session, actor, draft.id, place, content, file.number if file else 0)
        return draft
    bundle = key or PurePosixPath(name).name.partition(".")[0]
    placed = name if kind == definitions.FORM else f"{bundle}/{name}"
    return drafts.make(session, actor, bundle, bundle, {placed: content})


def _key_in(name: str, content: bytes) -> str | None:
    """The key of what a file defines; None where that cannot be said."""
    try:
        match definitions.kind_of(name):
            case definitions.PROCESS:
                return next(iter(compile_model(content).processes), None)
            case definitions.DECISION:
                return next((one.id for one in dmn.parse(content).decisions), None)
            case definitions.FORM:
                form = json.loads(content)
                key = form.get("id") if isinstance(form, dict) else None
                return key if isinstance(key, str) else None
    except (ModelRefused, dmn.DmnError, ValueError, RecursionError, FileUnfit):
        return None
    return None
