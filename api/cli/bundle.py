"""Bundles on the command line: anybody who has one can verify it, without a database."""

from pathlib import Path

import click

from engine import bundle


@click.group("bundle")
def commands() -> None:
    """Files that were handed out, as signed bundles."""


@commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", default="", help="The public key that the house publishes (hex, at /bundle-key).")
def verify(file: Path, key: str) -> None:
    """Verify that FILE is as it was made: exit 0 if nothing was altered, added or taken away."""
    with file.open("rb") as content:
        verdict = bundle.verify(content, expected_key=key)
    for name, value in verdict.facts.items():
        click.echo(f"{name}: {value}")
    click.echo(f"signed with: {verdict.key or '-'}" + ("" if key else "  (compare it with the published key)"))
    for problem in verdict.problems:
        click.echo(f"NOT GOOD  {problem}", err=True)
    if not verdict.ok:
        raise SystemExit(1)
    click.echo(f"good: {len(verdict.files)} files, none altered")


@commands.command("key")
def public_key() -> None:
    """Print the public key of this house."""
    click.echo(bundle.public_key())
