"""The command line: `hejie`. Each command is one transaction, or starts a server; none decides anything itself."""

from api.cli.main import main

__all__ = ["main"]
