"""`hejie history verify`: is the record of what happened whole?"""

import sys
from uuid import UUID

import click

from engine import chains, db


@click.group()
def history() -> None:
    """The record of what happened: append-only, each event holding the hash of the one before."""


@history.command()
@click.option("--case", "stream", type=click.UUID, help="Only one case (or an instance that belongs to none), by id.")
def verify(stream: UUID | None) -> None:
    """Recompute the chains of all cases and name the first link of each that does not fit; exit 1 if there is one."""
    streams = events = broken = 0
    with db.transaction() as session:
        for _, fitting, found in chains.verify(session, stream):
            streams, events = streams + 1, events + fitting
            if found is not None:
                broken += 1
                what = f"event {found.position} ({found.kind}) does not fit" if found.kind else "the end is missing"
                click.echo(f"BROKEN  {found.stream}  after {fitting} good events: {what}")
    if stream is not None and not streams:
        raise click.ClickException(f"There is no history of {stream}.")
    click.echo(f"{streams} chains, {events} events recomputed, {broken} broken.")
    sys.exit(1 if broken else 0)
