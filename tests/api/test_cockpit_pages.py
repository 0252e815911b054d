"""The cockpit's pages: who may open them, what they show, and that a preview changes nothing and a change is told."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from engine import clock, db
from engine.cases.models import Case
from engine.workflow import instances, operations
from engine.workflow.models import Instance
from engine.workflow.operations import Operation
from tests.api.conftest import Browser
from tests.api.operating import deploy, new_key, start
from tests.api.steps import System, at_triage, do_all
from tests.api.test_rest_batches import version
from tests.engine.workflow.diagrams import END, START, TIMER, diagram, flow, service_task, timer, user_task

pytestmark = pytest.mark.usefixtures("library")

SignIn = Callable[[str], Browser]
EN = {"Accept-Language": "en"}
ADDRESSES = (
    "/cockpit", "/cockpit/instances", "/cockpit/incidents", "/cockpit/jobs", "/cockpit/timers", "/cockpit/messages",
    "/cockpit/batches", "/cockpit/batches/new?command=cancel",
)  # fmt: skip


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's last form, the confirmation of a preview."""
    form = page.rpartition("<form")[2]
    return {name: unescape(value) for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}


def act(admin: Browser, address: str, **typed: Any) -> Any:
    """Fill in the form of an act, look at its preview, confirm it."""
    preview = admin.send(address, {"version": version_on(admin, address), "reason": "a test", **typed})
    assert preview.status_code == 200, preview.text
    return admin.post(address, data={**hidden(preview.text), "step": "do"})


def version_on(admin: Browser, address: str) -> str:
    """The instance's version that a form holds."""
    found = re.search(r'name="version" value="(\d+)"', admin.get(address).text)
    assert found
    return found[1]


@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_are_for_administrators(signed_in: SignIn, address: str) -> None:
    assert signed_in("duty").get(address).status_code == 403
    assert signed_in("admin").get(address).status_code == 200


