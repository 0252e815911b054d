"""Files that were uploaded to a draft. The caller stores them; a form holds their ids only."""

from collections.abc import Mapping
from dataclasses import dataclass

from forms.definition import FilePicker
from forms.wrong import Wrong


@dataclass(frozen=True)
class Upload:
    """One uploaded file that this person may use here."""

    id: str
    name: str
    size: int = 0
    media_type: str = ""
    url: str = ""


def judge_uploads(picker: FilePicker, ids: list[str], known: Mapping[str, Upload]) -> None:
    """Every id must be a known upload of the right kind and size. Raises `Wrong`."""
    for upload_id in ids:
        upload = known.get(upload_id)
        if upload is None:
            raise Wrong("file-unknown")
        if picker.accept and not any(_fits(upload, wanted) for wanted in picker.accept):
            raise Wrong("file-kind", name=upload.name, wanted=", ".join(picker.accept))
        if picker.max_bytes and upload.size > picker.max_bytes:
            raise Wrong("file-size", name=upload.name, limit=f"{picker.max_bytes / 1_000_000:g}")


def _fits(upload: Upload, wanted: str) -> bool:
    """Whether a file is what one entry of HTML's accept attribute names: ``.pdf``, ``image/*``, ``image/png``."""
    if wanted.startswith("."):
        return upload.name.lower().endswith(wanted)
    if wanted.endswith("/*"):
        return upload.media_type.lower().startswith(wanted[:-1])
    return upload.media_type.lower() == wanted
