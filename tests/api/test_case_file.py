"""The file of a case on pages: papers, templates, the public key; verifying a bundle on the command line."""

import os
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from engine import bundle, db, events
from tests.api.conftest import Browser, token_in
from tests.api.steps import Report, System, do

SomeoneSigned = Callable[[str], Browser]


@pytest.fixture
def case_id(report: Report, system: System) -> str:
    """A report that was looked at, so that a form is on file."""
    made = str(report()["id"])
    do(system("duty"), made, "triage")
    return made


def test_papers_are_shown_and_downloaded_by_those_who_see_the_case(case_id: str, signed_in: SomeoneSigned) -> None:
    duty = signed_in("duty")
    page = duty.get(f"/cases/{case_id}/file")
    assert page.status_code == 200
    pdf = page.text.split(f'href="/cases/{case_id}/papers/')[1].split('"')[0]
    address = f"/cases/{case_id}/papers/{pdf}"
    answer = duty.get(address)
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert duty.get(address.replace(".pdf", ".docx")).data.startswith(b"PK")
    assert duty.get(address.replace(".pdf", ".png")).data.startswith(b"\x89PNG")
    assert duty.get(address.replace(".pdf", ".exe")).status_code == 404
    with db.transaction() as session:
        taken = [
            one.data["format"] for one in events.of_stream(session, UUID(case_id)) if one.kind == "paper.taken_out"
        ]
    assert taken == ["pdf", "docx"], "every export leaves a trace; the picture on the page is none"
    assert signed_in("court").get(address).status_code == 404
    refused = duty.send(f"/cases/{case_id}/file", {"do": "finish"})
    assert refused.status_code == 409
    assert "立卷" in refused.text


def test_the_file_shows_names_and_words_where_forms_hold_codes(
    case_id: str, system: System, signed_in: SomeoneSigned
) -> None:
    mediator = system("mediator")
    do(system("duty"), case_id, "confirm")
    do(mediator, case_id, "consent")
    do(mediator, case_id, "register", category="D03")
    me = mediator.get("/api/v1/me").get_json()
    do(mediator, case_id, "mediator", mediator=me["id"])
    page = signed_in("mediator").get(f"/cases/{case_id}").text
    sheets = page.split('class="sheet">')[1:]
    assert len([one for one in sheets if me["name"] in one]) >= 1
    assert [one for one in sheets if f">{me['id']}<" in one or ">D03<" in one] == []
    assert any("邻里" in one for one in sheets)


def test_a_paper_is_put_on_file_from_the_page_and_over_rest(case_id: str, signed_in: SomeoneSigned) -> None:
    duty = signed_in("duty")
    address = f"/cases/{case_id}/file/add/f9-evidence"
    assert address in duty.get(f"/cases/{case_id}/file").text
    refused = duty.send(address, {"items[0].name": ""})
    assert refused.status_code == 422
    kept = duty.send(address, {"items[0].name": "宅基地证", "items[0].source": "申请人"})
    assert kept.status_code == 303
    papers = duty.client.get(f"/api/v1/cases/{case_id}/papers").json["items"]
    assert "f9-evidence" in [one["kind"] for one in papers]
    assert signed_in("grid").get(address).status_code == 403


@pytest.fixture
def handed_out(case_id: str, signed_in: SomeoneSigned, tmp_path: Path) -> Path:
    """A bundle from the page, and beside it the published key as hex digits and as PEM."""
    duty = signed_in("duty")
    token = token_in(duty.get(f"/cases/{case_id}/file"))
    answer = duty.post(f"/cases/{case_id}/bundle", data={"csrf_token": token, "recipient": "police"})
    assert answer.content_type == "application/zip"
    (tmp_path / "bundle.zip").write_bytes(answer.data)
    for name in ("bundle-key", "bundle-key.pem"):
        (tmp_path / name).write_bytes(duty.client.get(f"/{name}").data)
    return tmp_path / "bundle.zip"


def verified(file: Path, key: object = None) -> Result:
    return CliRunner().invoke(main, ["bundle", "verify", str(file), *(["--key", str(key)] if key else [])])