def test_a_versions_diagram_counts_tokens_at_each_step(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a", "b")
    made = [start(system("admin"), key)["id"] for _ in range(3)]
    admin = signed_in("admin")
    page = admin.get(f"/cockpit/processes/{key}").text
    assert re.search(r'data-element="a" data-state="active" data-count="3"', page)
    listed = admin.get(f"/cockpit/instances?process={key}&version=1&element=a").text
    assert all(one in listed for one in made)
    assert not any(one in admin.get(f"/cockpit/instances?process={key}&element=b").text for one in made)
    assert admin.get("/cockpit").text.count(f"/cockpit/processes/{key}?") == 1


def test_lists_go_on_where_the_page_before_ended(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = [start(system("admin"), key)["id"] for _ in range(27)]
    admin = signed_in("admin")
    first = admin.get(f"/cockpit/instances?process={key}", headers=EN).text
    assert "27 instances fit." in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = admin.get(unescape(following[1])).text
    shown = [one for page in (first, second) for one in re.findall(r'name="instance" value="([^"]+)"', page)]
    assert shown == made[::-1]


def test_a_preview_changes_nothing_and_confirming_it_does(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a", "b")
    made = start(system("admin"), key)
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}"
    preview = admin.send(f"{address}/cancel", {"version": version_on(admin, f"{address}/cancel"), "reason": "twice"})
    with db.transaction() as session:
        assert session.get_one(Instance, made["id"]).status == "active"
    done = admin.post(f"{address}/cancel", data={**hidden(preview.text), "step": "do"})
    assert done.status_code == 303
    page = admin.get(address, headers=EN).text
    assert "Reason: twice" in page
    with db.transaction() as session:
        assert session.get_one(Instance, made["id"]).status == "cancelled"


def test_no_act_without_a_reason_and_nothing_typed_is_lost(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a", "b")
    made = start(system("admin"), key)
    address = f"/cockpit/instances/{made['id']}/modify"
    token = made["tokens"][0]["token_id"]
    refused = signed_in("admin").send(address, {"version": "1", f"to-{token}": "b", "reason": " "}, to=address)
    assert refused.status_code == 422
    assert re.search(r'<option value="b" selected>', refused.text)


def test_a_change_in_between_is_told(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a", "b")
    made = start(system("admin"), key)
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}/cancel"
    preview = admin.send(address, {"version": version_on(admin, address), "reason": "twice"})
    other = f"/api/v1/instances/{made['id']}/variables"
    assert system("admin").post(other, json={"variables": {"x": 1}, "reason": "meanwhile"}).status_code == 200
    refused = admin.post(address, data={**hidden(preview.text), "step": "do"})
    assert refused.status_code == 412
    assert "twice" in refused.text


def test_a_broken_step_is_seen_mended_and_tried_again(
    signed_in: SignIn, system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = {"is": True}

    def operate(call: operations.Call) -> None:
        if broken["is"]:
            raise OSError("no paper in the printer")

    monkeypatch.setitem(operations.OPERATIONS, "test.print", Operation("test.print", "", "", {}, operate))
    key = new_key()
    body = START + service_task("act", "test.print") + user_task("after") + END
    deploy(diagram(body + flow("start", "act") + flow("act", "after") + flow("after", "end"), key=key))
    made = start(system("admin"), key)
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}"
    assert "no paper in the printer" in admin.get(address).text
    assert "no paper in the printer" in admin.get("/cockpit/incidents").text
    incident = made["incidents"][0]["id"]
    retry = f"{address}/retry?incident={incident}"
    preview = admin.send(
        retry, {"version": version_on(admin, retry), "reason": "try", "incident": incident}, to=f"{address}/retry"
    )
    assert "no paper in the printer" in preview.text, "the preview says that it would fail again"
    broken["is"] = False
    assert act(admin, f"{address}/retry?incident={incident}", incident=incident).status_code == 303
    assert 'data-element="after"' in admin.get(address).text


def test_tokens_are_moved(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a", "b")
    made = start(system("admin"), key)
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}"
    assert act(admin, f"{address}/modify", **{f"to-{made['tokens'][0]['token_id']}": "b"}).status_code == 303
    assert re.search(r'data-element="b" data-state="active"', admin.get(address).text)


def test_variables_are_set(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = start(system("admin"), key, risk="RED")
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}/variables"
    wrong = {"name": "risk", "was": '"RED"', "value": "RED!", "reason": "x", "version": version_on(admin, address)}
    refused = admin.send(address, wrong)
    assert (refused.status_code, "RED!" in refused.text) == (422, True)
    assert act(admin, address, name="risk", was='"RED"', value='"BLUE"').status_code == 303
    assert "&#34;BLUE&#34;" in admin.get(f"/cockpit/instances/{made['id']}").text


def test_a_timer_fires_early(signed_in: SignIn, system: System) -> None:
    key = new_key()
    deploy(TIMER.replace(b'id="p"', f'id="{key}"'.encode()))
    made = start(system("admin"), key)
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}"
    token = made["tokens"][0]["token_id"]
    assert act(admin, f"{address}/timer?token={token}", token=token, when="now").status_code == 303
    assert 'data-element="after"' in admin.get(address).text


def test_an_instance_shows_all_its_timers_and_not_only_the_next(signed_in: SignIn, system: System) -> None:
    key = new_key()
    body = START + user_task("a") + END + flow("start", "a") + flow("a", "end")
    for event, span in (("soon", "P1D"), ("later", "P3D")):
        inside = timer(span)
        body += (
            f'<bpmn:boundaryEvent id="{event}" attachedToRef="a" cancelActivity="false">{inside}</bpmn:boundaryEvent>'
        )
        body += flow(event, "end")
    deploy(diagram(body, key=key))
    address = f"/cockpit/instances/{start(system('admin'), key)['id']}"
    page = signed_in("admin").get(address).text
    assert page.count(f"{address}/timer?token=") == 2
    listed = signed_in("admin").get(f"/cockpit/timers?process={key}").text
    assert listed.count(f"{address}/timer?token=") == 2


def test_timers_are_listed_by_their_own_time_page_by_page(signed_in: SignIn, system: System) -> None:
    key, admin = new_key(), system("admin")
    body = START + user_task("a") + END + flow("start", "a") + flow("a", "end")
    for event in ("soon", "later"):
        inside = (
            f"<bpmn:timerEventDefinition><bpmn:timeDuration>={event}</bpmn:timeDuration></bpmn:timerEventDefinition>"
        )
        body += (
            f'<bpmn:boundaryEvent id="{event}" attachedToRef="a" cancelActivity="false">{inside}</bpmn:boundaryEvent>'
        )
        body += flow(event, "end")
    deploy(diagram(body, key=key))
    for soon, later in ((1, 9), (2, 3), (4, 5)):
        given = {"soon": f"P{soon}D", "later": f"P{later}D"}
        begun = admin.post("/api/v1/instances", json={"process": key, "variables": given})
        assert begun.status_code == 201
    seen, more = [], "?"
    while more:
        told = admin.get(f"/api/v1/timers?process={key}&limit=2{more.removeprefix('?')}").json
        seen += [one["timer"]["due"] for one in told["items"]]
        more = f"&cursor={told['next']}" if told["next"] else ""
    assert seen == sorted(seen)
    assert len(seen) == 6
    page = signed_in("admin").get(f"/cockpit/timers?process={key}&limit=4").text
    assert page.count("/timer?token=") in (4, 6)


def test_an_instance_is_found_by_its_case_or_the_beginning_of_its_id(
    signed_in: SignIn, system: System, report: Callable[..., dict[str, Any]]
) -> None:
    told = report()
    admin, rest = signed_in("admin"), system("admin")
    [by_number] = rest.get(f"/api/v1/instances/search?find={told['number'].lower()}").json["items"]
    [by_id] = rest.get(f"/api/v1/instances/search?find={by_number['id']}").json["items"]
    assert by_id["id"] == by_number["id"]
    assert f"/cockpit/instances/{by_number['id']}" in admin.get(f"/cockpit/instances?find={told['number']}").text
    page = admin.get("/cockpit/instances?find=ZP-1999-000001").text
    assert "/cockpit/instances/0" not in page
    assert 'name="command"' not in page, "nothing is done to all where somebody looked for one"


def test_an_instance_is_migrated_with_a_mapping(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = start(system("admin"), key)
    target = version(key, "b")
    admin, address = signed_in("admin"), f"/cockpit/instances/{made['id']}"
    refused = admin.send(f"{address}/migrate", {"definition": target, "reason": "law", "map-a": ""})
    assert refused.status_code == 422
    assert act(admin, f"{address}/migrate", definition=target, **{"map-a": "b"}).status_code == 303
    assert 'data-element="b"' in admin.get(address).text


def test_many_are_suspended_exactly_as_listed(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = [start(system("admin"), key)["id"] for _ in range(3)]
    admin = signed_in("admin")
    ticked = {"command": "suspend", "process": key, "instance": made[:2], "reason": "flood"}
    listed = admin.send(f"/cockpit/batches/new?command=suspend&process={key}", ticked, to="/cockpit/batches/new")
    assert listed.status_code == 303
    address = listed.headers["Location"]
    page = admin.get(address).text
    assert [one in page for one in made] == [True, True, False]
    number = re.search(r'name="version" value="(\d+)"', page)
    assert number
    assert admin.send(address, {"version": number[1]}, to=f"{address}/start").status_code == 303
    do_all()
    found = {}
    with db.transaction() as session:
        found = {one: session.get_one(Instance, one).status for one in made}
    assert list(found.values()) == ["suspended", "suspended", "active"]
    assert "data-poll" not in admin.get(address).text


def test_what_rests_can_be_cancelled_from_its_page(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    made = start(system("admin"), key)["id"]
    admin, address = signed_in("admin"), f"/cockpit/instances/{made}"
    assert act(admin, f"{address}/suspend").status_code == 303
    assert f"{address}/cancel" in admin.get(address).text
    assert act(admin, f"{address}/cancel").status_code == 303
    answer = system("admin").get(f"/api/v1/instances/{made}").get_json()
    assert answer["status"] == "cancelled"


def test_a_sealed_case_shows_nothing_but_its_state(
    signed_in: SignIn, system: System, report: Callable[..., dict[str, Any]]
) -> None:
    _, task, case_id = at_triage(system, report)
    with db.transaction() as session:
        session.get_one(Case, case_id).sealed = True
    admin = signed_in("admin")
    page = admin.get(f"/cockpit/instances/{task['instance_id']}", headers=EN).text
    assert "sealed" in page
    assert "variables-title" not in page
    assert "history-title" not in page
    assert "ZP-" not in page
    with db.transaction() as session:
        number = session.get_one(Case, case_id).number
    assert "/cockpit/instances/" not in admin.get(f"/cockpit/instances?find={number}").text, "its number finds nothing"


def test_days_at_the_calendars_ends_are_days(signed_in: SignIn, system: System) -> None:
    key = new_key()
    version(key, "a")
    start(system("admin"), key)
    admin = signed_in("admin")
    for day in ("9999-12-31", "0001-01-01"):
        for address in (f"instances?process={key}&", f"processes/{key}/insight?", f"processes/{key}/log.csv?"):
            assert admin.get(f"/cockpit/{address}until={day}").status_code == 200, (address, day)

    asked = admin.send(f"/studio/what-if/{key}", {"most": "-5"})
    assert asked.status_code == 303


def test_a_gateway_says_which_condition_decided(signed_in: SignIn, system: System) -> None:
    key = new_key()
    body = START + '<bpmn:exclusiveGateway id="which" default="which_b"/>' + user_task("a") + user_task("b") + END
    flows = flow("start", "which") + flow("which", "a", "=amount &gt; 5") + flow("which", "b") + flow("a", "end")
    deploy(diagram(body + flows + flow("b", "end"), key=key))
    made = start(system("admin"), key, amount=7)
    page = signed_in("admin").get(f"/cockpit/instances/{made['id']}").text
    assert "<code>amount &gt; 5</code>" in page
    states = re.findall(r'data-element="(\w+)" data-state="(\w+)"', page)
    assert states == [("a", "active"), ("start", "done"), ("which", "done")]


def test_instances_are_chosen_by_when_they_began(signed_in: SignIn, system: System) -> None:
    admin, key = system("admin"), new_key()
    version(key, "a")
    with clock.virtual(clock.now() - timedelta(days=30)), db.transaction() as session:
        old = str(instances.start(session, key, {}, actor=None).id)
    new = start(admin, key)["id"]
    day = (clock.today() - timedelta(days=30)).isoformat()
    found = admin.get(f"/api/v1/instances/search?process={key}&until={day}").get_json()["items"]
    assert [one["id"] for one in found] == [old]
    page = signed_in("admin").get(f"/cockpit/instances?process={key}&until={day}").text
    assert old in page
    assert new not in page
    form = signed_in("admin").get(f"/cockpit/batches/new?command=suspend&process={key}&until={day}").text
    assert f'name="until" value="{day}"' in form
    typed = {"command": "suspend", "process": key, "until": day, "reason": "old"}
    bulk = f"/cockpit/batches/new?command=suspend&process={key}"
    made = signed_in("admin").send(bulk, typed, to="/cockpit/batches/new").headers["Location"]
    listed = admin.get(f"/api/v1/batches/{made.rpartition('/')[2]}/items").get_json()["items"]
    assert [one["instance_id"] for one in listed] == [old]
    asked = {"command": "suspend", "process": key, "until": day, "reason": "old"}
    assert admin.post("/api/v1/batches", json=asked).get_json()["counts"] == {"todo": 1}
