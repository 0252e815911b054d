"""`hejie places import`: where towns and villages lie, from a CSV file."""

import sys
from pathlib import Path

import click

from api.cli.language import say
from engine import casework, db
from engine.errors import DomainError
from engine.territory import positions


@click.group()
def places() -> None:
    """Where towns and villages lie."""


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_positions(file: Path) -> None:
    """Set positions from FILE, a CSV (UTF-8) with the columns code, latitude, longitude, source; all or none."""
    try:
        with db.transaction() as session:
            given = positions.read_csv(file.read_text(encoding="utf-8"))
            changed = casework.places.put(session, None, given)
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: this is no UTF-8 text. Save it as UTF-8 and try again.") from None
    except DomainError as error:
        for sentence in (error.sentence, *(one.sentence for one in error.fields)):
            click.echo(say(sentence), err=True)
        sys.exit(1)
    click.echo(f"{changed} positions changed.")
