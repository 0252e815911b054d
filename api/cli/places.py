"""`hejie places`: which towns, villages and grids there are, and where they lie, from CSV files."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.cli.language import say
from engine import casework, db
from engine.errors import DomainError
from engine.territory import divisions, positions


@click.group()
def places() -> None:
    """Which towns, villages and grids there are, and where they lie."""


@places.command("add")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def add(file: Path) -> None:
    """Add divisions from FILE, a CSV (UTF-8) with the columns code, name, name_en, kind (county, town, village,
    community, grid) and parent (a code); boundary (in words), last_day and successor (a code) may follow. Those that
    are known are renamed, bounded or ended. All or none."""
    with _said(file), db.transaction() as session:
        added, renamed = casework.places.add(session, None, divisions.read_csv(file.read_text(encoding="utf-8")))
    click.echo(f"{added} divisions added, {renamed} renamed.")


@places.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_positions(file: Path) -> None:
    """Set positions from FILE, a CSV (UTF-8) with the columns code, latitude, longitude, source; all or none."""
    with _said(file), db.transaction() as session:
        changed = casework.places.put(session, None, positions.read_csv(file.read_text(encoding="utf-8")))
    click.echo(f"{changed} positions changed.")


@contextmanager
def _said(file: Path) -> Iterator[None]:
    """Say in sentences why a file is refused, and end."""
    try:
        yield
    except UnicodeDecodeError:
        raise click.ClickException(f"{file}: this is no UTF-8 text. Save it as UTF-8 and try again.") from None
    except DomainError as error:
        for sentence in (error.sentence, *(one.sentence for one in error.fields)):
            click.echo(say(sentence), err=True)
        sys.exit(1)
