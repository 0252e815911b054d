"""Diagrams of other tools in the studio: nothing of them is lost, and what has no drawing is laid out."""

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import expect

from tests.browser.drawing import bring_in, content_of, do, draft_of, edit, saved
from tests.browser.people import Person

pytestmark = pytest.mark.browser
People = Callable[..., Person]
VENDORS = sorted(Path(__file__).with_name("foreign").iterdir())
"""Diagrams as other tools write them; the one that says GBK is sent in GBK."""
BARE = sorted(Path(__file__).with_name("bare").iterdir())
"""Diagrams without a drawing, whose flows have no ids."""
FOREIGN = Path(__file__).with_name("foreign").joinpath("other.bpmn").read_text("utf-8")


@pytest.fixture
def size() -> str:
    """Diagrams are drawn at a desk."""
    return "desktop"


def parts_of(text: str) -> Counter[tuple[str, ...]]:
    """Everything that a file says: elements, attributes, words, comments, each as often as it is said."""
    found: Counter[tuple[str, ...]] = Counter()
    for node in etree.fromstring(text.encode()).getroottree().iter():
        if isinstance(node, etree._Comment):
            found["comment", node.text or ""] += 1
            continue
        found["element", str(node.tag)] += 1
        found.update(("attribute", str(node.tag), str(name), str(value)) for name, value in node.attrib.items())
        if node.text and node.text.strip():
            found["words", str(node.tag), node.text.strip()] += 1
    return found


def test_a_foreign_diagram_loses_nothing(person: People) -> None:
    admin = person("admin")
    draft = bring_in(admin, "elsewhere.bpmn", FOREIGN)
    page = edit(admin, draft, "elsewhere/elsewhere.bpmn")
    do(page, "of('modeling').updateProperties(of('elementRegistry').get('work'), { name: 'Another name' })")
    do(page, "of('modeling').moveElements([of('elementRegistry').get('end')], { x: 40, y: 0 })")
    saved(page)
    before, after = parts_of(FOREIGN), parts_of(page.request.get(content_of(draft, "elsewhere/elsewhere.bpmn")).text())
    gone, come = before - after, after - before
    renamed = ("attribute", "{http://www.omg.org/spec/BPMN/20100524/MODEL}userTask", "name", "Work")
    assert renamed in gone
    moved = {"x", "y"}
    assert {one for one in gone if one != renamed and one[2] not in moved} == set()
    assert {one[0] for one in come} == {"attribute"}
    assert {one[2] for one in come} <= {"name", *moved}


@pytest.mark.parametrize("file", VENDORS, ids=lambda file: file.name.partition(".")[0])
def test_a_diagram_of_another_vendor_loses_nothing(person: People, file: Path) -> None:
    admin, text = person("admin"), file.read_text("utf-8")
    draft = bring_in(admin, file.name, text)
    name = admin.page.locator("table a[href*='/edit/']").inner_text()
    page = edit(admin, draft, name)
    task = do(page, "of('elementRegistry').find((one) => /Task$/.test(one.type)).id")
    do(page, f"of('modeling').updateProperties(of('elementRegistry').get('{task}'), {{ name: 'Another name' }})")
    saved(page)
    before = parts_of(text.replace('encoding="GBK"', 'encoding="UTF-8"'))
    after = parts_of(page.request.get(content_of(draft, name)).text())
    assert [one[:1] + one[2:3] for one in before - after] == [("attribute", "name")]
    assert [one[2:] for one in after - before] == [("name", "Another name")]


def test_what_a_collapsed_step_holds_stays_where_it_was(person: People) -> None:
    admin = person("admin")
    name = "collapsed/collapsed.bpmn"
    content = Path(__file__).with_name("foreign").joinpath("collapsed.bpmn").read_text("utf-8")
    draft = bring_in(admin, "collapsed.bpmn", content)
    page = edit(admin, draft, name)
    spots = """of('elementRegistry').filter((one) => one.id.startsWith('inner') && !one.labelTarget).map((one) =>
        [one.id, ...(one.waypoints ?? [one]).map(({ x, y }) => [x, y])]).sort()"""
    do(page, "of('modeling').moveElements([of('elementRegistry').get('inner-begin')], { x: 0, y: 30 })")
    do(page, "of('modeling').updateProperties(of('elementRegistry').get('inner-work'), { name: 'Renamed' })")
    saved(page)
    before = do(page, spots)
    page = edit(admin, draft, name)
    assert do(page, spots) == before


def test_what_is_removed_takes_only_itself_along(person: People) -> None:
    admin = person("admin")
    draft = bring_in(admin, "elsewhere.bpmn", FOREIGN)
    page = edit(admin, draft, "elsewhere/elsewhere.bpmn")
    do(page, "of('modeling').removeElements([of('elementRegistry').get('end')])")
    saved(page)
    text = page.request.get(content_of(draft, "elsewhere/elsewhere.bpmn")).text()
    after = parts_of(text)
    assert 'id="end"' not in text
    assert 'id="f2"' not in text
    kept = [one for one in parts_of(FOREIGN) if one[0] == "element" and "vendor" in one[1]]
    lost = {one for one in kept if after[one] < parts_of(FOREIGN)[one]}
    assert lost <= {("element", "{urn:vendor:two}style")}  # it stood in the flow that went
    do(page, "of('commandStack').undo()")
    saved(page)
    back = parts_of(page.request.get(content_of(draft, "elsewhere/elsewhere.bpmn")).text())
    assert back == parts_of(FOREIGN)


