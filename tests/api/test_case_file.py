"""The file of a case on pages: papers, templates, the public key; verifying a bundle on the command line."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from click.testing import CliRunner

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


def test_a_bundle_from_the_page_verifies_on_the_command_line(
    case_id: str, signed_in: SomeoneSigned, tmp_path: Path
) -> None:
    duty = signed_in("duty")
    token = token_in(duty.get(f"/cases/{case_id}/file"))
    answer = duty.post(f"/cases/{case_id}/bundle", data={"csrf_token": token, "recipient": "police"})
    assert answer.content_type == "application/zip"
    file = tmp_path / "bundle.zip"
    file.write_bytes(answer.data)
    key = duty.client.get("/bundle-key").text.strip()
    good = CliRunner().invoke(main, ["bundle", "verify", str(file), "--key", key])
    assert good.exit_code == 0, good.output
    assert "none altered" in good.output
    assert CliRunner().invoke(main, ["bundle", "verify", str(file), "--key", "ab" * 32]).exit_code == 1
    content = bytearray(answer.data)
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert CliRunner().invoke(main, ["bundle", "verify", str(file)]).exit_code == 1
    assert key == bundle.public_key()


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
