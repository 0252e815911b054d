"""`hejie scenario run` where nothing was ever started, and what it says of a step that fails."""

import os
from pathlib import Path

from click.testing import CliRunner

from api.cli import main
from tests.databases import empty_database, using
from tests.engine.workflow.diagrams import START, diagram, flow, user_task

SCENARIOS = """
scenarios:
  - name: somebody does it
    steps:
      - start: {process: p, as: one}
      - complete: {task: do}
      - expect: {ended: [one]}
  - name: something else is expected
    steps:
      - start: {process: p, as: one}
      - expect: {tasks: [other]}
"""


def test_scenarios_are_played_on_a_database_that_holds_nothing(database: str, tmp_path: Path) -> None:
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "one.yaml").write_text(SCENARIOS)
    (tmp_path / "p.bpmn").write_bytes(diagram(START + user_task("do") + flow("start", "do")))
    with empty_database(f"scenario_{os.getpid()}") as url, using(url):
        played = CliRunner().invoke(main, ["scenario", "run", str(tmp_path)])
    assert played.exit_code == 1, played.output
    assert (
        "something else is expected · step 2: expect: {tasks: [other]}: expected open tasks ['other'], found ['do']"
        in (played.output)
    )
    assert played.output.endswith("p: 1 of 1 flows walked\n1 passed, 1 failed\n")