def test_a_bundle_verifies_with_the_published_key_however_it_is_given(handed_out: Path) -> None:
    digits, pem = handed_out.with_name("bundle-key"), handed_out.with_name("bundle-key.pem")
    assert digits.read_text().strip() == bundle.public_key()
    for key in (digits.read_text().strip(), digits.read_text().strip().upper(), digits, pem):
        good = verified(handed_out, key)
        assert good.exit_code == 0, good.output
        assert "none altered" in good.output
    other = verified(handed_out, "ab" * 32)
    assert (other.exit_code, "another key" in other.output) == (1, True)
    certificate = handed_out.with_name("certificate")
    certificate.write_text("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    for no_key in ("no such file", "ab" * 31, handed_out, certificate):
        refused = verified(handed_out, no_key)
        assert (refused.exit_code, "bundle-key.pem" in refused.output) == (2, True), refused.output
    assert "no bundle" in verified(pem).output


def test_whatever_is_done_to_a_file_of_a_bundle_is_found(handed_out: Path) -> None:
    with zipfile.ZipFile(handed_out) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    assert {"file.pdf", "history.json", "manifest.json", "manifest.sig", bundle.README, bundle.SUMS} <= set(files)
    for name, content in files.items():
        spoilt = bytes([content[0] ^ 1]) + content[1:]
        for changed in ({**files, name: spoilt}, {one: body for one, body in files.items() if one != name}):
            with zipfile.ZipFile(handed_out, "w") as archive:
                for one, body in changed.items():
                    archive.writestr(one, body)
            found = verified(handed_out)
            assert found.exit_code == 1, name
            assert name in found.output or name in (bundle.MANIFEST, bundle.SIGNATURE)


def test_a_bundle_s_own_text_says_how_to_verify_it_with_openssl(handed_out: Path, tmp_path: Path) -> None:
    """The commands of the text are run as they stand, in the unpacked folder, by a shell that knows nothing of us."""
    place = tmp_path / "unpacked"
    with zipfile.ZipFile(handed_out) as archive:
        archive.extractall(place)
    (place / "key.pem").write_bytes(handed_out.with_name("bundle-key.pem").read_bytes())
    text = (place / bundle.README).read_text()
    commands = [line.strip() for line in text.splitlines() if line.startswith(" " * 5)]
    assert len(commands) == 5

    def said(command: str) -> str:
        env = {**os.environ, "LC_ALL": "C"}
        ran = subprocess.run(["/bin/bash", "-c", command], cwd=place, env=env, capture_output=True, check=False)
        return ran.stdout.decode()

    signature, digits, sums, files, more = (said(one) for one in commands)
    assert "Verified Successfully" in signature
    assert digits.strip() == bundle.public_key()
    assert sums.strip() == "OK"
    assert files.count(": OK") == len(files.splitlines()) > 3
    assert not more
    (place / "history.json").write_text("[]")
    (place / "papers" / "one more.pdf").write_text("x")
    assert "history.json: FAILED" in said(commands[3])
    assert "one more.pdf" in said(commands[4])
    (place / "manifest.json").write_bytes((place / "manifest.json").read_bytes() + b" ")
    assert "Verified Successfully" not in said(commands[0])


def test_templates_are_the_administrator_s(library: None, signed_in: SomeoneSigned) -> None:
    admin = signed_in("admin")
    assert "人民调解协议书" in admin.get("/papers", headers={"Accept-Language": "zh"}).text
    tried = admin.send("/papers/f11-agreement", {"content": "# 本县协议书", "do": "try"})
    assert tried.data.startswith(b"%PDF-")
    broken = admin.send("/papers/f11-agreement", {"content": "{{ x.", "do": "replace"})
    assert broken.status_code == 422
    assert "{{ x." in broken.text
    assert admin.send("/papers/f11-agreement", {"content": "# 本县协议书", "do": "replace"}).status_code == 303
    assert "# 本县协议书" in admin.get("/papers/f11-agreement").text
    assert admin.send("/papers/f11-agreement", {"content": "", "do": "shipped"}).status_code == 303
    assert admin.get("/papers/unknown").status_code == 404
    duty = signed_in("duty")
    assert duty.get("/papers").status_code == 403
    assert duty.get("/numbers").status_code == 200
