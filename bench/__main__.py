"""`python -m bench [--full] [NAME…]`: runs the named benchmarks, or all; a table, and bench/results.json.

`--full` takes the sizes that the bounds are about; without it the heavy ones are smaller.
"""

import importlib
import inspect
import json
import sys
from dataclasses import asdict
from pathlib import Path

from bench.measure import Figure

ALL = ("feel", "dmn", "engine", "rest", "polling", "lists", "timers", "cockpit", "boards", "editor")


def main(names: list[str], *, full: bool) -> None:
    """Run benchmarks by name and print what they found."""
    results: dict[str, list[Figure]] = {}
    for name in names or ALL:
        run = importlib.import_module(f"bench.{name}").run
        results[name] = run(full=full) if "full" in inspect.signature(run).parameters else run()
        print(f"\n{name}")
        for found in results[name]:
            print(_line(found))
    written = {name: [{**asdict(one), "verdict": one.verdict} for one in figures] for name, figures in results.items()}
    Path(__file__).with_name("results.json").write_text(json.dumps(written, indent=1) + "\n")


def _line(found: Figure) -> str:
    spread = f"{found.low:,.2f} … {found.high:,.2f}"
    sign = "≤" if found.at_most else "≥"
    bounds = " ".join(
        f"{word} {sign} {bound:g}" for word, bound in (("must", found.must), ("aim", found.aim)) if bound is not None
    )
    return (
        f"  {found.subject:<62} {found.median:>12,.2f} {found.unit:<10} {spread:<24} {bounds:<24} "
        f"{found.verdict:<12} {found.note}"
    ).rstrip()


main([one for one in sys.argv[1:] if one != "--full"], full="--full" in sys.argv)
