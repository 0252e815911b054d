"""`hejie people`: the first administrator of a county, who opens the accounts of all others on a page, and a way in
for the one whom nobody else can give a new password."""

import sys
from collections.abc import Callable

import click
from sqlalchemy.orm import Session

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
    given = {"login": login, "name": name, "role": role, "division": division}
    _tell(lambda session: accounts.open_account(session, None, given)[1])


@people.command("password")
@click.argument("login")
def password(login: str) -> None:
    """Give LOGIN a new password and print it; it takes the second factor off and ends every session."""
    _tell(lambda session: accounts.rescue(session, login))


def _tell(change: Callable[[Session], str]) -> None:
    """Print the password that a change has made, or why it was refused."""
    try:
        with db.transaction() as session:
            made = change(session)
    except DomainError as error:
        for sentence in (error.sentence, *(one.sentence for one in error.fields)):
            click.echo(say(sentence), err=True)
        sys.exit(1)
    click.echo(made)
