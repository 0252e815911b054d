"""Commands on diagrams, tables and forms: check, deploy."""

import sys
from pathlib import Path

import click

from api.cli import decisions
from api.cli.language import say
from engine import casework, db
from engine.sentences import S_
from engine.workflow import definitions
from engine.workflow.bpmn import Finding
from engine.workflow.definitions import File
from engine.workflow.errors import DeploymentRefused

VERDICTS = {
    "sound": S_("%(file)s: process %(process)s is sound."),
    "unsound": S_("%(file)s: process %(process)s is unsound."),
    "undecided": S_("%(file)s: process %(process)s is undecided."),
}
KEPT = S_("%(file)s: this house has a version of its own, which stays; compare it in the studio with this release's.")
FILES = click.argument(
    "paths", metavar="FILE…", nargs=-1, required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)  # fmt: skip


@click.command()
@FILES
def check(paths: tuple[Path, ...]) -> None:
    """Read diagrams, tables and forms, and say what would be refused or surprise; exit 1 where one is refused."""
    beside = [content for path in paths if path.suffix == ".dmn" for content in decisions.beside(path).values()]
    files = [File(str(path), path.read_bytes()) for path in paths]
    findings = casework.check(files, beside=beside)
    _print(findings)
    for file, key, verdict in definitions.verdicts(files):
        click.echo(say(VERDICTS[verdict].filled({"file": file, "process": key})))
    refused = {finding.file for finding in findings if finding.severity == "error"}
    counts = {"files": len(paths), "findings": len(findings), "refused": len(refused)}
    click.echo(say(S_("%(files)s files, %(findings)s findings, %(refused)s files would be refused.", **counts)))
    sys.exit(1 if refused else 0)


@click.command()
@click.argument("paths", metavar="FILE…", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--library",
    is_flag=True,
    help="What comes with this release and is not there yet or came with an earlier one; deadlines too.",
)
@click.option("--note", default="", help="Why, for those who look at it later.")
def deploy(paths: tuple[Path, ...], library: bool, note: str) -> None:
    """Deploy diagrams, tables and forms as one deployment; all of them or none."""
    if library == bool(paths):
        raise click.UsageError("Name the files, or say --library for those that come with the product.")
    try:
        with db.transaction() as session:
            files = [File(path.name, path.read_bytes()) for path in paths]
            deployed = casework.load_library(session) if library else casework.deploy(session, None, files, note=note)
            for one in deployed:
                click.echo(f"{one.kind} {one.key} version {one.version}")
            for name in casework.own_versions(session) if library else ():
                click.echo(say(KEPT.filled({"file": name})))
    except DeploymentRefused as refused:
        _print(refused.findings)
        raise


def _print(findings: list[Finding] | tuple[Finding, ...]) -> None:
    for found in findings:
        place = ":".join(str(part) for part in (found.file, found.line, found.element_id) if part)
        click.echo(f"{place}: {found.severity} [{found.rule}] {say(found.message)} {say(found.hint)}".rstrip())
