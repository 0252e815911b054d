"""Bundles on the command line: anybody who has one can verify it, without a database."""

from pathlib import Path

import click

from api.cli.language import say
from engine import bundle
from engine.sentences import S_


class PublicKey(click.ParamType[str]):
    """A public key: its hex digits, or a file with them or with PEM."""

    name = "key"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The key as hex."""
        try:
            file = Path(value)
            return bundle.read_key(file.read_text() if file.is_file() else value)
        except (OSError, UnicodeDecodeError, bundle.KeyUnreadable):
            self.fail(say(S_(bundle.KeyUnreadable.message)), param, ctx)


@click.group("bundle")
def commands() -> None:
    """Files that were handed out, as signed bundles."""


@commands.command("verify")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--key", default=None, type=PublicKey(),
    help="The public key that the house publishes: its hex digits (/bundle-key), or a file with them or with PEM "
    "(/bundle-key.pem).",
)  # fmt: skip
def verify(file: Path, key: str | None) -> None:
    """Verify that FILE is as it was made: exit 0 if nothing was altered, added or taken away."""
    with file.open("rb") as content:
        verdict = bundle.verify(content, expected_key=key or "")
    for name, value in verdict.facts.items():
        click.echo(f"{name}: {value}")
    click.echo(f"signed with: {verdict.key or '-'}" + ("" if key else "  (compare it with the published key)"))
    for problem in verdict.problems:
        click.echo(f"NOT GOOD  {say(problem)}", err=True)
    if not verdict.ok:
        raise SystemExit(1)
    click.echo(f"good: {len(verdict.files)} files, none altered")


@commands.command("key")
@click.option("--pem", is_flag=True, help="As PEM, for openssl.")
def public_key(*, pem: bool) -> None:
    """Print the public key of this house."""
    click.echo(bundle.public_pem() if pem else bundle.public_key(), nl=not pem)
