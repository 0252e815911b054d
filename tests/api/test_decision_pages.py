"""The pages of decision tables tell what their rules leave open."""

from collections.abc import Callable

from engine import casework, db
from engine.workflow.definitions import File
from tests.api.conftest import Browser
from tests.engine.dmn.models import data, decision, table, xml


def test_page_of_a_table_tells_its_gaps_and_overlaps(library: None, signed_in: Callable[[str], Browser]) -> None:
    rules = [["< 18", '"child"'], ["(18..60]", '"adult"'], [">= 60", '"elder"']]
    model = xml(data("age", "number"), decision("age-groups", table(["age"], rules), needs=["!age"]))
    with db.transaction() as session:
        casework.deploy(session, None, [File("ages.dmn", model)])
    page = signed_in("admin").get("/decisions/age-groups", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No rule holds for age 18." in page.text
    assert "Rules 2 and 3 both hold for age 60, but only one may." in page.text


def test_complete_table_has_nothing_to_tell(library: None, signed_in: Callable[[str], Browser]) -> None:
    page = signed_in("admin").get("/decisions/triage_level", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert "No rule holds" not in page.text
