"""`hejie dmn`: ask one decision of a file, and have it explained."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from api.cli.language import say
from engine import dmn, feel
from engine.feel import numbers


@click.command("dmn")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--decision", required=True, help="The name or id of the decision (or decision service).")
@click.option("--context", default="{}", help="The input data, as a JSON object.")
@click.option("--explain", is_flag=True, help="Show the rules that held and the values on the way, too.")
def dmn_command(file: Path, decision: str, context: str, explain: bool) -> None:
    """Evaluate one decision of a DMN file and print its value as JSON.

    Models that it imports are looked for in the same folder. Why something is null is said on the error stream.
    """
    try:
        model = dmn.parse(file.read_bytes(), imports=beside(file))
        result = model.decide(decision, _context(context))
        written = feel.json_text(result.value)
    except (dmn.DmnError, feel.FeelError) as error:
        click.echo(f"{file}: {say(error.args[0])}", err=True)
        sys.exit(1)
    click.echo(written)
    for found in model.findings:
        if found.severity == "error":
            place = ":".join(str(part) for part in (file, found.line, found.element_id) if part)
            click.echo(f"{place}: {say(found.message)} {say(found.hint)}".rstrip(), err=True)
    for warning in result.warnings:
        place = f"{warning.element_id}: " if warning.element_id else ""
        click.echo(f"{place}{say(warning.message)}", err=True)
    if explain:
        _explain(result)


def beside(file: Path) -> dict[str, bytes]:
    """The decision models in a file's folder, by namespace."""
    found: dict[str, bytes] = {}
    for path in sorted(file.resolve().parent.glob("*.dmn")):
        try:
            content = path.read_bytes()
            found.setdefault(dmn.namespace_of(content), content)
        except (dmn.DmnError, OSError):
            continue
    return found


def _explain(result: dmn.DecisionResult) -> None:
    for fired in result.fired:
        click.echo(f"rule {fired.position} of {fired.table} holds ({fired.rule})")
    for name, value in result.values.items():
        try:
            written = feel.json_text(value)
        except feel.FeelError:
            written = "a function"
        click.echo(f"{name} = {written}")


def _context(text: str) -> dict[str, Any]:
    try:
        given = json.loads(text, parse_float=numbers.literal, parse_constant=numbers.literal)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--context") from None
    except ArithmeticError:
        raise click.BadParameter("a number is larger than FEEL has them", param_hint="--context") from None
    if not isinstance(given, dict):
        raise click.BadParameter('a JSON object is needed, such as {"risk": "RED"}', param_hint="--context")
    return given
