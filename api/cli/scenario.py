"""`hejie scenario run`: play scenario files."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

import click

from api.cli.language import say
from engine import casework, db, health
from engine.migrations import upgrade
from engine.workflow.scenarios import Outcome, coverage


@click.group()
def scenario() -> None:
    """Scenarios: executable specifications of processes."""


@scenario.command("run")
@click.argument("paths", metavar="PATH…", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of a line a scenario.")
def run(paths: tuple[Path, ...], as_json: bool) -> None:
    """Play scenario files (or all below a folder) on the real engine; nothing stays. Exit 0 only if all pass."""
    outcomes: list[Outcome] = []
    with db.transaction() as session:
        fresh = not health.has_schema(session)
    if fresh:  # nothing was ever started here: the stage needs functions of the house
        upgrade(db.database_url())
    with casework.stage(db.engine()) as play:
        for file in _files(paths):
            for outcome in play(file):
                outcomes.append(outcome)
                if not as_json:
                    _print(outcome)
    if as_json:
        click.echo(json.dumps([_as_dict(outcome) for outcome in outcomes], ensure_ascii=False))
    else:
        _print_coverage(outcomes)
        failed = sum(not outcome.passed for outcome in outcomes)
        click.echo(f"{len(outcomes) - failed} passed, {failed} failed")
    sys.exit(0 if outcomes and all(outcome.passed for outcome in outcomes) else 1)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            below = sorted(path.rglob("*.y*ml"))
            yield from [found for found in below if found.parent.name == "scenarios"] or below
        else:
            yield path


def _print(outcome: Outcome) -> None:
    if outcome.passed:
        click.echo(f"ok    {outcome.file} · {outcome.scenario}")
    else:
        step = f" · step {outcome.step}" if outcome.step else ""
        click.echo(f"FAIL  {outcome.file} · {outcome.scenario}{step}: {say(outcome.problem or '')}")


def _print_coverage(outcomes: Iterable[Outcome]) -> None:
    for found in coverage(outcomes):
        missed = f"; not: {', '.join(found.missed)}" if found.missed else ""
        click.echo(f"{found.process}: {found.walked} of {found.flows} flows walked{missed}")


def _as_dict(outcome: Outcome) -> dict[str, object]:
    sets = {"walked": outcome.walked, "flows": outcome.flows}
    return {**asdict(outcome), **{name: _sorted(flows) for name, flows in sets.items()}}


def _sorted(flows: Mapping[str, frozenset[str]]) -> dict[str, list[str]]:
    return {key: sorted(found) for key, found in flows.items()}
