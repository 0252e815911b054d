"""`python -m bench [NAME…]`: runs the named benchmarks, or all; prints a table and writes bench/results.json."""

import importlib
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.measure import Figure

ALL = ("feel", "dmn", "engine", "rest")


def main(names: list[str]) -> None:
    """Run benchmarks by name and print what they found."""
    results: dict[str, list[Figure]] = {}
    for name in names or ALL:
        results[name] = importlib.import_module(f"bench.{name}").run()
        print(f"\n{name}")
        for found in results[name]:
            spread = f"{found.low:,.2f} … {found.high:,.2f}"
            print(f"  {found.subject:<58} {found.median:>12,.2f} {found.unit:<14} {spread:<26} {found.note}")
    written = {name: [asdict(found) for found in figures] for name, figures in results.items()}
    Path(__file__).with_name("results.json").write_text(json.dumps(written, indent=1) + "\n")


main(sys.argv[1:])