LAID_OUT = (
    """of('elementRegistry').getAll().filter((one) => one.parent && !one.labelTarget).map((one) => one.id).sort()"""
)


def test_a_file_without_a_drawing_is_laid_out_and_nothing_else_of_it_changes(person: People) -> None:
    admin = person("admin")
    bare = FOREIGN.partition("<di:BPMNDiagram")[0] + "</definitions>"
    bare = re.sub(r"<(\w+:)?(incoming|outgoing)>.*?</(\w+:)?(incoming|outgoing)>", "", bare)
    name = "elsewhere/bare.bpmn"
    draft = bring_in(admin, "bare.bpmn", bare)
    page = edit(admin, draft, name)
    expect(page.locator("[data-laid-out]")).to_contain_text("没有图形")
    admin.look("[data-laid-out]")
    assert do(page, LAID_OUT) == sorted(
        re.findall(r'<(?:\w+:)?(?:startEvent|userTask|endEvent|sequenceFlow) [^>]*id="(\w+)"', bare)
    )
    expect(page.locator("[data-findings] [data-rule=no-disconnected]")).to_have_count(0)
    assert page.request.get(content_of(draft, name)).text() == bare, "nothing is saved before somebody says so"
    with page.expect_response(lambda answer: answer.request.method == "PUT"):
        page.get_by_role("button", name="保存图形").click()
    saved(page)
    expect(page.locator("[data-laid-out]")).to_be_hidden()
    text = page.request.get(content_of(draft, name)).text()
    parts = etree.fromstring(text.encode())
    drawings = parts.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram")
    assert len(drawings) == 1
    parts.remove(drawings[0])
    assert parts_of(etree.tostring(parts, encoding="unicode")) == parts_of(bare)
    edit(admin, draft, name)
    expect(page.locator("[data-laid-out]")).to_be_hidden()


@pytest.mark.parametrize("file", BARE, ids=lambda file: file.name.partition(".")[0])
def test_flows_without_a_name_are_named_to_be_drawn(person: People, file: Path) -> None:
    admin, text = person("admin"), file.read_text("utf-8")
    draft = bring_in(admin, file.name, text)
    name = admin.page.locator("table a[href*='/edit/']").inner_text()
    page = edit(admin, draft, name)
    drawn = do(page, LAID_OUT)
    assert isinstance(drawn, list)
    steps = re.findall(r'<(?:\w+(?:Event|Task|Gateway)|subProcess|transaction) [^>]*?id="(\w+)"', text)
    assert set(steps) <= set(drawn)
    assert len([one for one in drawn if one.startswith("Flow_")]) == text.count("<sequenceFlow")
    assert page.evaluate("[...untranslated]") == []


def test_what_cannot_be_laid_out_stays_a_text_and_says_so(person: People) -> None:
    admin = person("admin")
    process, _, _ = FOREIGN.partition("<di:BPMNDiagram")
    two = '<participant id="one" processRef="elsewhere"/><participant id="other" processRef="there"/>'
    there = '<process id="there"><startEvent id="s"/></process>'
    pools = f'{process}{there}<collaboration id="two">{two}</collaboration>'
    page = admin.page
    page.goto(f"{bring_in(admin, 'pools.bpmn', pools + '</definitions>')}/edit/elsewhere/pools.bpmn")
    expect(page.locator("[data-failed]")).to_contain_text("没有图形，这里也排不出来")
    admin.look()
    page.get_by_role("link", name="用文本编辑").click()
    expect(page.locator("[data-text]")).to_have_value(re.compile("Elsewhere"))


def test_a_broken_file_says_what_is_wrong_in_the_readers_language(person: People) -> None:
    admin = person("admin")
    draft = draft_of(admin, "decision", "land_road")
    broken = {
        "land-road.dmn": "<definitions><decision></definitions>",
        "new.form.json": '{"type": "default",',
        "new.bpmn": "<a>",
    }
    for file, text in broken.items():
        name = f"land/{file}"
        address = content_of(draft, name)
        number = admin.page.request.get(address).headers.get("etag", '"0"')
        put = "([to, body, headers]) => fetch(to, { method: 'PUT', body, headers }).then((answer) => answer.status)"
        token = admin.page.locator("[name=csrf_token], meta[name=csrf-token]").first
        given = token.get_attribute("value") or token.get_attribute("content")
        assert admin.page.evaluate(put, [address, text, {"If-Match": number, "X-CSRF-Token": given}]) < 300
        admin.page.goto(f"{draft}/edit/{name}")
        expect(admin.page.locator("[data-failed]")).to_be_visible()
        expect(admin.page.locator("[data-findings] .error").first).to_contain_text(re.compile("第 ?1 ?行"))
        shown = admin.page.locator("[data-failed]").inner_text() + admin.page.locator("[data-findings]").inner_text()
        assert not re.search(r"[a-z]{2,} [a-z]{2,}", shown), shown
        admin.look()
