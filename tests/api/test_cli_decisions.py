"""`hejie dmn` and `hejie check` on decision models."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from tests.engine.dmn.models import data, decision, knowledge, literal, table, xml

OTHER = "https://hejie.example/other"
IMPORT = f'<import name="o" namespace="{OTHER}" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>'
AGES = table(["age"], [["< 18", '"child"'], [">= 18", '"adult"']])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "ages.dmn"
    path.write_bytes(
        xml(
            data("age", "number"),
            data("day", "date"),
            decision("Group", AGES, needs=["!age"]),
            decision("Due", literal('day + duration("P1M")'), needs=["!day"]),
        )
    )
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


def test_value_is_printed_as_json(file: Path) -> None:
    result = run("dmn", file, "--decision", "Group", "--context", '{"age": 30}')
    assert (result.exit_code, json.loads(result.stdout)) == (0, "adult")


def test_dates_come_and_go_as_iso_text(file: Path) -> None:
    result = run("dmn", file, "--decision", "Due", "--context", '{"day": "2026-01-31"}')
    assert json.loads(result.stdout) == "2026-02-28"


def test_explanation_shows_rules_and_values(file: Path) -> None:
    result = run("dmn", file, "--decision", "Group", "--context", '{"age": 30}', "--explain")
    assert result.stdout.splitlines() == ['"adult"', "rule 2 of t holds (r2)", 'Group = "adult"']


def test_reason_of_a_null_goes_to_the_error_stream(file: Path) -> None:
    result = run("dmn", file, "--decision", "Group", "--context", '{"age": "old"}')
    assert (result.exit_code, result.stdout) == (0, "null\n")
    assert result.stderr == 'age: "old" (string) is not of type number, so it counts as null.\n'


def test_wrong_name_is_answered_with_those_that_exist(file: Path) -> None:
    result = run("dmn", file, "--decision", "Nothing")
    assert result.exit_code == 1
    assert "There are: Group, Due." in result.stderr


@pytest.mark.parametrize("context", ["[1]", "{", "7"])
def test_context_that_is_no_object_is_refused(file: Path, context: str) -> None:
    assert run("dmn", file, "--decision", "Group", "--context", context).exit_code == 2


def test_imported_models_are_found_in_the_same_folder(tmp_path: Path) -> None:
    (tmp_path / "other.dmn").write_bytes(xml(knowledge("double", {"n": None}, literal("n * 2")), namespace=OTHER))
    own = tmp_path / "own.dmn"
    own.write_bytes(xml(IMPORT, decision("d", literal("o.double(4)"), knows=[f"{OTHER}#double"])))
    assert run("dmn", own, "--decision", "d").stdout == "8\n"
    assert run("check", own).exit_code == 0


def test_check_tells_a_gap_with_an_example(tmp_path: Path) -> None:
    path = tmp_path / "gap.dmn"
    path.write_bytes(xml(data("age"), decision("d", table(["age"], [["< 18", "1"], ["> 18", "2"]]), needs=["!age"])))
    result = run("check", path)
    assert result.exit_code == 0
    assert "No rule holds for age 18. Add a rule" in result.stdout
    assert 'Example: {"age": 18}.' in result.stdout


def test_check_speaks_the_language_of_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "gap.dmn"
    path.write_bytes(xml(data("age"), decision("d", table(["age"], [["< 18", "1"], ["> 18", "2"]]), needs=["!age"])))
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    told = run("check", path).stdout
    assert "age 18 没有规则适用。 请添加一条规则或默认输出，或者限定输入的取值。" in told
    assert told.endswith("共 1 个文件，1 条检查结果，0 个文件会被拒绝。\n")
