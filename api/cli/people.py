"""`hejie people add`: the first administrator of a county, who opens the accounts of all others on a page."""

import sys

import click

from api.cli.language import say
from engine import db
from engine.casework import accounts
from engine.errors import DomainError
from engine.people.roles import ROLES


@click.group()
def people() -> None:
    """Who works here."""


@people.command("add")
@click.argument("login")
@click.argument("name")
@click.option("--role", type=click.Choice(list(ROLES)), default="admin", show_default=True, help="The first role.")
@click.option("--division", required=True, help="The code of the division in which it counts, and in all below.")
def add(login: str, name: str, role: str, division: str) -> None:
    """Open an account for LOGIN, a person called NAME, and print its password, which is kept nowhere."""
    try:
        with db.transaction() as session:
            given = {"login": login, "name": name, "role": role, "division": division}
            _, password = accounts.open_account(session, None, given)
    except DomainError as error:
        for sentence in (error.sentence, *(one.sentence for one in error.fields)):
            click.echo(say(sentence), err=True)
        sys.exit(1)
    click.echo(password)
