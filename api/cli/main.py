"""The commands of `hejie`, by subject. What is refused is said in a sentence, never as a traceback."""

import json
import sys
import unicodedata
from datetime import datetime
from typing import Any, NoReturn

import click
from psycopg.errors import UndefinedColumn, UndefinedTable
from sqlalchemy.exc import OperationalError, ProgrammingError

from api.cli import bundle, decisions, files, history, house, people, places, scenario
from api.cli.language import say
from engine.errors import N_, DomainError
from engine.sentences import S_

UNREACHABLE = N_("The database does not answer. See that it runs, and that HEJIE_DATABASE_URL names it.")
BEHIND = N_("The database does not have the tables of this version. Run `hejie db upgrade` first.")


class Commands(click.Group):
    """A group whose errors are sentences: exit 1 for what was refused, 2 for a wrong call."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DomainError as error:
            _fail(f"{say(S_(error.message))} {say(error.sentence) if error.detail else ''}".strip())
        except OperationalError as error:
            _fail(f"{say(S_(UNREACHABLE))}\n{str(error.orig).strip()}")
        except ProgrammingError as error:
            if not isinstance(error.orig, UndefinedTable | UndefinedColumn):
                raise
            _fail(say(S_(BEHIND)))
        except BrokenPipeError:  # the reader of our output has gone
            sys.exit(0)


def _fail(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(1)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="hejie")
def main() -> None:
    """Hejie 和解: a county settles its disputes, petitions and hazards as BPMN processes."""


main.add_command(house.run)
main.add_command(house.serve)
main.add_command(house.worker)
main.add_command(house.database)
main.add_command(house.demo)
main.add_command(files.check)
main.add_command(files.deploy)
main.add_command(scenario.scenario)
main.add_command(decisions.dmn_command)
main.add_command(history.history)
main.add_command(places.places)
main.add_command(people.people)
main.add_command(bundle.commands)


@main.command("feel")
@click.argument("expression")
@click.option("--context", default="{}", help="The variables, as a JSON object.")
def feel_command(expression: str, context: str) -> None:
    """Evaluate one FEEL expression and print its value as JSON; why something is null goes to stderr."""
    from engine import feel

    runtime = feel.Runtime(now=_now)
    try:
        value = feel.json_text(feel.evaluate(expression, _context(context), runtime=runtime))
    except feel.FeelSyntaxError as error:
        _fail(_pointed(expression, error.line, error.column, say(error.args[0])))
    except feel.FeelError as error:
        _fail(say(error.args[0]))
    finally:
        for warning in runtime.take_warnings():
            click.echo(_pointed(expression, warning.line, warning.column, say(warning.message)), err=True)
    click.echo(value)


def _pointed(source: str, line: int, column: int, sentence: str) -> str:
    """A sentence under the line that it is about, with a mark at the column."""
    if line < 1:
        return sentence
    text = source.splitlines()[line - 1] if line <= len(source.splitlines()) else ""
    wide = sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text[: column - 1])
    return f"{text}\n{' ' * wide}^\n{sentence}"


def _now() -> datetime:
    from engine import clock

    return clock.now().astimezone(clock.ZONE)


def _context(text: str) -> dict[str, Any]:
    from engine import feel
    from engine.feel import numbers

    try:
        given = json.loads(text, parse_float=numbers.literal, parse_constant=numbers.literal)
    except ValueError as error:
        raise click.BadParameter(f"not JSON: {error}", param_hint="--context") from None
    except ArithmeticError:
        raise click.BadParameter("a number is larger than FEEL has them", param_hint="--context") from None
    if not isinstance(given, dict):
        raise click.BadParameter('a JSON object is needed, such as {"risk": "RED"}', param_hint="--context")
    context: dict[str, Any] = feel.from_json(given)
    return context
