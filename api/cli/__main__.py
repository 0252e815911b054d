"""`python -m api.cli` is `hejie`."""

from api.cli.main import main

main()
