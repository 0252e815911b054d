"""`hejie history verify` and `heads`: is the record of what happened whole?"""

import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import click

from engine import chains, db


@click.group()
def history() -> None:
    """The record of what happened: append-only, each event holding the hash of the one before."""


@history.command()
@click.option("--case", "stream", type=click.UUID, help="Only one case (or an instance that belongs to none), by id.")
@click.option(
    "--heads", "kept", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with heads that were kept elsewhere: what was cut off together with its head shows in no other way.",
)  # fmt: skip
def verify(stream: UUID | None, kept: Path | None) -> None:
    """Recompute the chains of all cases and name the first link of each that does not fit; exit 1 if there is one."""
    streams = events = broken = 0
    with db.transaction() as session:
        for _, fitting, found in chains.verify(session, stream):
            streams, events = streams + 1, events + fitting
            if found is not None:
                broken += 1
                what = f"event {found.position} ({found.kind}) does not fit" if found.kind else "the end is missing"
                click.echo(f"BROKEN  {found.stream}  after {fitting} good events: {what}")
        for lost in chains.compare(session, _read(kept)) if kept is not None else ():
            if stream in (None, lost.stream):
                broken += 1
                click.echo(f"BROKEN  {lost.stream}  event {lost.position} is not the one whose head was kept")
    if stream is not None and not streams:
        raise click.ClickException(f"There is no history of {stream}.")
    click.echo(f"{streams} chains, {events} events recomputed, {broken} broken.")
    sys.exit(1 if broken else 0)


@history.command()
def heads() -> None:
    """Print the head of each chain, a line each: keep them in another house, and compare later (verify --heads)."""
    with db.transaction() as session:
        for stream, length, head in chains.heads(session):
            click.echo(f"{stream} {length} {head.hex()}")


def _read(kept: Path) -> Iterator[tuple[UUID, int, bytes]]:
    for number, line in enumerate(kept.read_text().splitlines(), start=1):
        try:
            stream, length, head = line.split()
            yield UUID(stream), int(length), bytes.fromhex(head)
        except ValueError:
            text = f"{kept}, line {number}: this is no head as `hejie history heads` prints them."
            raise click.ClickException(text) from None
